//! Secrets that the service manager hands over as files (systemd's credentials): they are in no environment, which every child
//! process inherits, and in no file of the configuration.

use std::{fs, path::Path};

use serde_json::Value;

/// The variable that names the folder.
pub(super) const FOLDER: &str = "CREDENTIALS_DIRECTORY";

/// The settings that are given as files of their names, as `server.secret`; a name with a dot that is no text setting is a
/// fault. Other files are somebody else's.
pub(super) fn read(folder: &Path, settings: &Value, faults: &mut Vec<String>) -> Vec<(String, String)> {
    let mut given = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            faults.push(format!("{FOLDER}: {} can't be read: {error}", folder.display()));
            return given;
        }
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Some(key) = path.file_name().and_then(|name| name.to_str()).filter(|name| name.contains('.')) else {
            continue;
        };
        if !is_text(settings, key) {
            faults.push(format!("{key}: a credential of this name was handed over, and no text setting is called so"));
            continue;
        }
        match fs::read_to_string(&path) {
            // Editors and `echo` end a file with a line break that nobody means.
            Ok(secret) => given.push((key.to_owned(), secret.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => faults.push(format!("{key}: the credential can't be read: {error}")),
        }
    }
    given
}

fn is_text(settings: &Value, key: &str) -> bool {
    let module = key.strip_prefix("database.modules.").and_then(|rest| rest.strip_suffix(".url"));
    module.is_some_and(|name| migration::MODULES.contains(&name))
        || settings.pointer(&format!("/{}", key.replace('.', "/"))).is_some_and(Value::is_string)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_settings_by_their_names() {
        let folder = std::env::temp_dir().join(format!("lobby-credentials-{}", uuid::Uuid::now_v7().simple()));
        fs::create_dir(&folder).unwrap();
        for (name, text) in [
            ("server.secret", "a secret\n"),
            ("database.modules.gallery.url", "postgres://x"),
            ("server.workers", "2"),
            ("server.secrte", "x"),
            ("certificate", "not ours"),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
        let settings = json!({ "server": { "secret": "", "workers": 0 }, "database": { "modules": {} } });
        let mut faults = Vec::new();
        let mut given = read(&folder, &settings, &mut faults);
        given.sort();
        faults.sort();
        let expected = [("database.modules.gallery.url", "postgres://x"), ("server.secret", "a secret")];
        assert_eq!(given, expected.map(|(key, secret)| (key.to_owned(), secret.to_owned())));
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("server.secrte:") && faults[1].starts_with("server.workers:"));
        fs::remove_dir_all(folder).unwrap();
    }
}
