//! What the types can do and what they cannot, as the compiler sees it.
#![cfg(all(feature = "jwt", feature = "verify"))]

use std::{
    borrow::Borrow,
    error::Error,
    fmt::{Debug, Display},
    hash::Hash,
    ops::Deref,
    panic::{RefUnwindSafe, UnwindSafe},
};

use intercom_identity::{
    Email, Identity, IdentityError, Keyring, NoSecret, ParsePlatformError, ParseUserHashError, Secret, SecretError,
    UnixTimeError, UserHash, UserHashMismatch, UserId,
    jwt::JwtError,
    verify::{Admission, AuthRequest, Authenticator, Mistake, Rejection, Unverified, Verified},
};
use serde::{Serialize, de::DeserializeOwned};
use static_assertions::{assert_impl_all, assert_not_impl_any};

#[test]
fn secrets_are_shared_between_threads_and_wiped_but_never_cloned_compared_printed_or_written() {
    assert_impl_all!(Secret: Send, Sync, UnwindSafe, RefUnwindSafe, zeroize::ZeroizeOnDrop);
    assert_impl_all!(Keyring: Send, Sync, UnwindSafe, RefUnwindSafe);
    assert_impl_all!(Authenticator: Send, Sync, UnwindSafe, RefUnwindSafe);
    assert_not_impl_any!(Secret: Clone, Default, PartialEq, PartialOrd, Hash, Display, Serialize);
    assert_not_impl_any!(Secret: Deref, AsRef<[u8]>, AsRef<str>, Borrow<str>, Borrow<[u8]>, Into<String>, Into<Vec<u8>>);
    assert_not_impl_any!(Keyring: Clone, PartialEq, Display, Serialize);
    assert_not_impl_any!(Authenticator: Clone, Default, PartialEq, Display, Serialize);
}

#[test]
fn user_hash_is_compared_in_constant_time_and_in_no_other_way() {
    assert_impl_all!(UserHash: Send, Sync, Clone, Eq, subtle::ConstantTimeEq);
    assert_not_impl_any!(UserHash: Default, PartialOrd, Hash, PartialEq<str>, PartialEq<&'static str>, PartialEq<String>);
    assert_not_impl_any!(UserHash: Deref, AsRef<[u8]>, AsRef<str>, Borrow<str>, Borrow<[u8]>);
}

#[test]
fn identity_is_a_plain_value_that_is_never_printed_or_made_unchecked() {
    assert_impl_all!(UserId<'static>: Copy, Eq, Hash, Send, Sync);
    assert_impl_all!(Email<'static>: Copy, Eq, Hash, Send, Sync);
    assert_impl_all!(Identity<'static>: Copy, Eq, Hash, Send, Sync);
    assert_impl_all!(AuthRequest<'static>: Copy, Send, Sync);
    assert_not_impl_any!(UserId<'static>: Default, Display, Deref, AsRef<str>, From<&'static str>, Into<Email<'static>>);
    assert_not_impl_any!(Email<'static>: Default, Display, Deref, AsRef<str>, From<&'static str>, Into<UserId<'static>>);
    assert_not_impl_any!(Identity<'static>: Default, Display, From<&'static str>, From<(Email<'static>, UserId<'static>)>);
}

#[test]
fn admission_outlives_the_request_and_is_never_read_from_outside() {
    fn outlives_a_request<T: Clone + Eq + Debug + Send + Sync + 'static>() {}
    outlives_a_request::<(Admission, Verified, Unverified)>();
    assert_not_impl_any!(Admission: Default, DeserializeOwned, Display);
    assert_not_impl_any!(Verified: Default, DeserializeOwned, Display, From<Unverified>, From<Identity<'static>>);
    assert_not_impl_any!(Unverified: Default, DeserializeOwned, Display);
}

#[test]
fn error_is_a_plain_value_that_any_caller_can_pass_on() {
    fn can_be_passed_on<E: Error + Copy + Eq + Send + Sync + 'static>() {}
    can_be_passed_on::<SecretError>();
    can_be_passed_on::<IdentityError>();
    can_be_passed_on::<ParseUserHashError>();
    can_be_passed_on::<UserHashMismatch>();
    can_be_passed_on::<ParsePlatformError>();
    can_be_passed_on::<UnixTimeError>();
    can_be_passed_on::<NoSecret>();
    can_be_passed_on::<JwtError>();
    can_be_passed_on::<Rejection>();
    can_be_passed_on::<Mistake>();
    assert_impl_all!(Rejection: From<NoSecret>, From<JwtError>);
}

#[test]
fn claims_have_no_form_but_the_token_and_settings_are_never_read_or_printed() {
    use intercom_identity::{
        MessengerSettings,
        jwt::{UserClaims, UserJwt},
        verify::AuthRequestBody,
    };

    assert_impl_all!(UserClaims: Clone, Eq, Send, Sync);
    assert_not_impl_any!(UserClaims: Serialize, DeserializeOwned, Display, Default);
    assert_not_impl_any!(UserJwt: PartialEq, Default, Deref, AsRef<str>, From<String>);
    assert_impl_all!(MessengerSettings: Serialize, Clone, Send, Sync);
    assert_not_impl_any!(MessengerSettings: DeserializeOwned, Display);
    assert_not_impl_any!(AuthRequestBody: Serialize, Display);
}
