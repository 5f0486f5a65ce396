use std::error::Error;

use Letters::{Lower, Mixed, Upper};
use intercom_identity::{
    Admission, AuthRequest, Authenticator, Email,
    Enforcement::{self, Observe, RefuseInvalid},
    Identity, IdentityError, Keyring,
    Platform::{self, Web},
    Rejection::{MissingUserHash, UserHashMismatch},
    Secret, SecretError, UserHash, UserId,
};

use crate::{
    EMAIL, ENFORCEMENTS, TestResult, USER_ID,
    Verdict::{self, Refused, Unidentified, Unverified, Verified},
    flaws::{FLAWS, Flaw, UPPER_CASE, length},
    verdict,
};

/// A request to a server that has a secret for each platform.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) names: Names,
    pub(crate) hash: Hash,
    pub(crate) platform: Platform,
    pub(crate) enforcement: Enforcement,
    /// The hash as it is sent.
    pub(crate) text: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Names {
    UserId,
    Email,
    Both,
    Nobody,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Hash {
    Missing,
    Empty,
    /// The one that proves who is named, spoiled.
    Malformed(&'static Flaw),
    Made {
        of: Subject,
        with: SecretOf,
        letters: Letters,
    },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Subject {
    UserId,
    Email,
    SomebodyElse,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum SecretOf {
    Platform(Platform),
    AnotherWorkspace,
    /// No secret at all, but people take it for one.
    AppId,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Letters {
    Lower,
    Upper,
    Mixed,
}

impl Names {
    const ALL: [Self; 4] = [Self::UserId, Self::Email, Self::Both, Self::Nobody];

    fn identity(self) -> Result<Option<Identity<'static>>, IdentityError> {
        let (user_id, email) = (UserId::new(USER_ID)?, Email::new(EMAIL)?);
        Ok(match self {
            Self::UserId => Some(user_id.into()),
            Self::Email => Some(email.into()),
            Self::Both => Some((user_id, email).into()),
            Self::Nobody => None,
        })
    }

    /// Whose hash proves who is named. It proves nothing where nobody is.
    pub(crate) const fn subject(self) -> Subject {
        match self {
            Self::UserId | Self::Both | Self::Nobody => Subject::UserId,
            Self::Email => Subject::Email,
        }
    }
}

impl Hash {
    fn all() -> impl Iterator<Item = Self> {
        let secrets = Platform::ALL.iter().copied().map(SecretOf::Platform);
        let secrets = secrets.chain([SecretOf::AnotherWorkspace, SecretOf::AppId]);
        let made = secrets.flat_map(|with| {
            [Subject::UserId, Subject::Email, Subject::SomebodyElse]
                .into_iter()
                .flat_map(move |of| [Lower, Upper, Mixed].map(|letters| Self::Made { of, with, letters }))
        });
        [Self::Missing, Self::Empty].into_iter().chain(FLAWS.iter().map(Self::Malformed)).chain(made)
    }

    fn text(self, names: Names, platform: Platform) -> Result<Option<String>, Box<dyn Error>> {
        Ok(match self {
            Self::Missing => None,
            Self::Empty => Some(String::new()),
            Self::Malformed(flaw) => Some((flaw.spoil)(&hash(names.subject(), SecretOf::Platform(platform))?)),
            Self::Made { of, with, letters } => {
                let hash = hash(of, with)?;
                Some(match letters {
                    Lower => hash,
                    Upper => hash.to_uppercase(),
                    Mixed => hash[..32].to_uppercase() + &hash[32..],
                })
            }
        })
    }
}

pub(crate) fn secret(of: SecretOf) -> Result<Secret, SecretError> {
    match of {
        SecretOf::Platform(platform) => Secret::new(&format!("the production workspace's secret for {platform}")),
        SecretOf::AnotherWorkspace => Secret::new("the test workspace's secret"),
        SecretOf::AppId => Secret::new("pi3243fa"),
    }
}

fn hash(of: Subject, with: SecretOf) -> Result<String, Box<dyn Error>> {
    let secret = secret(with)?;
    Ok(match of {
        Subject::UserId => UserHash::compute(&secret, UserId::new(USER_ID)?),
        Subject::Email => UserHash::compute(&secret, Email::new(EMAIL)?),
        Subject::SomebodyElse => UserHash::compute(&secret, UserId::new("4712")?),
    }
    .to_string())
}

pub(crate) fn rows() -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for names in Names::ALL {
        for hash in Hash::all() {
            for &platform in Platform::ALL {
                for enforcement in ENFORCEMENTS {
                    let text = hash.text(names, platform)?;
                    rows.push(Row { names, hash, platform, enforcement, text });
                }
            }
        }
    }
    Ok(rows)
}

pub(crate) fn keyring() -> Result<Keyring, SecretError> {
    Platform::ALL.iter().try_fold(Keyring::new(), |keyring, &platform| {
        Ok(keyring.with([platform], secret(SecretOf::Platform(platform))?))
    })
}

pub(crate) fn server_of(row: &Row) -> Result<Authenticator, SecretError> {
    Ok(Authenticator::new(keyring()?).enforcement(row.platform, row.enforcement))
}

pub(crate) fn request<'a>(
    platform: Platform,
    identity: Option<Identity<'a>>,
    user_hash: Option<&'a str>,
) -> AuthRequest<'a> {
    let request = AuthRequest::new(platform);
    let request = identity.map_or(request, |identity| request.identity(identity));
    user_hash.map_or(request, |user_hash| request.user_hash(user_hash))
}

/// Decides on a row, and checks that nobody else is let in than whom it names.
pub(crate) fn verdict_on(row: &Row, authenticator: &Authenticator) -> Result<Verdict, IdentityError> {
    let identity = row.names.identity()?;
    let outcome = authenticator.authenticate(&request(row.platform, identity, row.text.as_deref()));
    let let_in = match &outcome {
        Ok(Admission::Verified(user)) => Some((user.identity(), user.platform())),
        Ok(Admission::Unverified(user)) => Some((user.identity(), user.platform())),
        Ok(Admission::Unidentified) | Err(_) => None,
    };
    if let Some((who, platform)) = let_in {
        assert_eq!((Some(who), platform), (identity, row.platform), "{row:?}");
    }
    Ok(verdict(&outcome))
}

/// The specification of the table: what follows from how a row was made, whatever the digits.
pub(crate) fn expected(row: &Row) -> Verdict {
    if row.names == Names::Nobody {
        return Unidentified;
    }
    let in_letters_of_the_platform = |letters| letters == Lower || row.platform == Web;
    let fault = match row.hash {
        Hash::Missing => MissingUserHash,
        Hash::Empty => length(0),
        Hash::Malformed(flaw) => flaw.reason,
        Hash::Made { letters, .. } if !in_letters_of_the_platform(letters) => UPPER_CASE,
        Hash::Made { of, with, .. } if of == row.names.subject() && with == SecretOf::Platform(row.platform) => {
            return Verified;
        }
        Hash::Made { .. } => UserHashMismatch,
    };
    let lets_pass = match row.enforcement {
        Observe => true,
        RefuseInvalid => fault == MissingUserHash,
        _ => false,
    };
    if lets_pass { Unverified(fault) } else { Refused(fault) }
}

#[test]
fn every_request_of_the_table_has_the_outcome_that_the_rules_give_it() -> TestResult {
    let rows = rows()?;
    let (subjects, secrets, letters) = (3, 5, 3);
    let hashes = 2 + 31 + subjects * secrets * letters;
    assert_eq!(rows.len(), 4 * hashes * 3 * 3);
    for row in &rows {
        assert_eq!(verdict_on(row, &server_of(row)?)?, expected(row), "{row:?}");
    }
    Ok(())
}
