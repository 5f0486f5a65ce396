//! Runs the examples of the guide that need other crates: `cargo test -p recipes`.

#[cfg(doctest)]
#[doc = include_str!("../../../src/guide/configuration.md")]
struct Configuration;

#[cfg(doctest)]
#[doc = include_str!("../../../src/guide/recipes.md")]
struct Recipes;
