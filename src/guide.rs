//! The documentation by task. It holds text only: there is nothing to import.

#![expect(unused_imports, reason = "the texts link to them")]

use crate::{jwt::*, verify::*, *};

// The examples of `configuration` and `recipes` need other crates: `cargo test -p recipes` runs them.

#[doc = include_str!("guide/sign_for_an_app.md")]
pub mod sign_for_an_app {}

#[doc = include_str!("guide/sign_for_a_page.md")]
pub mod sign_for_a_page {}

#[doc = include_str!("guide/json_web_tokens.md")]
pub mod json_web_tokens {}

#[doc = include_str!("guide/secrets.md")]
pub mod secrets {}

#[cfg_attr(not(doctest), doc = include_str!("guide/configuration.md"))]
pub mod configuration {}

#[doc = include_str!("guide/ids.md")]
pub mod ids {}

#[doc = include_str!("guide/verify.md")]
pub mod verify {}

#[doc = include_str!("guide/turn_it_on.md")]
pub mod turn_it_on {}

#[doc = include_str!("guide/workspaces.md")]
pub mod workspaces {}

#[doc = include_str!("guide/find_out_why.md")]
pub mod find_out_why {}

#[doc = include_str!("guide/clients.md")]
pub mod clients {}

#[doc = include_str!("guide/facts.md")]
pub mod facts {}

#[cfg_attr(not(doctest), doc = include_str!("guide/recipes.md"))]
pub mod recipes {}

#[doc = include_str!("guide/in_your_tests.md")]
pub mod in_your_tests {}

#[doc = include_str!("../SECURITY.md")]
pub mod security {}

#[doc = include_str!("guide/other_vendors.md")]
pub mod other_vendors {}
