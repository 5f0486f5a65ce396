//! What was asked and answered, and how it was told to go.

use std::fmt;

/// It shows itself on one line.
pub(crate) struct Exchange<'a> {
    pub(crate) request: &'a str,
    pub(crate) tried: &'a str,
    pub(crate) status: u16,
    pub(crate) answer: &'a str,
    /// From the auth server's log: the client is not told.
    pub(crate) reason: &'a str,
}

impl fmt::Display for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, tried, status, answer, reason } = self;
        let line = format!("  {request:<25} {tried:<42} {status}  {answer:<17} {reason}");
        f.write_str(line.trim_end())
    }
}

/// What is not told may be anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    status: u16,
    answer: Option<&'static str>,
    reason: &'static str,
}

impl Told {
    pub(crate) const VERIFIED: Self = Self::answer(200, "verified");
    pub(crate) const UNIDENTIFIED: Self = Self::answer(200, "unidentified");

    pub(crate) const fn status(status: u16) -> Self {
        Self { status, answer: None, reason: "" }
    }

    pub(crate) const fn answer(status: u16, answer: &'static str) -> Self {
        Self { status, answer: Some(answer), reason: "" }
    }

    pub(crate) const fn unverified(reason: &'static str) -> Self {
        Self { reason, ..Self::answer(200, "unverified") }
    }

    pub(crate) const fn refused(reason: &'static str) -> Self {
        Self { reason, ..Self::answer(401, "hmac_mismatch") }
    }

    pub(crate) fn fits(&self, exchange: &Exchange<'_>) -> bool {
        self.status == exchange.status
            && self.answer.is_none_or(|answer| answer == exchange.answer)
            && self.reason == exchange.reason
    }
}
