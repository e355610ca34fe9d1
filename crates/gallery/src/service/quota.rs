//! How much a workspace may upload.

use kernel::ids::WorkspaceId;
use sea_orm::ConnectionTrait;

use super::Images;
use crate::{error::GalleryError, store};

impl Images {
    /// Refuses what `tx` added if the workspace has more than it may have. The database counted it with the row, and lets
    /// nobody else add before this transaction ends: of many who race for the last bytes no two get them.
    pub(crate) async fn check_quota(
        &self,
        tx: &impl ConnectionTrait,
        workspace: WorkspaceId,
    ) -> Result<(), GalleryError> {
        let Some(allowed) = self.premises.allowed_bytes(workspace).await? else { return Ok(()) };
        let used = store::storage::used(tx, workspace).await?;
        if used > allowed { Err(GalleryError::QuotaExceeded { used, allowed }) } else { Ok(()) }
    }
}
