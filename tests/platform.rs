//! The platforms and their names.

use intercom_identity::{
    ParsePlatformError,
    Platform::{self, Android, Ios, Web},
};

#[test]
fn platforms_are_ios_android_and_web() {
    assert_eq!(Platform::ALL, [Ios, Android, Web]);
    assert_eq!([Ios, Android, Web].map(Platform::as_str), ["ios", "android", "web"]);
}

#[test]
fn platform_is_displayed_by_its_name_and_padded() {
    for platform in Platform::ALL {
        assert_eq!(platform.to_string(), platform.as_str());
    }
    assert_eq!(format!("{Ios:>8}|{Web:-<5}|{Android:.3}"), "     ios|web--|and");
}

#[test]
fn platform_is_parsed_from_its_name() {
    for platform in Platform::ALL {
        assert_eq!(platform.as_str().parse(), Ok(*platform));
    }
}

const NOT_NAMES: [&str; 12] =
    ["", " ", "iOS", "IOS", "Web", " ios", "web\n", "ios,web", "io", "androids", "react-native", "\u{ff57}eb"];

#[test]
fn no_other_spelling_is_a_platform() {
    for name in NOT_NAMES {
        assert_eq!(name.parse::<Platform>(), Err(ParsePlatformError), "{name:?}");
    }
}

#[test]
fn error_says_which_names_there_are_and_not_which_was_found() {
    assert_eq!(ParsePlatformError.to_string(), "the platform is none of ios, android, web");
}

#[cfg(feature = "serde")]
mod serde {
    use super::*;

    #[test]
    fn platform_is_its_name_in_json_both_ways() -> serde_json::Result<()> {
        for platform in Platform::ALL {
            let json = format!("\"{platform}\"");
            assert_eq!(serde_json::to_string(platform)?, json);
            assert_eq!(serde_json::from_str::<Platform>(&json)?, *platform);
        }
        Ok(())
    }

    #[test]
    fn no_other_spelling_is_a_platform_in_json() -> serde_json::Result<()> {
        for name in NOT_NAMES {
            let text = serde_json::to_value(name)?;
            let refusal = serde_json::from_value::<Platform>(text).map_err(|error| error.to_string());
            assert_eq!(refusal, Err("the platform is none of ios, android, web".into()), "{name:?}");
        }
        Ok(())
    }
}
