//! Reading the configuration from its sources.

use std::{collections::HashMap, path::Path};

use config::{Config, Environment, File, FileFormat};
use serde_json::Value;

use super::{Settings, check::check, credentials, shape::overlay};

/// The defaults, with their comments.
pub const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// Everything that is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {} fault(s):\n  {}", .0.len(), .0.join("\n  "))]
pub struct ConfigurationError(pub Vec<String>);

impl ConfigurationError {
    fn one(fault: impl ToString) -> Self {
        Self(vec![fault.to_string()])
    }
}

/// Reads the defaults, the file if there is one, the service manager's credentials, and the environment; answers every
/// fault at once.
pub fn load(file: Option<&Path>, environment: HashMap<String, String>) -> Result<Settings, ConfigurationError> {
    let mut settings = read(Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml)))?;
    let mut faults = Vec::new();

    let mut given = Config::builder();
    if let Some(path) = file {
        given = given.add_source(File::from(path).format(FileFormat::Toml));
    }
    if let Some(folder) = environment.get(credentials::FOLDER).filter(|folder| !folder.is_empty()) {
        for (key, secret) in credentials::read(Path::new(folder), &settings, &mut faults) {
            given = given.set_override(&key, secret).map_err(ConfigurationError::one)?;
        }
    }
    let variables = Environment::with_prefix("LOBBY").prefix_separator("__").separator("__").source(Some(environment));
    let given = read(given.add_source(variables))?;
    overlay(&mut settings, &given, "", &mut faults);

    let settings: Option<Settings> = match serde_path_to_error::deserialize(settings) {
        Ok(settings) => Some(settings),
        Err(error) => {
            faults.push(format!("{}: {}", error.path(), error.inner()));
            None
        }
    };
    if let Some(settings) = &settings {
        check(settings, &mut faults);
    }
    match settings {
        Some(settings) if faults.is_empty() => Ok(settings),
        _ => Err(ConfigurationError(faults)),
    }
}

fn read(builder: config::ConfigBuilder<config::builder::DefaultState>) -> Result<Value, ConfigurationError> {
    let config = builder.build().map_err(ConfigurationError::one)?;
    config.try_deserialize().map_err(ConfigurationError::one)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> HashMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_defaults_are_sound() {
        load(None, HashMap::new()).unwrap();
    }

    #[test]
    fn the_environment_goes_over_the_defaults() {
        let variables = environment(&[
            ("LOBBY__SERVER__LISTEN", "127.0.0.1:9999"),
            ("LOBBY__DATABASE__MODULES__GALLERY__URL", "postgres://x/y"),
            ("LOBBY__AUTH__ACCESS_MINUTES", "5"),
            ("LOBBY_POSTGRES_BIN", "/not/a/setting"),
        ]);
        let settings = load(None, variables).unwrap();
        assert_eq!(settings.server.listen.to_string(), "127.0.0.1:9999");
        assert_eq!(settings.auth.access_minutes, 5);
        assert_eq!(settings.database.modules["gallery"].url.expose_secret(), "postgres://x/y");
    }

    #[test]
    fn every_fault_is_named() {
        let variables = environment(&[
            ("LOBBY__SERVER__WORKERS", "many"),
            ("LOBBY__SERVER__SECRET", "short"),
            ("LOBBY__SERVER__TRUSTED_PROXIES", "127.0.0.1, 10.0.0.1/8"),
            ("LOBBY__MAIL__TRANSPORT", "smtp"),
            ("LOBBY__NONSENSE", "1"),
            ("LOBBY__PROFILE", "production"),
        ]);
        let faults = load(None, variables).unwrap_err().0;
        for key in [
            "server.workers",
            "server.secret",
            "server.trusted_proxies",
            "mail.smtp_url",
            "nonsense",
            "server.public_url",
        ] {
            assert!(faults.iter().any(|fault| fault.starts_with(key)), "{key} is not in {faults:?}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let secret = "0123456789abcdef0123456789abcdef";
        let settings = load(None, environment(&[("LOBBY__SERVER__SECRET", secret)])).unwrap();
        assert!(!format!("{settings:?}").contains(secret));
    }
}
