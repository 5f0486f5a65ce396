use std::cell::RefCell;

use openssl::{md::Md, md_ctx::MdCtx, memcmp, pkey::PKey};
use peers::HexTag;

fn main() {
    let [secret, identifier, user_hash] = peers::arguments();
    let key = PKey::hmac(secret.as_bytes()).unwrap();
    let sha256 = Md::fetch(None, "SHA256", None).unwrap();
    let context = RefCell::new(MdCtx::new().unwrap());
    let tag = |identifier: &str| {
        let mut tag = [0; 32];
        let mut context = context.borrow_mut();
        context.digest_sign_init(Some(&sha256), &key).unwrap();
        context.digest_sign(identifier.as_bytes(), Some(&mut tag)).unwrap();
        tag
    };
    peers::user_hash(
        [&identifier, &user_hash],
        |identifier| HexTag::new(tag(identifier)),
        HexTag::as_str,
        |identifier, received| HexTag::parse(received).is_some_and(|received| memcmp::eq(&tag(identifier), &received)),
    );
}
