//! How much a workspace, and somebody in it, may upload.

use kernel::{
    bounds::in_force,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr};

use super::Images;
use crate::{Schema, error::GalleryError, ports::AllowedBytes, store::storage};

impl Images {
    /// What is told of how much may be uploaded, for [`Images::check_quota`].
    pub(crate) async fn allowed_bytes(&self, workspace: WorkspaceId, uploader: UserId) -> Result<AllowedBytes, DbErr> {
        self.premises.allowed_bytes(workspace, uploader).await
    }

    /// Refuses what `tx` added if there is more than may be. The database counted it with the row, and lets nobody else add
    /// to the workspace before this transaction ends: of many who race for the last bytes no two get them. What plans say is
    /// what they say at this moment, and until the transaction ends.
    pub(crate) async fn check_quota(
        &self,
        tx: &impl ConnectionTrait,
        (workspace, uploader): (WorkspaceId, UserId),
        allowed: AllowedBytes,
    ) -> Result<(), GalleryError> {
        let plans = in_force::<Schema>(tx, workspace, uploader, &allowed.by_plans).await?;
        let bytes = |bound: i64| u64::try_from(bound).unwrap_or_default();
        let of_all = [allowed.of_all, plans.of_all.map(bytes)].into_iter().flatten().min();
        if let Some(allowed) = of_all {
            let used = storage::used(tx, workspace).await?;
            if used > allowed {
                return Err(GalleryError::QuotaExceeded { of: "the workspace", used, allowed });
            }
        }
        if let Some(allowed) = plans.of_member.map(bytes) {
            let used = storage::used_by(tx, workspace, uploader).await?;
            if used > allowed {
                return Err(GalleryError::QuotaExceeded { of: "the one who uploads", used, allowed });
            }
        }
        Ok(())
    }
}
