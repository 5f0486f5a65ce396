//! What every test uses. Any other helper is a file beside this one, included by `#[path]`: unused code is an error.

pub(crate) type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;
