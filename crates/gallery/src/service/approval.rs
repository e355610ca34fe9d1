//! From draft to approved, and back.

use chrono::{DateTime, Utc};
use kernel::{
    guard::{Permit, Tx},
    http::{Created, NoContent, Tagged, etag_of},
    ids::{ImageId, UserId},
    outbox::Event,
};
use sea_orm::Set;

use super::{Images, claiming::refuse_if_claimed, editing::touched};
use crate::{
    actions::{ImageRow, ReviewImage, SubmitImage, ViewApproval},
    dto::{Appeal, Approval, ApprovalView, ReviewDecision, Verdict},
    entity::{Status, image::ActiveModel},
    error::GalleryError,
    events,
    store::{
        self,
        approvals::{Step, history, history_in},
        images::ChangesImage,
    },
};

/// The reason code of what nobody had to approve.
pub(super) const OFF: &str = "approval_off";

/// A step that a caller wants to go.
pub(super) struct Move {
    event: &'static str,
    from: &'static [Status],
    to: Status,
    reason_code: Option<String>,
    reason: Option<String>,
    is_appeal: bool,
}

impl Move {
    const SUBMIT: Self = Self::plain(events::SUBMITTED, &[Status::Draft, Status::Rejected], Status::Pending);
    const WITHDRAW: Self =
        Self::plain(events::WITHDRAWN, &[Status::Pending, Status::Approved, Status::Rejected], Status::Draft);

    const fn plain(event: &'static str, from: &'static [Status], to: Status) -> Self {
        Self { event, from, to, reason_code: None, reason: None, is_appeal: false }
    }

    /// A submission where nobody has to approve.
    fn let_through() -> Self {
        let step = Self::plain(events::APPROVED, Self::SUBMIT.from, Status::Approved);
        Self { reason_code: Some(OFF.to_owned()), ..step }
    }

    fn appeal(text: String) -> Self {
        let step = Self::plain(events::APPEALED, &[Status::Rejected], Status::Pending);
        Self { reason: Some(text), is_appeal: true, ..step }
    }

    pub(super) fn decide(decision: ReviewDecision) -> Result<Self, GalleryError> {
        let reason = decision.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        let (event, to) = match decision.decision {
            Verdict::Approved => (events::APPROVED, Status::Approved),
            Verdict::Rejected if reason.is_none() && decision.reason_code.is_none() => {
                return Err(GalleryError::ReasonRequired);
            }
            Verdict::Rejected => (events::REJECTED, Status::Rejected),
        };
        Ok(Self { event, from: &[Status::Pending], to, reason_code: decision.reason_code, reason, is_appeal: false })
    }

    fn is_decision(&self) -> bool {
        matches!(self.to, Status::Approved | Status::Rejected)
    }

    /// Whether the step can be gone with a locked image.
    pub(super) fn check<A: ChangesImage>(
        &self,
        tx: &Tx<'_, A>,
        row: &ImageRow,
        now: DateTime<Utc>,
    ) -> Result<(), GalleryError> {
        tx.check_version(&etag_of(row.version))?;
        if row.workshop_id.is_some() {
            return Err(GalleryError::IsPhoto);
        }
        if !self.from.contains(&row.status) {
            return Err(GalleryError::WrongState { status: row.status, needed: self.from });
        }
        if row.status == Status::Pending && self.is_decision() {
            refuse_if_claimed(row, tx.permit().caller(), now)?;
        }
        Ok(())
    }

    /// The image as it is after the step.
    fn gone(&self, row: ImageRow, now: DateTime<Utc>) -> ActiveModel {
        let mut changed = touched(row, now);
        changed.status = Set(self.to);
        changed.submitted_at = Set((self.to == Status::Pending).then_some(now));
        changed.decided_at = Set(self.is_decision().then_some(now));
        changed.is_appeal = Set(self.is_appeal);
        changed.claimed_by = Set(None);
        changed.claimed_until = Set(None);
        changed
    }

    fn step(&self, actor: UserId, from: Status, at: DateTime<Utc>) -> Step {
        Step {
            actor: Some(actor),
            from,
            to: self.to,
            reason_code: self.reason_code.clone(),
            reason: self.reason.clone(),
            is_appeal: self.is_appeal,
            at,
        }
    }

    /// Decides so about locked images with which the step can be gone.
    pub(super) async fn go_with_each(
        &self,
        tx: &Tx<'_, ReviewImage>,
        rows: Vec<ImageRow>,
        now: DateTime<Utc>,
    ) -> Result<(), GalleryError> {
        let (mut steps, mut events) = (Vec::new(), Vec::new());
        for row in &rows {
            steps.push((row, self.step(tx.permit().caller(), row.status, now)));
            let after = ImageRow { status: self.to, updated_at: now, ..row.clone() };
            let (code, reason) = (self.reason_code.as_deref(), self.reason.as_deref());
            events.push(about(self.event, &after, row.status, code, reason));
        }
        let ids: Vec<ImageId> = rows.iter().map(|row| row.id).collect();
        store::images::decide_each(tx, &ids, self.to, now).await?;
        store::approvals::record_all(tx, steps).await?;
        Ok(tx.announce_all(events).await?)
    }
}

impl Images {
    /// Where the image stands, with its history.
    pub(crate) async fn approval(&self, permit: &Permit<ViewApproval>) -> Result<Tagged<ApprovalView>, GalleryError> {
        let image = permit.target();
        Ok(Tagged::new(image.version, ApprovalView::of(image, history(permit).await?, permit.now())))
    }

    /// Asks for a decision.
    pub(crate) async fn submit(&self, permit: &Permit<SubmitImage>) -> Result<Created<ApprovalView>, GalleryError> {
        let tx = permit.begin().await?;
        let step = match store::settings::approval(&tx, permit.workspace()).await? {
            Approval::Required => Move::SUBMIT,
            Approval::Off => Move::let_through(),
        };
        let (version, view) = go(&tx, step, permit.now()).await?;
        let reply = Created::at(format!("/images/{}/approval", view.image_id), Some(etag_of(version)), view);
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Decides. Of two who decide at once the second finds it decided.
    pub(crate) async fn decide(
        &self,
        permit: &Permit<ReviewImage>,
        decision: ReviewDecision,
    ) -> Result<Tagged<ApprovalView>, GalleryError> {
        let step = Move::decide(decision)?;
        let tx = permit.begin().await?;
        let (version, view) = go(&tx, step, permit.now()).await?;
        tx.commit().await?;
        Ok(Tagged::new(version, view))
    }

    /// Asks for another decision after a rejection. Only whoever uploaded the image does, once for each rejection.
    pub(crate) async fn appeal(
        &self,
        permit: &Permit<SubmitImage>,
        appeal: Appeal,
    ) -> Result<Created<ApprovalView>, GalleryError> {
        if permit.target().uploader_id != permit.caller() {
            return Err(GalleryError::NotUploader);
        }
        let tx = permit.begin().await?;
        let (version, view) = go(&tx, Move::appeal(appeal.reason.trim().to_owned()), permit.now()).await?;
        let reply = Created::at(format!("/images/{}/approval", view.image_id), Some(etag_of(version)), view);
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Takes an image back: it is a draft again, and shown to nobody else from the next request on.
    pub(crate) async fn withdraw(&self, permit: &Permit<SubmitImage>) -> Result<NoContent, GalleryError> {
        let tx = permit.begin().await?;
        go(&tx, Move::WITHDRAW, permit.now()).await?;
        tx.commit().await?;
        Ok(NoContent)
    }
}

/// Goes one step with the image locked; answers its version and where it stands now.
async fn go<A: ChangesImage>(
    tx: &Tx<'_, A>,
    step: Move,
    now: DateTime<Utc>,
) -> Result<(i32, ApprovalView), GalleryError> {
    let row = store::images::lock(tx).await?.ok_or(GalleryError::NotFound)?;
    step.check(tx, &row, now)?;
    let from = row.status;
    let row = store::images::update(tx, step.gone(row, now)).await?;
    let event = about(step.event, &row, from, step.reason_code.as_deref(), step.reason.as_deref());
    store::approvals::record(tx, &row, step.step(tx.permit().caller(), from, now)).await?;
    tx.announce(event).await?;
    Ok((row.version, ApprovalView::of(&row, history_in(tx).await?, now)))
}

/// The event of an image that was approved.
pub(super) fn told(row: &ImageRow, from: Status, reason_code: Option<&str>, reason: Option<&str>) -> Event {
    about(events::APPROVED, row, from, reason_code, reason)
}

fn about(event: &str, row: &ImageRow, from: Status, reason_code: Option<&str>, reason: Option<&str>) -> Event {
    Event::new(event, events::IMAGE, row.id.0, row.updated_at)
        .field("status", from.as_str(), row.status.as_str())
        .fact("image_id", row.id.to_string())
        .fact("uploader_id", row.uploader_id.to_string())
        .fact("reason_code", reason_code)
        .fact("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decision(decision: Verdict, reason_code: Option<&str>, reason: Option<&str>) -> Result<Move, GalleryError> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Move::decide(ReviewDecision { decision, reason_code: owned(reason_code), reason: owned(reason) })
    }

    #[test]
    fn a_rejection_needs_a_reason() {
        for blank in [None, Some(""), Some(" \n")] {
            let refused = decision(Verdict::Rejected, None, blank);
            assert!(matches!(refused, Err(GalleryError::ReasonRequired)));
            assert!(decision(Verdict::Approved, None, blank).is_ok());
        }
        assert_eq!(decision(Verdict::Rejected, None, Some(" blurred ")).unwrap().reason.as_deref(), Some("blurred"));
        assert!(decision(Verdict::Rejected, Some("blurred"), None).is_ok());
    }

    #[test]
    fn every_step_starts_where_it_may() {
        use Status::{Approved, Draft, Pending, Rejected};
        let starts = |step: Move| [Draft, Pending, Approved, Rejected].map(|status| step.from.contains(&status));
        assert_eq!(starts(Move::SUBMIT), [true, false, false, true]);
        assert_eq!(starts(Move::let_through()), [true, false, false, true]);
        assert_eq!(starts(Move::appeal("why".into())), [false, false, false, true]);
        assert_eq!(starts(Move::WITHDRAW), [false, true, true, true]);
        assert_eq!(starts(decision(Verdict::Approved, None, None).unwrap()), [false, true, false, false]);
        assert_eq!(starts(decision(Verdict::Rejected, None, Some("x")).unwrap()), [false, true, false, false]);
    }
}
