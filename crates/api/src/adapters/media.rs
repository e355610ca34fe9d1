//! The object-storage port: a folder, or an S3-compatible store.

use std::{path::Path, sync::Arc};

use kernel::media::Media;
use object_store::{aws::AmazonS3Builder, local::LocalFileSystem};
use secrecy::ExposeSecret;

use crate::settings::{MediaSettings, MediaStore};

/// The configured store. The local one is the folder `media` in the data folder.
pub fn media(settings: &MediaSettings, data_dir: &Path) -> anyhow::Result<Media> {
    Ok(match settings.store {
        MediaStore::Local => {
            let folder = data_dir.join("media");
            std::fs::create_dir_all(&folder)?;
            Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true))
        }
        MediaStore::S3 => {
            let s3 = &settings.s3;
            let mut builder = AmazonS3Builder::new()
                .with_bucket_name(&s3.bucket)
                .with_region(&s3.region)
                .with_access_key_id(&s3.access_key_id)
                .with_secret_access_key(s3.secret_access_key.expose_secret());
            if !s3.endpoint.is_empty() {
                let plain = s3.endpoint.starts_with("http://");
                builder = builder.with_endpoint(&s3.endpoint).with_allow_http(plain);
            }
            Arc::new(builder.build()?)
        }
    })
}
