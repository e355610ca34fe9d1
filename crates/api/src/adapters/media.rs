//! The object-storage port: a folder, or an S3-compatible store.

use std::{io, path::Path, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use kernel::media::Media;
use object_store::{BackoffConfig, ClientOptions, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem};
use secrecy::ExposeSecret;

use crate::settings::{MediaSettings, MediaStore, Settings};

/// The folder of the local store, in the data folder.
const FOLDER: &str = "media";
/// How long S3 may take to be reached, and to answer one call.
const CONNECT: Duration = Duration::from_secs(3);
const CALL: Duration = Duration::from_mins(1);
/// How long a call is repeated: a request that waits must be answered, and its client can repeat it, too.
const REPEATED: Duration = Duration::from_secs(5);

/// The configured store. The local one is the folder `media` in the data folder.
pub fn media(settings: &MediaSettings, data_dir: &Path) -> anyhow::Result<Media> {
    Ok(match settings.store {
        MediaStore::Local => {
            let folder = data_dir.join(FOLDER);
            std::fs::create_dir_all(&folder)?;
            Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true))
        }
        MediaStore::S3 => {
            let s3 = &settings.s3;
            let mut builder = AmazonS3Builder::new()
                .with_bucket_name(&s3.bucket)
                .with_region(&s3.region)
                .with_access_key_id(&s3.access_key_id)
                .with_secret_access_key(s3.secret_access_key.expose_secret())
                .with_retry(RetryConfig { max_retries: 2, retry_timeout: REPEATED, backoff: BackoffConfig::default() });
            let mut client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(CALL);
            if !s3.endpoint.is_empty() {
                client = client.with_allow_http(s3.endpoint.starts_with("http://"));
                builder = builder.with_endpoint(&s3.endpoint);
            }
            builder = builder.with_client_options(client);
            Arc::new(builder.build()?)
        }
    })
}

/// Removes files that the local store began and never finished, last written before `before`: the program was killed. The
/// store lists none of them.
pub fn leftovers(settings: &Settings, before: DateTime<Utc>) -> io::Result<u64> {
    if settings.media.store != MediaStore::Local {
        return Ok(0);
    }
    let mut removed = 0;
    let mut folders = vec![Path::new(&settings.data_dir).join(FOLDER)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_dir() {
                folders.push(entry.path());
            } else if is_unfinished(&entry.file_name().to_string_lossy())
                && about.modified().is_ok_and(|at| DateTime::<Utc>::from(at) <= before)
            {
                std::fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

/// Whether a file has the name under which the store writes: that of the object with `#` and a number.
fn is_unfinished(name: &str) -> bool {
    let number = name.rsplit_once('#').map_or("", |(_, number)| number);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}
