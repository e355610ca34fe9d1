//! The same done to many images: each is decided about, changed and committed by itself, so that what is refused about one
//! says nothing about the others, and nothing of one is half done.

use kernel::{guard::Each, ids::ImageId, problem::Problem};

use super::Images;
use crate::{
    actions::{DeleteImage, EditImage, ReviewImage},
    dto::{BulkDecision, BulkEdit, BulkOutcome, BulkResult},
};

impl Images {
    /// Edits each.
    pub(crate) async fn edit_each(&self, each: &Each<EditImage>, edit: BulkEdit) -> BulkResult {
        let (ids, patch) = edit.parts();
        one_by_one(ids, async |id: ImageId| {
            self.edit(&each.permit(id.0).await?, patch.clone()).await?;
            Ok(200)
        })
        .await
    }

    /// Decides about each.
    pub(crate) async fn decide_each(&self, each: &Each<ReviewImage>, decision: BulkDecision) -> BulkResult {
        let (ids, decision) = decision.parts();
        one_by_one(ids, async |id: ImageId| {
            self.decide(&each.permit(id.0).await?, decision.clone()).await?;
            Ok(200)
        })
        .await
    }

    /// Moves each to the trash.
    pub(crate) async fn delete_each(&self, each: &Each<DeleteImage>, ids: Vec<ImageId>) -> BulkResult {
        one_by_one(ids, async |id: ImageId| {
            self.delete(&each.permit(id.0).await?).await?;
            Ok(204)
        })
        .await
    }
}

async fn one_by_one(ids: Vec<ImageId>, act: impl AsyncFn(ImageId) -> Result<u16, Problem>) -> BulkResult {
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        results.push(BulkOutcome::of(id, act(id).await));
    }
    BulkResult { results }
}
