use alloc::{
    borrow::{Cow, ToOwned},
    string::String,
    vec::Vec,
};

use super::{
    Mistake,
    number_forms::number,
    text_forms::{self, Forms},
};
use crate::{Email, UserId, identity::lenient_base64, verify::AuthRequest};

/// A text that may have been signed for a user.
pub(super) struct IdentifierForm<'a> {
    pub(super) text: Cow<'a, str>,
    /// Whose text it is, if not the user's own identifier; and its two forms.
    pub(super) mistakes: [Option<Mistake>; 3],
    pub(super) is_frequent: bool,
}

/// One way to write a text differently.
type Form = fn(&str) -> Forms<'_>;

/// What may become of an identifier between where it is signed and where it is sent. From the text sent to the text signed:
/// first what takes something away, then what changes it, then what adds to it, so that any one comes before any other.
const FORMS: [(Mistake, Form); 12] = [
    (Mistake::WhiteSpace, text_forms::trimmed),
    (Mistake::HtmlEscaped, text_forms::html_unescaped),
    (Mistake::UrlEncoded, text_forms::url_decoded),
    (Mistake::DebugForm, text_forms::unprinted),
    (Mistake::WhiteSpace, text_forms::trimmed),
    (Mistake::LetterCase, text_forms::letter_case),
    (Mistake::NumberForm, number),
    (Mistake::UuidForm, text_forms::uuid),
    (Mistake::UrlEncoded, text_forms::url_encoded),
    (Mistake::HtmlEscaped, text_forms::html_escaped),
    (Mistake::DebugForm, text_forms::printed),
    (Mistake::WhiteSpace, text_forms::with_white_space),
];

/// How many texts of a form are frequent: tried in a second form, as are as many of that one, and with a secret of nobody.
const FREQUENT: usize = 2;

/// No longer text is tried in two forms, in bytes. No id is longer.
const LONGEST_PAIRED: usize = 128;

/// What a program signs when it has no identifier.
#[rustfmt::skip]
const NOBODY: [&str; 10] = [
    "", "null", "undefined", "None", "nil", "NaN", "[object Object]", "[object Promise]", "0",
    "00000000-0000-0000-0000-000000000000",
];

impl<'a> IdentifierForm<'a> {
    /// Everything that may have been signed for the user whom the request names. Of two equally short explanations of a text,
    /// the first is given.
    pub(super) fn all(request: &AuthRequest<'_>) -> Vec<Self> {
        let Ok(Some(identity)) = request.named_identity() else { return Vec::new() };
        let (user_id, email) = (identity.user_id(), identity.email());
        let [of_email, of_known] = match user_id {
            Some(_) => [Some(Mistake::EmailHashed), Some(Mistake::OtherId)],
            None => [None, Some(Mistake::UserIdHashed)],
        };
        let names = [
            (user_id.as_ref().map(UserId::as_str), None),
            (email.as_ref().map(Email::as_str), of_email),
            (request.known_user_id, of_known),
        ];
        let inner = user_id.iter().flat_map(|user_id| inner_ids(user_id.as_str())).map(|id| Self::exact(id, of_known));
        let nobody = NOBODY.map(|text| {
            let mistake = if text.is_empty() { Mistake::EmptyIdentifier } else { Mistake::PlaceholderIdentifier };
            Self::exact(text, Some(mistake))
        });
        let of_names = names.into_iter().filter_map(|(text, whose)| Some(Self::of(text?, whose)));
        of_names.flatten().chain(inner).chain(nobody).collect()
    }

    /// A text as it is, and whose it is.
    pub(super) fn exact(text: impl Into<Cow<'a, str>>, whose: Option<Mistake>) -> Self {
        Self { text: text.into(), mistakes: [whose, None, None], is_frequent: true }
    }

    /// The text itself, and its forms.
    pub(super) fn of(text: &str, whose: Option<Mistake>) -> Vec<Self> {
        let mut forms = Vec::from([Self::exact(text.to_owned(), whose)]);
        for (position, (mistake, form)) in (1..).zip(FORMS) {
            for (index, first) in changed(text, form, usize::MAX).into_iter().enumerate() {
                let is_paired = index < FREQUENT && text.len() <= LONGEST_PAIRED;
                for (second, form) in FORMS.iter().skip(position).filter(|_| is_paired) {
                    let mistakes = [whose, Some(mistake), Some(*second).filter(|second| *second != mistake)];
                    let texts = changed(&first, *form, FREQUENT).into_iter();
                    forms.extend(texts.map(|text| Self { text: text.into(), mistakes, is_frequent: false }));
                }
                let mistakes = [whose, Some(mistake), None];
                forms.push(Self { text: first.into(), mistakes, is_frequent: index < FREQUENT });
            }
        }
        forms
    }
}

/// The id inside of one for several systems: `4711` in `gid://shopify/Customer/4711` and in base64 of `User:4711`.
fn inner_ids(user_id: &str) -> impl Iterator<Item = String> {
    let decoded = String::from_utf8(lenient_base64::decode_either(user_id).collect());
    let inner = |text: &str| text.rsplit_once(['/', '|', ':', '_']).map(|(_, id)| id.to_owned());
    [inner(user_id), decoded.ok().as_deref().and_then(inner)].into_iter().flatten().filter(|id| !id.is_empty())
}

/// The texts that a form makes of this one; often it makes nothing else of it, or one text several times.
fn changed(text: &str, form: Form, most: usize) -> Vec<String> {
    let mut changed = Vec::new();
    let mut forms = form(text).filter(|form| form != text);
    while let Some(form) = forms.next().filter(|_| changed.len() < most) {
        if changed.last() != Some(&form) {
            changed.push(form);
        }
    }
    changed
}
