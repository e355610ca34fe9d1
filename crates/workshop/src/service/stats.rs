//! A workshop in numbers.

use kernel::guard::Permit;

use super::Workshops;
use crate::{
    actions::{OfWorkshop, ViewStats},
    dto::{Attended, DayCount, PhotoTotals, Registrations, WorkshopStats},
    error::WorkshopError,
    store,
};

impl Workshops {
    /// Who registered when, who came, who likes to come.
    pub async fn stats(&self, permit: &Permit<ViewStats>) -> Result<WorkshopStats, WorkshopError> {
        let totals = store::stats::totals(permit).await?.ok_or(WorkshopError::Missing)?;
        let (workspace, workshop) = (permit.workspace(), permit.target().workshop().id);
        let photos = self.photos.counts(workspace, workshop).await?;
        let mut total = 0;
        let by_day = store::stats::by_day(permit).await?.into_iter().map(|day| {
            total += day.count;
            DayCount { day: day.day, count: day.count, total }
        });
        Ok(WorkshopStats {
            workshop_id: workshop,
            registrations: Registrations {
                confirmed: totals.confirmed,
                waitlisted: totals.waitlisted,
                withdrawn: totals.withdrawn,
                by_day: by_day.collect(),
            },
            attendance: Attended { checked_in: totals.checked_in, absent: totals.confirmed - totals.checked_in },
            favorites: totals.favorites,
            photos: PhotoTotals {
                description: photos.description,
                attendee: photos.attendee,
                likes: photos.likes,
                comments: photos.comments,
            },
        })
    }
}
