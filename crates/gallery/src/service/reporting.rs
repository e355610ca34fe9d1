//! Reports of images, and what becomes of them.

use actix_web::http::StatusCode;
use kernel::{
    guard::{Permit, Scoped},
    http::{Done, Tagged, etag_of},
    outbox::Event,
    page::Page,
    problem::Problem,
};
use sea_orm::{IntoActiveModel, Set};

use super::Images;
use crate::{
    actions::{HandleReport, ListReports, ReportImage},
    dto::{NewReport, ReportReceipt, ReportVerdict, ReportView},
    entity::{ReportStatus, report},
    error::GalleryError,
    events,
    ids::ReportId,
    store::{self, reports::Key},
};

impl Images {
    /// Reports an image: 201, or 200 with the open report that the caller made before.
    pub(crate) async fn report(
        &self,
        permit: &Permit<ReportImage>,
        new: NewReport,
    ) -> Result<Done<ReportReceipt>, GalleryError> {
        let tx = permit.begin().await?;
        if !store::images::hold(&tx).await? {
            return Err(GalleryError::NotFound);
        }
        let now = permit.now();
        let row = report::Model {
            id: ReportId::new(now),
            workspace_id: permit.workspace(),
            image_id: permit.target().id,
            reporter_id: permit.caller(),
            reason_code: new.reason_code,
            reason: new.reason.map(|reason| reason.trim().to_owned()),
            status: ReportStatus::Open,
            handler_id: None,
            handled_at: None,
            note: None,
            version: 1,
            created_at: now,
        };
        // Handled between the two looks: the reporter may ask again.
        let (row, is_new) = store::reports::open(&tx, row).await?.ok_or(GalleryError::Busy)?;
        if is_new {
            let event = Event::new(events::REPORT_OPENED, events::REPORT, row.id.0, now);
            // Those who are reported may read the trail.
            tx.announce(event.fact("reason_code", row.reason_code.as_str()).anonymous()).await?;
        }
        let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
        let reply = Done { status, view: ReportReceipt::from(row) };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// A page of reports, the oldest first.
    pub(crate) async fn reports(&self, scoped: &Scoped<ListReports>) -> Result<Page<ReportView>, Problem> {
        let paging = scoped.paging();
        let rows = store::reports::page(scoped, paging.after()?).await?;
        let mut page = paging.page(rows, |(row, _)| Key(row.created_at, row.id))?;
        if paging.wants_count() {
            page.count = Some(store::reports::count(scoped).await?);
        }
        let me = scoped.caller();
        Ok(page.map(|(row, image)| {
            // Where nothing is known of the image, nothing is told of who reported it.
            let for_reported = image.is_none_or(|image| image.uploader_id == me || image.owner() == me);
            ReportView::of(row, for_reported)
        }))
    }

    /// Upholds or dismisses a report. Of two who do at once the second is told. Nobody is judge in their own cause.
    pub(crate) async fn handle_report(
        &self,
        permit: &Permit<HandleReport>,
        verdict: ReportVerdict,
    ) -> Result<Tagged<ReportView>, GalleryError> {
        if permit.target().is_against_caller {
            return Err(GalleryError::AgainstCaller);
        }
        let tx = permit.begin().await?;
        let row = store::reports::lock(&tx).await?.ok_or(GalleryError::NotFound)?;
        tx.check_version(&etag_of(row.version))?;
        if row.status != ReportStatus::Open {
            return Err(GalleryError::ReportHandled(row.status));
        }
        let (now, to) = (permit.now(), ReportStatus::from(verdict.status));
        let event = Event::new(events::REPORT_HANDLED, events::REPORT, row.id.0, now).field(
            "status",
            row.status.as_str(),
            to.as_str(),
        );
        let version = row.version + 1;
        let mut changed = row.into_active_model();
        changed.status = Set(to);
        changed.handler_id = Set(Some(permit.caller()));
        changed.handled_at = Set(Some(now));
        changed.note = Set(verdict.note.map(|note| note.trim().to_owned()));
        changed.version = Set(version);
        let row = store::reports::update(&tx, changed).await?;
        tx.announce(event).await?;
        tx.commit().await?;
        Ok(Tagged::new(row.version, ReportView::of(row, false)))
    }
}
