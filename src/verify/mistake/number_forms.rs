use alloc::{borrow::ToOwned, boxed::Box, format, string::String};
use core::iter;

use super::text_forms::Forms;

/// An integer as a float, without leading zeros, as JavaScript rounds it, with separators, in scientific notation, and all
/// that JavaScript rounds to it; a float or an integer with separators as an integer.
pub(super) fn number(text: &str) -> Forms<'_> {
    let is_integer = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    if !is_integer(digits) {
        let joined = digits.strip_suffix(".0").map_or_else(|| digits.replace([',', '.'], ""), ToOwned::to_owned);
        return Box::new(
            iter::once(joined).filter(move |digits| is_integer(digits)).map(move |digits| [sign, &digits].concat()),
        );
    }
    let significant = digits.parse().map(|digits: u128| format!("{sign}{digits}"));
    // The shortest digits that make the number, then zeros: `1234567890123456789` becomes `1234567890123456800`.
    let rounded = digits.parse().map(|rounded: f64| format!("{sign}{rounded}"));
    let separated = [',', '.'].map(|separator| format!("{sign}{}", separated(digits, separator)));
    let scientific = digits.parse().into_iter().flat_map(scientific).map(move |number| format!("{sign}{number}"));
    let forms = iter::once(format!("{text}.0")).chain(significant).chain(rounded).chain(separated).chain(scientific);
    let unrounded = digits.parse().into_iter().flat_map(rounded_to);
    Box::new(forms.chain(unrounded.map(move |integer| format!("{sign}{integer}"))))
}

fn separated(digits: &str, separator: char) -> String {
    let thousands = |position: &usize| (digits.len() - position).is_multiple_of(3);
    (1..digits.len()).rev().filter(thousands).fold(digits.to_owned(), |mut digits, position| {
        digits.insert(position, separator);
        digits
    })
}

/// As Go and Java print a large float: `1e+06` and `1.0E6`.
fn scientific(number: f64) -> [String; 2] {
    let number = format!("{number:e}");
    let (mantissa, exponent) = number.split_once('e').unwrap_or((&number, "0"));
    let point = if mantissa.contains('.') { "" } else { ".0" };
    [format!("{mantissa}e+{exponent:0>2}"), format!("{mantissa}{point}E{exponent}")]
}

/// The integers that have the same nearest floating-point number: 2,049 at most, and below 2^53 one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the loss is what is looked for; a float of this size is an integer"
)]
fn rounded_to(integer: u64) -> impl Iterator<Item = u64> {
    let nearest = integer as f64;
    let half = ((nearest.next_up() - nearest) / 2.0) as u64;
    let near = (nearest as u64).saturating_sub(half)..=(nearest as u64).saturating_add(half);
    // Ties go to the even one, and below a power of two the numbers are closer together.
    near.filter(move |near| (*near as f64).to_bits() == nearest.to_bits())
}
