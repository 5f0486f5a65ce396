//! What secrets, identities, hashes and their errors can do, and what they cannot, as the compiler sees it.

use std::{
    borrow::Borrow,
    error::Error,
    fmt::{Debug, Display},
    hash::Hash,
    ops::Deref,
    panic::{RefUnwindSafe, UnwindSafe},
    str::FromStr,
};

use intercom_identity::{
    Email, Identity, IdentityError, ParseUserHashError, Secret, SecretError, UserHash, UserHashMismatch, UserId,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};
use subtle::ConstantTimeEq;
use zeroize::ZeroizeOnDrop;

#[test]
fn secret_is_shared_between_threads_and_wiped() {
    assert_impl_all!(Secret: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, ZeroizeOnDrop);
}

#[test]
fn secret_is_made_of_a_text() {
    assert_impl_all!(Secret: FromStr<Err = SecretError>, TryFrom<String, Error = SecretError>, Debug);
}

#[test]
fn secret_cannot_be_cloned_compared_printed_or_read() {
    assert_not_impl_any!(Secret: Clone, Copy, Default);
    assert_not_impl_any!(Secret: PartialEq, PartialOrd, Hash);
    assert_not_impl_any!(Secret: Display, serde::Serialize);
    assert_not_impl_any!(Secret: Deref, AsRef<[u8]>, AsRef<str>, Borrow<str>, Borrow<[u8]>);
    assert_not_impl_any!(Secret: Into<String>, Into<Vec<u8>>);
}

#[test]
fn user_hash_is_text_compared_in_constant_time() {
    assert_impl_all!(UserHash: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe);
    assert_impl_all!(UserHash: Clone, Eq, ConstantTimeEq, Debug, Display, FromStr<Err = ParseUserHashError>);
}

#[test]
fn user_hash_has_no_trait_that_compares_or_lends_it_otherwise() {
    assert_not_impl_any!(UserHash: Copy, Default, PartialOrd, Hash);
    assert_not_impl_any!(UserHash: PartialEq<str>, PartialEq<&'static str>, PartialEq<String>);
    assert_not_impl_any!(UserHash: Deref, AsRef<[u8]>, AsRef<str>, Borrow<str>, Borrow<[u8]>);
}

#[test]
fn identity_is_a_plain_value() {
    assert_impl_all!(UserId<'static>: Copy, Eq, Debug, Send, Sync, Unpin, UnwindSafe, RefUnwindSafe);
    assert_impl_all!(Email<'static>: Copy, Eq, Debug, Send, Sync, Unpin, UnwindSafe, RefUnwindSafe);
    assert_impl_all!(Identity<'static>: Copy, Eq, Debug, Send, Sync, Unpin, UnwindSafe, RefUnwindSafe);
}

#[test]
fn identity_is_neither_made_by_default_nor_printed() {
    assert_not_impl_any!(UserId<'static>: Default, Display, Deref, AsRef<str>, From<&'static str>, From<i64>);
    assert_not_impl_any!(Email<'static>: Default, Display, Deref, AsRef<str>, From<&'static str>);
    assert_not_impl_any!(Identity<'static>: Default, Display, Deref, AsRef<str>, From<&'static str>);
}

#[test]
fn user_id_and_email_are_not_each_other() {
    assert_not_impl_any!(UserId<'static>: Into<Email<'static>>, PartialEq<Email<'static>>);
    assert_not_impl_any!(Email<'static>: Into<UserId<'static>>, PartialEq<UserId<'static>>);
    assert_not_impl_any!(Identity<'static>: From<(Email<'static>, UserId<'static>)>);
}

#[test]
fn error_is_a_plain_value_that_any_caller_can_pass_on() {
    assert_impl_all!(SecretError: Error, Copy, Eq, Into<Box<dyn Error + Send + Sync + 'static>>);
    assert_impl_all!(IdentityError: Error, Copy, Eq, Into<Box<dyn Error + Send + Sync + 'static>>);
    assert_impl_all!(ParseUserHashError: Error, Copy, Eq, Into<Box<dyn Error + Send + Sync + 'static>>);
    assert_impl_all!(UserHashMismatch: Error, Copy, Eq, Into<Box<dyn Error + Send + Sync + 'static>>);
}

#[cfg(feature = "serde")]
#[test]
fn secret_is_read_but_never_written() {
    assert_impl_all!(Secret: serde::de::DeserializeOwned);
    assert_not_impl_any!(Secret: serde::Serialize);
    assert_impl_all!(UserHash: serde::de::DeserializeOwned, serde::Serialize);
}
