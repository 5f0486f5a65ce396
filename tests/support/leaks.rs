//! Finds what is private in what is shown.

/// The first four bytes in a row of any of these that are shown, be it as text of either case, in hexadecimal or as a list
/// of numbers.
pub(crate) fn leak<'a>(shown: &str, private: &[&'a [u8]]) -> Option<&'a [u8]> {
    let shown = shown.to_lowercase();
    let without_separators = shown.replace([' ', '\n', ','], "");
    private.iter().flat_map(|private| private.windows(4)).find(|piece| {
        let text = String::from_utf8_lossy(piece).to_lowercase();
        let hexadecimal = format!("{piece:02x?}").replace(['[', ']', ' ', ','], "");
        let decimal: String = piece.iter().map(u8::to_string).collect();
        shown.contains(&text) || [hexadecimal, decimal].iter().any(|form| without_separators.contains(form))
    })
}

#[test]
fn leak_is_found_in_whatever_form_it_is_shown() {
    let (text, private) = ("Zq7_Xk2-", [b"none".as_slice(), b"Zq7_Xk2-"]);
    let bytes = text.as_bytes();
    for shown in [format!("… {text:?}"), format!("{bytes:?}"), format!("{bytes:#?}"), format!("{bytes:02X?}")] {
        assert_eq!(leak(&shown, &private), Some(b"Zq7_".as_slice()), "{shown}");
    }
    assert_eq!(leak("… Xk2-", &private), Some(b"Xk2-".as_slice()));
    assert_eq!(leak("Zq7 _Xk 2-", &private), None);
}
