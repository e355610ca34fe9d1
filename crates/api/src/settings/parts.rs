//! What the settings come to for each part of the program.

use std::{path::PathBuf, time::Duration};

use accounts::AccountSettings;
use gallery::GallerySettings;
use kernel::keyring::Keyring;
use secrecy::{ExposeSecret, SecretString};

use super::Settings;

/// What seals private fields: the secret, and those that it followed.
pub(crate) fn keyring(settings: &Settings, secret: &SecretString) -> Keyring {
    let former = settings.server.former_secrets.iter().map(|former| former.expose_secret().as_bytes());
    Keyring::new(secret.expose_secret().as_bytes(), former)
}

/// Of accounts.
pub(crate) fn account_settings(settings: &Settings, secret: &SecretString) -> AccountSettings {
    let auth = &settings.auth;
    let issuer = match settings.server.public_url.as_str() {
        "" => "http://localhost".to_owned(),
        url => url.trim_end_matches('/').to_owned(),
    };
    AccountSettings {
        issuer,
        audience: "lobby".to_owned(),
        access_ttl: Duration::from_secs(u64::from(auth.access_minutes) * 60),
        refresh_ttl: Duration::from_secs(u64::from(auth.refresh_days) * 86_400),
        hash_parallelism: (auth.hash_parallelism > 0).then_some(auth.hash_parallelism),
        hash_queue: auth.hash_queue,
        require_verified_email: auth.require_verified_email,
        secret: secret.clone(),
        keyring: keyring(settings, secret),
    }
}

/// Of the gallery, which receives uploads in `spool`.
pub(crate) fn gallery_settings(settings: &Settings, spool: PathBuf) -> GallerySettings {
    let limits = &settings.gallery;
    let mut gallery = GallerySettings::new(spool);
    gallery.max_bytes = limits.max_bytes;
    gallery.max_pixels = limits.max_pixels;
    gallery.max_side = limits.max_side;
    gallery.max_frames = limits.max_frames;
    gallery.accel = (!settings.media.accel.is_empty()).then(|| settings.media.accel.clone());
    if limits.decode_parallelism > 0 {
        gallery.decode_parallelism = limits.decode_parallelism;
    }
    gallery
}
