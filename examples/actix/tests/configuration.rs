//! A keyring from a file and the environment, by `figment` and by `config`.

use config::{Config, ConfigError, Environment, File, FileFormat};
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use intercom_identity::{Keyring, Platform, Secret, UserHash, UserId};
use serde::Deserialize;

type TestResult<T = ()> = Result<T, Box<dyn std::error::Error>>;

const NEW: &str = "kJ9vT2xQ7mWc4RbZ8nYpLh3DkJ9vT2xQ7mWc4RbZ8nY";
const OLD: &str = "3nPq7sUv9xZ2bD5fH8jLmN4rT6wY1aCeGkMoQsUvX0z";
const OTHER: &str = "Mn5bV2cX9zL1kJ4hG7fD0sA3pO6iU8yT5rE2wQ4eR7t";
const NUMBER: &str = "5719571957195719";

#[derive(Debug, Deserialize)]
struct Configuration {
    intercom: Keyring,
}

/// `config` reads the process's environment unless it is given one.
fn by_config(file: &str, environment: &[(&str, &str)], list: bool) -> Result<Configuration, ConfigError> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let variables = Environment::with_prefix("APP").prefix_separator("_").separator("__").source(Some(environment));
    let variables = if list {
        variables.try_parsing(true).list_separator(",").with_list_parse_key("intercom.web")
    } else {
        variables
    };
    let config = Config::builder().add_source(File::from_str(file, FileFormat::Toml)).add_source(variables).build()?;
    config.try_deserialize()
}

/// Which secret signs for a platform, and how many keys there are.
fn signs(Configuration { intercom }: &Configuration, platform: Platform) -> TestResult<(&'static str, usize)> {
    let user = UserId::from(4711_u32);
    let signed = UserHash::compute(intercom.secret(platform)?, user);
    let mut known = [NEW, OLD, OTHER].into_iter();
    let by = known.find(|text| Secret::new(text).is_ok_and(|secret| signed == UserHash::compute(&secret, user)));
    Ok((by.ok_or("another secret")?, format!("{intercom:?}").matches("Key {").count()))
}

#[test]
fn config_takes_one_secret_from_a_variable_and_a_list_from_a_file() -> TestResult {
    let file = format!("[intercom]\nios = '{NEW}'\nweb = ['{NEW}', '{OLD}']");
    for (environment, web) in [(&[][..], (NEW, 3)), (&[("APP_INTERCOM__WEB", OTHER)], (OTHER, 2))] {
        let configuration = by_config(&file, environment, false)?;
        assert_eq!(signs(&configuration, Platform::Web)?, web);
        assert_eq!(signs(&configuration, Platform::Ios)?.0, NEW);
    }
    let list = format!("{OTHER},{OLD}");
    let refused = by_config(&file, &[("APP_INTERCOM__WEB", &list)], false).err().ok_or("it was taken")?;
    assert!(refused.to_string().starts_with("the secret has a character that Intercom's secrets never have"));
    // Unless it is told of the one key whose variable is a list.
    let configuration = by_config(&file, &[("APP_INTERCOM__WEB", &list)], true)?;
    assert_eq!(signs(&configuration, Platform::Web)?, (OTHER, 3));
    Ok(())
}

#[test]
fn a_later_source_replaces_the_list_of_a_platform_in_figment() -> TestResult {
    let file = Toml::string(&format!("[intercom]\nios = '{NEW}'\nweb = ['{NEW}', '{OLD}']"));
    for (value, web) in [(vec![OTHER], (OTHER, 2)), (vec![OLD, OTHER], (OLD, 3))] {
        let web_alone = Serialized::default("intercom.web", value);
        let configuration = Figment::from(&file).merge(web_alone).extract()?;
        assert_eq!(signs(&configuration, Platform::Web)?, web);
        assert_eq!(signs(&configuration, Platform::Ios)?.0, NEW);
    }
    Ok(())
}

/// The errors of `figment` end with the names that lead to the value: none may be a secret.
#[test]
fn no_error_of_a_value_shows_a_secret_in_a_wrong_place() -> TestResult {
    let wrong = r#""S" | N | N.5 | true | ["S"] | [["S"]] | [{S = "S"}] | {S = "ios"} | {S = N} | {S = ["S"]} | {S = {ios = "S"}}
        | {ios = {ios = "S"}} | {ios = {S = "S"}} | {ios = [{S = "S"}]} | {ios = N} | {ios = -N} | {ios = N.5} | {ios = "S!"}
        | {ios = false} | {ios = []} | {ios = [N]} | {ios = ["S", N]} | {ios = [["S"]]} | {ios = ["S", "S!"]} | {ios.S = "S"}
        | {ios = "S", S = "S"} | {ios = 1979-05-27} | {S = 1979-05-27}"#;
    for wrong in wrong.split('|') {
        let file = format!("intercom = {}", wrong.trim().replace('S', NEW).replace('N', NUMBER));
        let by_figment = Figment::from(Toml::string(&file)).extract::<Configuration>();
        let by_figment = by_figment.err().ok_or_else(|| format!("{file} was taken"))?;
        let by_config = by_config(&file, &[], false).err().ok_or_else(|| format!("{file} was taken"))?;
        for shown in [format!("{by_figment} {by_figment:?}"), format!("{by_config} {by_config:?}")] {
            let shown = shown.to_lowercase();
            let parts = [NEW.to_lowercase(), NUMBER.to_owned()];
            let leak = parts
                .iter()
                .flat_map(|text| text.as_bytes().windows(5))
                .find(|part| shown.as_bytes().windows(5).any(|window| window == *part));
            assert_eq!(leak, None, "{file}: {shown}");
        }
    }
    Ok(())
}

/// A line of the file is in the errors of its syntax, so only their first line may be printed.
#[test]
fn first_line_of_an_error_of_syntax_shows_no_secret() -> TestResult {
    for wrong in
        ["ios = S", "ios = \"S", "ios = \"S\"\"", "ios \"S\"", "ios = 571957195719571957195719", "S = 1\nS = 2"]
    {
        let file = format!("[intercom]\n{}\n", wrong.replace('S', NEW));
        let by_figment =
            Figment::from(Toml::string(&file)).extract::<Configuration>().err().ok_or("taken")?.to_string();
        let by_config = by_config(&file, &[], false).err().ok_or("taken")?.to_string();
        assert!(by_figment.contains(NEW) || by_figment.contains("57195719"), "{by_figment}");
        for first in [by_figment, by_config].iter().filter_map(|shown| shown.lines().next()) {
            assert!(
                first.starts_with("TOML parse error at line ") || first == "number too large to fit in target type"
            );
            assert!(!first.contains(NEW) && !first.contains("5719"), "{first}");
        }
    }
    Ok(())
}
