//! Rows of attendees. Who registers, withdraws and is seated is decided in the database, under the lock of the seats.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Permit, Tx},
    http::Paging,
    ids::{UserId, WorkspaceId},
};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::statement;
use crate::{
    WorkshopId,
    actions::{CheckIn, OfWorkshop, Register, Seats, ViewAttendees, ViewAvailability, ViewRegistration},
    dto::{AttendeeFilter, AttendeeStatus, RegistrationView},
};

/// What came of registering.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Outcome {
    #[sea_orm(from_alias = "outcome")]
    pub(crate) came: String,
    status: Option<AttendeeStatus>,
    position: Option<i64>,
    place_in_line: Option<i64>,
    registered_at: Option<DateTime<Utc>>,
    confirmed_at: Option<DateTime<Utc>>,
    checked_in_at: Option<DateTime<Utc>>,
    pub(crate) opens_at: Option<DateTime<Utc>>,
    pub(crate) closes_at: Option<DateTime<Utc>>,
}

impl Outcome {
    /// The registration that there is now, if there is one.
    pub(crate) fn registration(self, workshop: WorkshopId, user: UserId) -> Option<RegistrationView> {
        Some(RegistrationView {
            workshop_id: workshop,
            user_id: user,
            status: self.status?,
            position: self.position?,
            place_in_line: self.place_in_line,
            registered_at: self.registered_at?,
            confirmed_at: self.confirmed_at,
            checked_in_at: self.checked_in_at,
        })
    }
}

/// Registers `user`, unless they are, as at the instant `at`. `past_window`: also while registration isn't open.
pub(crate) async fn register(
    tx: &Tx<'_, Register>,
    user: UserId,
    at: DateTime<Utc>,
    past_window: bool,
) -> Result<Option<Outcome>, DbErr> {
    let permit = tx.permit();
    let sql = "SELECT * FROM workshop.register($1, $2, $3, $4, $5, $6)";
    let values = [
        permit.workspace().into(),
        permit.target().workshop().id.into(),
        user.into(),
        permit.caller().into(),
        at.into(),
        past_window.into(),
    ];
    Outcome::find_by_statement(statement(sql, values)).one(tx).await
}

/// Registers somebody of the program's own choice, unless they are or it is too late; answers what they have, if it is new.
pub(crate) async fn ensure(
    tx: &SystemTx<'_>,
    workspace: WorkspaceId,
    workshop: WorkshopId,
    user: UserId,
    at: DateTime<Utc>,
) -> Result<Option<AttendeeStatus>, DbErr> {
    let sql = "SELECT * FROM workshop.register($1, $2, $3, $3, $4, true)";
    let values = [workspace.into(), workshop.into(), user.into(), at.into()];
    let outcome = Outcome::find_by_statement(statement(sql, values)).one(tx).await?;
    match outcome {
        Some(Outcome { came, status, .. }) if came == "registered" => Ok(status),
        Some(Outcome { came, .. }) if came != "missing" => Ok(None),
        _ => Err(DbErr::RecordNotFound(format!("workshop {workshop}"))),
    }
}

/// What somebody had who has it no longer.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Gone {
    pub(crate) status: AttendeeStatus,
    pub(crate) checked_in_at: Option<DateTime<Utc>>,
}

/// Takes `user`'s registration back; none if there was none.
pub(crate) async fn withdraw<A: Seats>(tx: &Tx<'_, A>, user: UserId) -> Result<Option<Gone>, DbErr> {
    let permit = tx.permit();
    withdraw_until(tx, permit.workspace(), permit.target().workshop().id, user, None).await
}

/// The same without a request; with `until`, only what they had then or longer.
pub(crate) async fn withdraw_former(
    tx: &SystemTx<'_>,
    workspace: WorkspaceId,
    workshop: WorkshopId,
    user: UserId,
    until: Option<DateTime<Utc>>,
) -> Result<Option<Gone>, DbErr> {
    withdraw_until(tx, workspace, workshop, user, until).await
}

async fn withdraw_until(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    workshop: WorkshopId,
    user: UserId,
    until: Option<DateTime<Utc>>,
) -> Result<Option<Gone>, DbErr> {
    let sql = "SELECT * FROM workshop.withdraw($1, $2, $3, $4)";
    let values = [workspace.into(), workshop.into(), user.into(), until.into()];
    Gone::find_by_statement(statement(sql, values)).one(db).await
}

/// Gives free seats to those first in line; answers to whom, in that order.
pub(crate) async fn promote<A: Seats>(tx: &Tx<'_, A>) -> Result<Vec<UserId>, DbErr> {
    let permit = tx.permit();
    promote_in(tx, permit.workspace(), permit.target().workshop().id, permit.now()).await
}

/// The same without a request.
pub(crate) async fn promote_after(
    tx: &SystemTx<'_>,
    workspace: WorkspaceId,
    workshop: WorkshopId,
    at: DateTime<Utc>,
) -> Result<Vec<UserId>, DbErr> {
    promote_in(tx, workspace, workshop, at).await
}

async fn promote_in(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    workshop: WorkshopId,
    at: DateTime<Utc>,
) -> Result<Vec<UserId>, DbErr> {
    let sql = "SELECT p.user_id FROM workshop.promote($1, $2, $3) p";
    let rows = db.query_all_raw(statement(sql, [workspace.into(), workshop.into(), at.into()])).await?;
    rows.iter().map(|row| row.try_get("", "user_id")).collect()
}

/// The workshops of a workspace that aren't over, for which `user` is registered; in the order in which they are locked.
pub(crate) async fn waiting_workshops(
    tx: &SystemTx<'_>,
    workspace: WorkspaceId,
    user: UserId,
    at: DateTime<Utc>,
) -> Result<Vec<Upcoming>, DbErr> {
    let sql = "SELECT w.id, w.title FROM workshop.attendees a JOIN workshop.workshops w ON w.id = a.workshop_id \
               WHERE a.workspace_id = $1 AND a.user_id = $2 AND w.ends_at > $3 ORDER BY w.id";
    let values = [workspace.into(), user.into(), at.into()];
    Upcoming::find_by_statement(statement(sql, values)).all(tx).await
}

/// A workshop that isn't over.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Upcoming {
    pub(crate) id: WorkshopId,
    pub(crate) title: String,
}

/// Writes down that `user` came, unless that was; answers whether it was written now. None: they aren't registered.
pub(crate) async fn check_in(tx: &Tx<'_, CheckIn>, user: UserId) -> Result<Option<(Attendee, bool)>, DbErr> {
    let permit = tx.permit();
    let at = permit.now();
    let sql = "SELECT a.* FROM workshop.attendees a WHERE a.workshop_id = $1 AND a.user_id = $2 \
               AND a.workspace_id = $3 FOR UPDATE";
    let values = [permit.target().workshop().id.into(), user.into(), permit.workspace().into()];
    let Some(known) = Attendee::find_by_statement(statement(sql, values)).one(tx).await? else { return Ok(None) };
    if known.checked_in_at.is_some() || known.status != AttendeeStatus::Confirmed {
        return Ok(Some((known, false)));
    }
    let sql = "UPDATE workshop.attendees SET checked_in_at = $4, checked_in_by = $5 \
               WHERE workshop_id = $1 AND user_id = $2 AND workspace_id = $3";
    let values = [
        permit.target().workshop().id.into(),
        user.into(),
        permit.workspace().into(),
        at.into(),
        permit.caller().into(),
    ];
    tx.execute_raw(statement(sql, values)).await?;
    Ok(Some((Attendee { checked_in_at: Some(at), ..known }, true)))
}

/// Someone who is registered.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Attendee {
    pub(crate) user_id: UserId,
    pub(crate) status: AttendeeStatus,
    pub(crate) position: i64,
    pub(crate) registered_at: DateTime<Utc>,
    pub(crate) confirmed_at: Option<DateTime<Utc>>,
    pub(crate) checked_in_at: Option<DateTime<Utc>>,
}

/// The next `limit + 1` attendees after the position `after`, in the order in which they registered.
pub(crate) async fn page(
    permit: &Permit<ViewAttendees>,
    paging: &Paging<AttendeeFilter>,
    after: Option<i64>,
) -> Result<Vec<Attendee>, DbErr> {
    let AttendeeFilter { status, checked_in } = paging.filter();
    let status = match status {
        None => "",
        Some(AttendeeStatus::Confirmed) => "AND status = 'confirmed'",
        Some(AttendeeStatus::Waitlisted) => "AND status = 'waitlisted'",
    };
    let came = match checked_in {
        None => "",
        Some(true) => "AND checked_in_at IS NOT NULL",
        Some(false) => "AND checked_in_at IS NULL",
    };
    let sql = format!(
        "SELECT * FROM workshop.attendees WHERE workspace_id = $1 AND workshop_id = $2 AND position > $3 \
         {status} {came} ORDER BY position LIMIT $4"
    );
    let limit = i64::try_from(paging.limit() + 1).unwrap_or(i64::MAX);
    let values = [
        permit.workspace().into(),
        permit.target().workshop().id.into(),
        after.unwrap_or_default().into(),
        limit.into(),
    ];
    Attendee::find_by_statement(statement(sql, values)).all(&permit.db()).await
}

/// The caller's own registration.
pub(crate) async fn own(permit: &Permit<ViewRegistration>) -> Result<Option<RegistrationView>, DbErr> {
    let sql = "SELECT a.workshop_id, a.user_id, a.status, a.position, a.registered_at, a.confirmed_at, a.checked_in_at, \
                   CASE WHEN a.status = 'waitlisted' THEN (SELECT count(*) FROM workshop.attendees f \
                       WHERE f.workspace_id = $3 AND f.workshop_id = $1 AND f.status = 'waitlisted' \
                       AND f.position <= a.position) END AS place_in_line \
               FROM workshop.attendees a WHERE a.workshop_id = $1 AND a.user_id = $2 AND a.workspace_id = $3";
    let values = [permit.target().workshop().id.into(), permit.caller().into(), permit.workspace().into()];
    let Some(row) = permit.db().query_one_raw(statement(sql, values)).await? else { return Ok(None) };
    Ok(Some(RegistrationView {
        workshop_id: row.try_get("", "workshop_id")?,
        user_id: row.try_get("", "user_id")?,
        status: row.try_get("", "status")?,
        position: row.try_get("", "position")?,
        place_in_line: row.try_get("", "place_in_line")?,
        registered_at: row.try_get("", "registered_at")?,
        confirmed_at: row.try_get("", "confirmed_at")?,
        checked_in_at: row.try_get("", "checked_in_at")?,
    }))
}

/// The seats at this moment, and what the caller has to do with the workshop.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Taken {
    pub(crate) confirmed: i32,
    pub(crate) waitlisted: i32,
    pub(crate) registered_as: Option<AttendeeStatus>,
    pub(crate) is_favorite: bool,
}

/// Reads them in one statement; none if the workshop is gone.
pub(crate) async fn taken(permit: &Permit<ViewAvailability>) -> Result<Option<Taken>, DbErr> {
    let sql = "SELECT s.confirmed, s.waitlisted, a.status AS registered_as, \
                   EXISTS (SELECT FROM workshop.favorites f WHERE f.workspace_id = $2 AND f.user_id = $3 \
                       AND f.workshop_id = $1) AS is_favorite \
               FROM workshop.seats s LEFT JOIN workshop.attendees a ON a.workshop_id = $1 AND a.user_id = $3 \
               WHERE s.workshop_id = $1 AND s.workspace_id = $2";
    let values = [permit.target().workshop().id.into(), permit.workspace().into(), permit.caller().into()];
    Taken::find_by_statement(statement(sql, values)).one(&permit.db()).await
}
