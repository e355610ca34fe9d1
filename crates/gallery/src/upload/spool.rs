//! The spool folder: uploads while nothing is decided about them. A file in it is deleted when nobody holds it any more.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use tempfile::{Builder, TempPath};
use tokio::{
    fs::File,
    io::{AsyncWriteExt, BufWriter},
};

/// How the names of spooled files begin, so that nothing else is swept away.
const PREFIX: &str = "upload-";
/// The age at which a file has lost its upload: the program was killed.
const LEFTOVER_AFTER: Duration = Duration::hours(1);
/// Bytes that are gathered for a write.
const BUFFER: usize = 256 * 1024;

/// The folder, and how many bytes a file in it may have.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    max_bytes: u64,
}

/// A file in the spool folder. Dropping it deletes the file.
#[derive(Debug)]
pub(crate) struct Spooled {
    path: TempPath,
    length: u64,
    hash: [u8; 32],
}

impl Spooled {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// SHA-256 of the bytes.
    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    pub(crate) async fn open(&self) -> io::Result<File> {
        File::open(&self.path).await
    }
}

impl Spool {
    /// Makes the folder if it isn't there, and clears it of what killed programs left behind.
    pub(crate) fn open(folder: PathBuf, max_bytes: u64, now: DateTime<Utc>) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            let modified = entry.metadata().and_then(|metadata| metadata.modified());
            if is_ours && modified.is_ok_and(|at| DateTime::<Utc>::from(at) < now - LEFTOVER_AFTER) {
                // Another instance that starts now may have been faster.
                let _ = std::fs::remove_file(entry.path());
            }
        }
        Ok(Self { folder, max_bytes })
    }

    pub(crate) fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Starts a file.
    pub(crate) fn intake(&self) -> io::Result<Intake> {
        let (file, path) = self.new_file()?.into_parts();
        let out = BufWriter::with_capacity(BUFFER, File::from_std(file));
        Ok(Intake { out, path, length: 0, hash: Sha256::new(), max_bytes: self.max_bytes })
    }

    /// Writes a whole file. Blocks.
    pub(crate) fn keep(&self, bytes: &[u8]) -> io::Result<Spooled> {
        let mut file = self.new_file()?;
        file.write_all(bytes)?;
        let hash = Sha256::digest(bytes).into();
        Ok(Spooled { path: file.into_temp_path(), length: bytes.len() as u64, hash })
    }

    fn new_file(&self) -> io::Result<tempfile::NamedTempFile> {
        Builder::new().prefix(PREFIX).tempfile_in(&self.folder)
    }
}

/// A file that is being received.
#[derive(Debug)]
pub(crate) struct Intake {
    out: BufWriter<File>,
    path: TempPath,
    length: u64,
    hash: Sha256,
    max_bytes: u64,
}

impl Intake {
    /// Adds bytes. [`io::ErrorKind::FileTooLarge`] if there were too many.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        if self.length > self.max_bytes {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.hash.update(bytes);
        self.out.write_all(bytes).await
    }

    /// Ends the file.
    pub(crate) async fn finish(mut self) -> io::Result<Spooled> {
        self.out.flush().await?;
        Ok(Spooled { path: self.path, length: self.length, hash: self.hash.finalize().into() })
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn files(folder: &Path) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

    #[tokio::test]
    async fn a_spooled_file_lives_as_long_as_it_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path().join("spool"), 10, DateTime::UNIX_EPOCH).unwrap();
        let mut intake = spool.intake().unwrap();
        intake.write(b"01234").await.unwrap();
        intake.write(b"56789").await.unwrap();
        let spooled = intake.finish().await.unwrap();
        assert_eq!(std::fs::read(spooled.path()).unwrap(), b"0123456789");
        assert_eq!((spooled.length(), spooled.hash()), (10, &Sha256::digest(b"0123456789").into()));
        drop(spooled);
        assert_eq!(files(&spool.folder), 0);
    }

    #[tokio::test]
    async fn a_byte_too_many_is_refused_and_nothing_stays() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path().into(), 10, DateTime::UNIX_EPOCH).unwrap();
        let mut intake = spool.intake().unwrap();
        intake.write(b"0123456789").await.unwrap();
        assert_eq!(intake.write(b"!").await.unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        drop(intake);
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn leftovers_are_cleared_when_they_are_old_and_ours() {
        let folder = tempfile::tempdir().unwrap();
        let (old, fresh, other) =
            (folder.path().join("upload-old"), folder.path().join("upload-fresh"), folder.path().join("notes.txt"));
        let now = DateTime::UNIX_EPOCH + Duration::days(9);
        for (path, age) in [(&old, 61), (&fresh, 59), (&other, 9999)] {
            let modified = now - Duration::minutes(age);
            let since = std::time::Duration::from_secs(u64::try_from(modified.timestamp()).unwrap());
            std::fs::File::create(path).unwrap().set_modified(UNIX_EPOCH + since).unwrap();
        }
        Spool::open(folder.path().into(), 10, now).unwrap();
        assert!(!old.exists() && fresh.exists() && other.exists());
    }
}
