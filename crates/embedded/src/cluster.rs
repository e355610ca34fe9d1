//! Makes the cluster, all or nothing.

use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _},
    path::Path,
    time::Instant,
};

use crate::{EmbeddedError, account::Account, binaries::Binaries, error::IoContext as _, layout::Layout};

/// The superuser of the cluster, and whom Lobby connects as.
pub(crate) const SUPERUSER: &str = "lobby";

/// What an unfinished cluster's name begins with.
const UNFINISHED: &str = "postgres.new-";

/// Both sort by code point; where the system doesn't have the first, only the case of non-ASCII letters is lost.
const LOCALES: [&str; 2] = ["C.UTF-8", "C"];

/// Makes the cluster if there is none. The caller holds the start lock.
///
/// It is made under another name and renamed when it is whole, so that one that was interrupted is never taken for one.
pub(crate) async fn ensure(
    layout: &Layout,
    account: &Account,
    binaries: &Binaries,
    durable: bool,
) -> Result<(), EmbeddedError> {
    remove_unfinished(&layout.data)?;
    if layout.cluster_version()?.is_some() {
        let owner = fs::metadata(&layout.cluster).tried("read", &layout.cluster)?.uid();
        return if owner == account.uid() { Ok(()) } else { account.own_all(&layout.cluster) };
    }
    let begun = Instant::now();
    let mut made = false;
    for locale in LOCALES {
        made = initdb(layout, account, binaries, durable, locale).await?;
        if made {
            break;
        }
    }
    if !made {
        return Err(EmbeddedError::Program { program: binaries.initdb(), output: "no locale fits".to_owned() });
    }
    tracing::info!(cluster = %layout.cluster.display(), version = binaries.major, elapsed = ?begun.elapsed(),
        "made the PostgreSQL cluster");
    Ok(())
}

/// Runs `initdb`; `false` when the system doesn't have the locale.
async fn initdb(
    layout: &Layout,
    account: &Account,
    binaries: &Binaries,
    durable: bool,
    locale: &str,
) -> Result<bool, EmbeddedError> {
    let folder = layout.data.join(format!("{UNFINISHED}{}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&folder).tried("create", &folder)?;
    account.own(&folder)?;
    let mut command = account.command(&binaries.initdb(), &folder);
    command.args(["-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--data-checksums", "--no-instructions"]);
    command.arg(format!("--locale={locale}")).arg("-D").arg(&folder);
    if !durable {
        command.arg("--no-sync");
    }
    let output = command.kill_on_drop(true).output().await.tried("run", binaries.initdb())?;
    if output.status.success() {
        fs::rename(&folder, &layout.cluster).tried("move into place", &folder)?;
        return File::open(&layout.data).and_then(|data| data.sync_all()).tried("sync", &layout.data).map(|()| true);
    }
    fs::remove_dir_all(&folder).tried("remove", &folder)?;
    let said = String::from_utf8_lossy(&output.stderr);
    if said.contains("invalid locale") {
        return Ok(false);
    }
    Err(EmbeddedError::Program { program: binaries.initdb(), output: said.trim().to_owned() })
}

/// Removes a folder into which a process that was just killed may still be writing.
fn remove_dying(folder: &Path) -> std::io::Result<()> {
    for _ in 0..50 {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::DirectoryNotEmpty => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            outcome => return outcome,
        }
    }
    fs::remove_dir_all(folder)
}

/// Removes what an interrupted `initdb` left.
fn remove_unfinished(data: &Path) -> Result<(), EmbeddedError> {
    for entry in fs::read_dir(data).tried("read", data)? {
        let entry = entry.tried("read", data)?;
        if entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes()) {
            tracing::info!(folder = %entry.path().display(), "removing an unfinished PostgreSQL cluster");
            remove_dying(&entry.path()).tried("remove", entry.path())?;
        }
    }
    Ok(())
}
