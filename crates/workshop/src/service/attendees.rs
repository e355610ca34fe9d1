//! Who is registered, and who came.

use chrono::{DateTime, Utc};
use kernel::{
    guard::Permit,
    http::{Done, Paging},
    ids::UserId,
    page::Page,
};

use super::{Workshops, about};
use crate::{
    actions::{CheckIn, OfWorkshop, ViewAttendees},
    days::Window,
    dto::{AttendeeFilter, AttendeeStatus, AttendeeView},
    entity::workshops::{Model, Stage},
    error::WorkshopError,
    events,
    permissions::CAN_MANAGE_ATTENDEES,
    ports::PersonName,
    store::{self, attendees::Attendee},
};

impl Workshops {
    /// A page of those who are registered. Their addresses are for those who manage them.
    pub async fn attendees(
        &self,
        permit: &Permit<ViewAttendees>,
        paging: &Paging<AttendeeFilter>,
    ) -> Result<Page<AttendeeView>, WorkshopError> {
        let rows = store::attendees::page(permit, paging, paging.after()?).await?;
        let page = paging.page(rows, |row| row.position)?;
        let users: Vec<UserId> = page.items.iter().map(|row| row.user_id).collect();
        let names = self.names(&users).await?;
        let mut emails = if permit.holds(&CAN_MANAGE_ATTENDEES) && !users.is_empty() {
            self.members.emails(&users).await?
        } else {
            std::collections::HashMap::new()
        };
        Ok(page.map(|row| {
            let email = emails.remove(&row.user_id);
            let name = names.get(&row.user_id).cloned();
            view(row, name, email)
        }))
    }

    /// Writes down that somebody with a seat came: to what takes place, from its first day on. Said again, it changes
    /// nothing.
    pub async fn check_in(&self, permit: &Permit<CheckIn>, user: UserId) -> Result<Done<AttendeeView>, WorkshopError> {
        let mut names = self.names(&[user]).await?;
        let tx = permit.begin().await?;
        takes_people_in(&store::workshops::hold(&tx).await?.ok_or(WorkshopError::Missing)?, permit.now())?;
        let (row, is_new) = store::attendees::check_in(&tx, user).await?.ok_or(WorkshopError::NotRegistered)?;
        if row.status == AttendeeStatus::Waitlisted {
            return Err(WorkshopError::Waitlisted);
        }
        if is_new {
            let workshop = permit.target().workshop().id;
            tx.announce(about(events::CHECKED_IN, workshop, user, permit.now())).await?;
        }
        let reply = Done { status: actix_web::http::StatusCode::OK, view: view(row, names.remove(&user), None) };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}

/// Nobody comes to what isn't published, or before the day on which it begins where it takes place. Afterwards it may be
/// made up for.
fn takes_people_in(workshop: &Model, now: DateTime<Utc>) -> Result<(), WorkshopError> {
    let opens_at = Window::of(workshop).from;
    match workshop.status {
        Stage::Draft => Err(WorkshopError::Draft),
        Stage::Cancelled => Err(WorkshopError::Cancelled),
        Stage::Published if now < opens_at => Err(WorkshopError::CheckInNotOpen { opens_at }),
        Stage::Published => Ok(()),
    }
}

fn view(row: Attendee, name: Option<PersonName>, email: Option<String>) -> AttendeeView {
    let PersonName { username, first_name, last_name } = name.unwrap_or_default();
    AttendeeView {
        user_id: row.user_id,
        username,
        first_name,
        last_name,
        email,
        status: row.status,
        position: row.position,
        registered_at: row.registered_at,
        confirmed_at: row.confirmed_at,
        checked_in_at: row.checked_in_at,
    }
}
