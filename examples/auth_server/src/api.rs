//! The API behind the auth server, in place of yours: each handler says in its signature whom it serves.

use std::collections::HashMap;

use axum::{Json, extract::State};
use axum_extra::TypedHeader;
use intercom_identity::{Identity, verify::Admission};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::{
    Server,
    access::{AccessToken, Admitted, Proved},
};

/// By kind and text. The text alone does not say who it is: the `user_id` of one user can be the email of another.
pub(crate) type Conversations = Mutex<HashMap<(&'static str, String), Vec<String>>>;

/// Private: it adds to the user's own conversation.
pub(crate) async fn converse(State(server): Server, Proved(user): Proved, text: String) -> Json<Vec<String>> {
    let owner = (user.identity().kind(), user.identifier().to_owned());
    let mut conversations = server.conversations.lock().await;
    let conversation = conversations.entry(owner).or_default();
    conversation.push(text);
    Json(conversation.clone())
}

/// For everybody, and more for a user who is proved.
pub(crate) async fn greet(user: Option<Proved>) -> String {
    user.map_or_else(|| "Hello".to_owned(), |Proved(user)| format!("Hello, {}", user.identifier()))
}

/// What must go on as before during the rollout: it takes the word of a client that sends no proof yet, and says so.
pub(crate) async fn take_feedback(Admitted(admission): Admitted, _text: String) -> Json<Value> {
    let from = match &admission {
        Admission::Verified(user) => Some(user.identity()),
        Admission::Unverified(user) => user.claimed(),
        Admission::Unidentified => None,
    };
    Json(json!({ "from": from.as_ref().map(Identity::identifier), "as": admission.label() }))
}

pub(crate) async fn revoke(State(server): Server, TypedHeader(token): AccessToken) {
    server.access_tokens.revoke(token.token()).await;
}
