//! The platforms, and the names of what an operator configures.

use intercom_identity::{
    ParsePlatformError,
    Platform::{self, Android, Ios, Web},
};

const NOT_NAMES: [&str; 10] =
    ["", " ", "iOS", "Web", " ios", "web\n", "ios,web", "androids", "react-native", "\u{ff57}eb"];

#[test]
fn platforms_are_ios_android_and_web() {
    assert_eq!(Platform::ALL, [Ios, Android, Web]);
    for (platform, name) in [(Ios, "ios"), (Android, "android"), (Web, "web")] {
        assert_eq!(platform.as_str(), name);
        assert_eq!(platform.to_string(), name);
        assert_eq!(name.parse(), Ok(platform));
    }
    assert_eq!(format!("{Ios:>8}|{Web:-<5}|{Android:.3}"), "     ios|web--|and");
}

#[test]
fn no_other_spelling_is_a_platform() {
    for name in NOT_NAMES {
        assert_eq!(name.parse::<Platform>(), Err(ParsePlatformError), "{name:?}");
    }
    assert_eq!(ParsePlatformError.to_string(), "unknown platform: use ios, android or web");
}

#[cfg(feature = "serde")]
#[test]
fn platform_is_its_name_in_json_and_nothing_else() -> serde_json::Result<()> {
    for platform in Platform::ALL {
        assert_eq!(serde_json::to_value(platform)?, platform.as_str());
        assert_eq!(serde_json::from_value::<Platform>(platform.as_str().into())?, *platform);
    }
    for name in NOT_NAMES {
        let refusal = serde_json::from_value::<Platform>(name.into()).map_err(|error| error.to_string());
        assert_eq!(refusal, Err(ParsePlatformError.to_string()), "{name:?}");
    }
    let refusal = serde_json::from_value::<Platform>(0.into()).map_err(|error| error.to_string());
    assert_eq!(refusal, Err("expected a string".to_owned()));
    Ok(())
}

/// By the mechanism that `Platform` has.
#[cfg(all(feature = "jwt", feature = "verify"))]
#[test]
fn enforcement_and_proofs_are_set_by_name() -> Result<(), Box<dyn std::error::Error>> {
    use intercom_identity::verify::{Enforcement, ParseEnforcementError, ParseProofsError, Proofs};

    for (enforcement, name) in [
        (Enforcement::Enforce, "enforce"),
        (Enforcement::RefuseInvalid, "refuse_invalid"),
        (Enforcement::Observe, "observe"),
    ] {
        assert_eq!((enforcement.as_str(), name.parse()), (name, Ok(enforcement)));
        assert_eq!(serde_json::from_value::<Enforcement>(name.into())?, enforcement);
        assert_eq!(serde_json::to_value(enforcement)?, enforcement.to_string());
    }
    for (proofs, name) in [(Proofs::UserHash, "user_hash"), (Proofs::UserJwt, "user_jwt"), (Proofs::Either, "either")] {
        assert_eq!((proofs.as_str(), name.parse()), (name, Ok(proofs)));
        assert_eq!(serde_json::from_value::<Proofs>(name.into())?, proofs);
        assert_eq!(serde_json::to_value(proofs)?, proofs.to_string());
    }
    for name in ["", "Enforce", "RefuseInvalid", "refuse-invalid", "UserHash", "both", " either"] {
        assert_eq!(name.parse::<Enforcement>(), Err(ParseEnforcementError), "{name:?}");
        assert_eq!(name.parse::<Proofs>(), Err(ParseProofsError), "{name:?}");
    }
    assert_eq!(ParseEnforcementError.to_string(), "unknown enforcement: use enforce, refuse_invalid or observe");
    assert_eq!(ParseProofsError.to_string(), "unknown proofs: use user_hash, user_jwt or either");
    Ok(())
}
