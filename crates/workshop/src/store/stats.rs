//! A workshop counted.

use chrono::NaiveDate;
use kernel::guard::Permit;
use sea_orm::{DbErr, FromQueryResult};

use super::statement;
use crate::actions::{OfWorkshop, ViewStats};

/// A workshop in numbers.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Totals {
    pub(crate) confirmed: i64,
    pub(crate) waitlisted: i64,
    pub(crate) withdrawn: i64,
    pub(crate) checked_in: i64,
    pub(crate) favorites: i64,
}

/// The numbers of the permit's workshop; none if it is gone.
pub(crate) async fn totals(permit: &Permit<ViewStats>) -> Result<Option<Totals>, DbErr> {
    let sql = "SELECT s.confirmed::bigint AS confirmed, s.waitlisted::bigint AS waitlisted, \
                   s.withdrawn::bigint AS withdrawn, \
                   (SELECT count(*) FROM workshop.attendees a WHERE a.workspace_id = $1 AND a.workshop_id = $2 \
                       AND a.checked_in_at IS NOT NULL) AS checked_in, \
                   (SELECT count(*) FROM workshop.favorites f WHERE f.workspace_id = $1 AND f.workshop_id = $2) \
                       AS favorites \
               FROM workshop.seats s WHERE s.workspace_id = $1 AND s.workshop_id = $2";
    let values = [permit.workspace().into(), permit.target().workshop().id.into()];
    Totals::find_by_statement(statement(sql, values)).one(&permit.db()).await
}

/// Registrations of one day.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Day {
    pub(crate) day: NaiveDate,
    pub(crate) count: i64,
}

/// The registrations that there are, by day in the workshop's time zone.
pub(crate) async fn by_day(permit: &Permit<ViewStats>) -> Result<Vec<Day>, DbErr> {
    let workshop = permit.target().workshop();
    let sql = "SELECT (a.registered_at AT TIME ZONE $3)::date AS day, count(*) AS count FROM workshop.attendees a \
               WHERE a.workspace_id = $1 AND a.workshop_id = $2 GROUP BY 1 ORDER BY 1";
    let values = [permit.workspace().into(), workshop.id.into(), workshop.timezone.clone().into()];
    Day::find_by_statement(statement(sql, values)).all(&permit.db()).await
}
