//! The same done to many images: all are looked for at once, each is decided about by itself, and those that may be changed
//! by the same right are changed in one transaction. What is refused about one says nothing about the others, and nothing of
//! one is half done.

use std::collections::HashMap;

use kernel::{
    guard::{Batch, Each, Identified, Permit},
    http::etag_of,
    ids::ImageId,
    problem::Problem,
};

use super::{Images, approval::Move, editing::Edit, removal::deleted};
use crate::{
    actions::{DeleteImage, EditImage, ImageRow, ReviewImage},
    dto::{BulkDecision, BulkEdit, BulkOutcome, BulkResult},
    error::GalleryError,
    store,
};

/// What came of images: a status, or why nothing did.
type Outcomes = HashMap<ImageId, Result<u16, GalleryError>>;

impl Images {
    /// Edits each.
    pub(crate) async fn edit_each(&self, each: &Each<EditImage>, edit: BulkEdit) -> Result<BulkResult, Problem> {
        let (ids, patch) = edit.parts();
        let edit = Edit::of(patch);
        together(each, ids, async |batch: &Batch<EditImage>| {
            let (tx, now) = (batch.begin().await?, batch.first().now());
            let rows = store::images::lock_each(&tx, batch).await?;
            let (mut changed, mut events) = (Vec::new(), Vec::new());
            let outcomes = decided(rows, |row| {
                tx.check_version(&etag_of(row.version))?;
                if let Some(event) = edit.told(row, now) {
                    events.push(event);
                    changed.push(row.id);
                }
                Ok(200)
            });
            if !changed.is_empty() {
                store::images::edit_each(&tx, &changed, (edit.description(), edit.tags()), now).await?;
                tx.announce_all(events).await?;
            }
            tx.commit().await?;
            Ok(outcomes)
        })
        .await
    }

    /// Decides about each.
    pub(crate) async fn decide_each(
        &self,
        each: &Each<ReviewImage>,
        decision: BulkDecision,
    ) -> Result<BulkResult, Problem> {
        let (ids, decision) = decision.parts();
        together(each, ids, async |batch: &Batch<ReviewImage>| {
            let step = Move::decide(decision.clone())?;
            let (tx, now) = (batch.begin().await?, batch.first().now());
            let rows = store::images::lock_each(&tx, batch).await?;
            let mut decided_about: Vec<ImageRow> = Vec::new();
            let outcomes = decided(rows, |row| {
                step.check(&tx, row, now)?;
                decided_about.push(row.clone());
                Ok(200)
            });
            if !decided_about.is_empty() {
                step.go_with_each(&tx, decided_about, now).await?;
            }
            tx.commit().await?;
            Ok(outcomes)
        })
        .await
    }

    /// Moves each to the trash.
    pub(crate) async fn delete_each(&self, each: &Each<DeleteImage>, ids: Vec<ImageId>) -> Result<BulkResult, Problem> {
        together(each, ids, async |batch: &Batch<DeleteImage>| {
            let (tx, now) = (batch.begin().await?, batch.first().now());
            let rows = store::images::lock_each(&tx, batch).await?;
            let (mut gone, mut events) = (Vec::new(), Vec::new());
            let outcomes = decided(rows, |row| {
                tx.check_version(&etag_of(row.version))?;
                events.push(deleted(row, now));
                gone.push(row.id);
                Ok(204)
            });
            if !gone.is_empty() {
                store::images::discard_each(&tx, &gone, now).await?;
                tx.announce_all(events).await?;
            }
            tx.commit().await?;
            Ok(outcomes)
        })
        .await
    }
}

/// What is to become of each locked row.
fn decided(rows: Vec<ImageRow>, mut of: impl FnMut(&ImageRow) -> Result<u16, GalleryError>) -> Outcomes {
    rows.into_iter().map(|row| (row.id, of(&row))).collect()
}

/// Looks for all, decides about each, and does `act` with those that rest on the same right, in one transaction. What fails
/// there fails for all of them; an image that is gone by then is 404.
async fn together<A: Identified<Target = ImageRow>>(
    each: &Each<A>,
    ids: Vec<ImageId>,
    act: impl AsyncFn(&Batch<A>) -> Result<Outcomes, GalleryError>,
) -> Result<BulkResult, Problem> {
    let keys: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let (mut told, mut permits): (HashMap<ImageId, BulkOutcome>, Vec<Permit<A>>) = (HashMap::new(), Vec::new());
    for (id, judged) in ids.iter().zip(each.permits(&keys).await?) {
        match judged {
            Ok(permit) => permits.push(permit),
            Err(refused) => drop(told.insert(*id, BulkOutcome::of(*id, Err(refused)))),
        }
    }
    for batch in Batch::of(permits) {
        match act(&batch).await {
            Ok(outcomes) => {
                let outcome = |(id, outcome): (ImageId, Result<u16, GalleryError>)| {
                    (id, BulkOutcome::of(id, outcome.map_err(Problem::from)))
                };
                told.extend(outcomes.into_iter().map(outcome));
            }
            Err(error) => {
                let problem = Problem::from(error);
                told.extend(batch.targets().map(|image| (image.id, BulkOutcome::refused(image.id, &problem))));
            }
        }
    }
    let gone = |id: ImageId| BulkOutcome::refused(id, &Problem::not_found());
    Ok(BulkResult { results: ids.into_iter().map(|id| told.remove(&id).unwrap_or_else(|| gone(id))).collect() })
}
