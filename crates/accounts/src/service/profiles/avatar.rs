//! Uploaded avatars. An object is written before the row that needs it, under a name of its own, and deleted when that
//! row has another; a crash in between leaves an object that nothing refers to.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use kernel::{
    guard::Permit,
    http::{NoContent, Tagged},
    ids::UserId,
    media::{ObjectStoreExt, Path},
};
use pictures::{Limits, PictureFault, Square, square};
use sha2::{Digest, Sha256};
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    Profiles,
    changes::Changed,
    edit::{locked, write},
};
use crate::{
    actions::profiles::{EditProfile, ViewAvatar},
    entity::profile,
    error::{AccountsError, AvatarFault},
    profile_dto::ProfileView,
};

/// How large an uploaded picture may be.
const LIMITS: Limits = Limits { pixels: 4096 * 4096, side: 4096, frames: 200 };
/// The width and height of what is made of it, in pixels.
const SIDE: u32 = 256;
/// How long an upload waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// A picture on its way out.
#[derive(Debug)]
pub(crate) struct AvatarPicture {
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
}

/// The entity tag of a profile's picture: its content. None where there is none.
pub(crate) fn avatar_tag(row: &profile::Model) -> Option<String> {
    row.avatar_hash.as_deref().map(|hash| format!("\"{}\"", hex::encode(&hash[..hash.len().min(16)])))
}

/// Where someone's pictures are.
pub(super) fn folder_of(user: UserId) -> Path {
    Path::from(format!("accounts/avatars/{user}"))
}

/// Where the picture of a profile is: named after its content, and after the upload, so that no two rows ever share it.
fn object_of(row: &profile::Model) -> Option<Path> {
    let (image, hash) = (row.avatar_image?, row.avatar_hash.as_ref()?);
    Some(Path::from(format!("accounts/avatars/{}/{}-{image}", row.user_id, hex::encode(hash))))
}

impl Profiles {
    /// Makes an uploaded picture the avatar, in the place of whatever was.
    pub(crate) async fn set_avatar(
        &self,
        permit: &Permit<EditProfile>,
        upload: Bytes,
    ) -> Result<Tagged<ProfileView>, AccountsError> {
        // Refused before the work of decoding; decided again under the lock.
        let target = permit.target();
        if target.user.id != permit.caller() && !permit.is_platform() && target.user.created_via != permit.place() {
            return Err(AccountsError::NotYours);
        }
        let made = self.developed(upload).await?;
        let hash = Sha256::digest(&made.bytes).to_vec();
        if target.profile.avatar_hash.as_ref() == Some(&hash) {
            return Ok(self.shown(permit, &target.profile));
        }
        let mut after = target.profile.clone();
        (after.avatar_image, after.avatar_hash) = (Some(Uuid::new_v4()), Some(hash));
        after.avatar_type = Some(made.format.media_type().to_owned());
        (after.avatar_emoji, after.avatar_color) = (None, None);
        let object = object_of(&after).ok_or(AvatarFault::None)?;
        self.media.put(&object, made.bytes.into()).await.map_err(AvatarFault::Store)?;

        let (before, row) = match self.put_in_place(permit, &after).await {
            Ok(written) => written,
            Err(error) => {
                // Where the commit itself failed nobody knows whether it happened: then the object stays.
                if !matches!(error, AccountsError::Failure(kernel::failure::Failure::Db(_))) {
                    self.discard(&object).await;
                }
                return Err(error);
            }
        };
        self.discard_replaced(&before, &row).await;
        Ok(self.shown(permit, &row))
    }

    /// Writes the avatar of `wanted` into the profile as it is now; answers it as it was and as it is.
    async fn put_in_place(
        &self,
        permit: &Permit<EditProfile>,
        wanted: &profile::Model,
    ) -> Result<(profile::Model, profile::Model), AccountsError> {
        let tx = permit.begin().await?;
        let before = locked(&tx).await?;
        let row = profile::Model {
            avatar_image: wanted.avatar_image,
            avatar_hash: wanted.avatar_hash.clone(),
            avatar_type: wanted.avatar_type.clone(),
            avatar_emoji: None,
            avatar_color: None,
            ..before.clone()
        };
        let row = write(&tx, Changed { row, fields: vec!["avatar"] }).await?;
        tx.commit().await?;
        Ok((before, row))
    }

    /// Removes an uploaded picture; there being none is no error, and an emoji stays.
    pub(crate) async fn clear_avatar(&self, permit: &Permit<EditProfile>) -> Result<NoContent, AccountsError> {
        let tx = permit.begin().await?;
        let before = locked(&tx).await?;
        if before.avatar_image.is_none() {
            return Ok(NoContent);
        }
        let row = profile::Model { avatar_image: None, avatar_hash: None, avatar_type: None, ..before.clone() };
        let row = write(&tx, Changed { row, fields: vec!["avatar"] }).await?;
        tx.commit().await?;
        self.discard_replaced(&before, &row).await;
        Ok(NoContent)
    }

    /// The uploaded picture.
    pub(crate) async fn avatar(&self, permit: &Permit<ViewAvatar>) -> Result<AvatarPicture, AccountsError> {
        let row = &permit.target().0;
        let (Some(object), Some(media_type)) = (object_of(row), row.avatar_type.clone()) else {
            return Err(AvatarFault::None.into());
        };
        match self.media.get(&object).await {
            Ok(found) => Ok(AvatarPicture { media_type, bytes: found.bytes().await.map_err(AvatarFault::Store)? }),
            // Replaced since the row was read.
            Err(object_store::Error::NotFound { .. }) => Err(AvatarFault::None.into()),
            Err(error) => Err(AvatarFault::Store(error).into()),
        }
    }

    /// Checks an upload and makes the square of it, on a thread where it keeps nobody waiting.
    async fn developed(&self, upload: Bytes) -> Result<Square, AvatarFault> {
        let waited = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = waited else { return Err(AvatarFault::Busy) };
        let work = tokio::task::spawn_blocking(move || {
            // Held until the work is done, also when its request is gone.
            let _place = place;
            square(&upload, &LIMITS, SIDE)
        });
        let made = work.await.unwrap_or_else(|error| {
            // A decoder that panicked met bytes that its authors did not think of.
            tracing::error!(%error, "an avatar could not be decoded");
            Err(PictureFault::Corrupt)
        });
        Ok(made?)
    }

    /// Deletes the object of `before` if `after` has another or none. Each object is one row's, so nobody else needs it.
    pub(super) async fn discard_replaced(&self, before: &profile::Model, after: &profile::Model) {
        if let (Some(object), true) = (object_of(before), before.avatar_image != after.avatar_image) {
            self.discard(&object).await;
        }
    }

    async fn discard(&self, object: &Path) {
        match self.media.delete(object).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(%error, %object, "an avatar that nothing refers to is left"),
        }
    }
}
