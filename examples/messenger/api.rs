//! An API behind the auth server: it knows nobody's secret but its own, and opens to whom an access token names.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header::WWW_AUTHENTICATE},
    response::{IntoResponse, Response},
    routing::get,
};
use axum_extra::{
    TypedHeader,
    headers::{Authorization, authorization::Bearer},
};
use intercom_identity::{Access, AccessTokens, UnixTime};
use serde_json::json;

pub(crate) fn routes(tokens: AccessTokens) -> Router {
    Router::new().route("/conversations", get(conversations)).with_state(Arc::new(tokens))
}

/// Conversations are for who was verified: whoever was not could be anybody.
async fn conversations(
    State(tokens): State<Arc<AccessTokens>>,
    bearer: Option<TypedHeader<Authorization<Bearer>>>,
) -> Response {
    let Some(TypedHeader(Authorization(bearer))) = bearer else {
        return challenge(StatusCode::UNAUTHORIZED, "Bearer");
    };
    match tokens.verify(bearer.token(), UnixTime::now()) {
        Ok(Access::Verified(user)) => Json(json!({ "conversations_of": user.identity().identifier() })).into_response(),
        Ok(Access::Unverified(_) | Access::Unidentified) => {
            challenge(StatusCode::FORBIDDEN, r#"Bearer error="insufficient_scope""#)
        }
        Err(_) => challenge(StatusCode::UNAUTHORIZED, r#"Bearer error="invalid_token""#),
    }
}

/// As RFC 6750 has it, section 3.
fn challenge(status: StatusCode, challenge: &'static str) -> Response {
    (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
}
