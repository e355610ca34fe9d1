//! How much a workspace, and somebody in it, may upload.

use kernel::ids::{UserId, WorkspaceId};
use sea_orm::{ConnectionTrait, DbErr};

use super::Images;
use crate::{error::GalleryError, ports::AllowedBytes, store::storage};

impl Images {
    /// How much may be uploaded, for [`Images::check_quota`].
    pub(crate) async fn allowed_bytes(&self, workspace: WorkspaceId, uploader: UserId) -> Result<AllowedBytes, DbErr> {
        self.premises.allowed_bytes(workspace, uploader).await
    }

    /// Refuses what `tx` added if there is more than may be. The database counted it with the row, and lets nobody else add
    /// to the workspace before this transaction ends: of many who race for the last bytes no two get them.
    pub(crate) async fn check_quota(
        &self,
        tx: &impl ConnectionTrait,
        (workspace, uploader): (WorkspaceId, UserId),
        allowed: AllowedBytes,
    ) -> Result<(), GalleryError> {
        if let Some(allowed) = allowed.by_all {
            let used = storage::used(tx, workspace).await?;
            if used > allowed {
                return Err(GalleryError::QuotaExceeded { of: "the workspace", used, allowed });
            }
        }
        if let Some(allowed) = allowed.by_uploader {
            let used = storage::used_by(tx, workspace, uploader).await?;
            if used > allowed {
                return Err(GalleryError::QuotaExceeded { of: "the one who uploads", used, allowed });
            }
        }
        Ok(())
    }
}
