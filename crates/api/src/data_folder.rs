//! The data folder: what Lobby makes and keeps there besides the database.

use std::{
    fs, io,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rand::Rng;
use secrecy::{ExposeSecret, SecretString};

/// Makes the folder if it isn't there, and answers its absolute path. Others may pass through it, to the database that
/// an account of its own runs, but not look into it.
pub fn prepare(folder: &Path) -> io::Result<PathBuf> {
    fs::DirBuilder::new().recursive(true).mode(0o711).create(folder)?;
    fs::canonicalize(folder)
}

/// Where signing keys and the server's secret are.
pub fn keys(data_dir: &Path) -> io::Result<PathBuf> {
    let folder = data_dir.join("keys");
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    Ok(folder)
}

/// The server's secret: the configured one, else the one made at the first start.
pub fn secret(configured: &SecretString, data_dir: &Path) -> io::Result<SecretString> {
    if !configured.expose_secret().is_empty() {
        return Ok(configured.clone());
    }
    let path = keys(data_dir)?.join("server.secret");
    match fs::read_to_string(&path) {
        Ok(secret) if secret.trim().len() >= 32 => Ok(secret.trim().into()),
        Ok(_) => Err(io::Error::other(format!(
            "{} is damaged: restore it, or remove it to sign everyone out",
            path.display()
        ))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_secret(&path),
        Err(error) => Err(error),
    }
}

/// Written whole under another name first: two starts at once, or a crash, leave one good secret.
fn make_secret(path: &Path) -> io::Result<SecretString> {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let unfinished = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(hex::encode(bytes).as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    Ok(fs::read_to_string(path)?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("lobby-secret-{}", uuid::Uuid::now_v7()));
        let none = SecretString::from("");
        let first = secret(&none, &folder).unwrap();
        let second = secret(&none, &folder).unwrap();
        assert_eq!(first.expose_secret(), second.expose_secret());
        assert_eq!(first.expose_secret().len(), 64);
        let mode = fs::metadata(folder.join("keys/server.secret")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::remove_dir_all(folder).unwrap();
    }
}
