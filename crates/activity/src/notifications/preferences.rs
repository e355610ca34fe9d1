//! What people want to be told of, and by what.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    guard::{Identified, Permit, Tx},
    problem::{FieldFault, Problem},
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{kinds::KINDS, service::Notifications};
use crate::{
    actions::{ChangePreferences, ViewPreferences},
    error::ActivityError,
};

const IN_APP: &str = "in_app";
const MAIL: &str = "mail";

/// How one is told of one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Preference {
    /// The kind, as notifications name it.
    pub kind: String,
    /// What it tells, for people.
    pub description: String,
    /// Whether it is shown in the application, and sent to open streams.
    pub in_app: bool,
    /// Whether it is mailed; null where that isn't for anybody to choose.
    pub mail: Option<bool>,
}

/// How one is told of everything that there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreferencesView {
    /// Every kind, by name.
    pub items: Vec<Preference>,
}

/// What one wants otherwise than is usual.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferencesChange {
    /// Kinds of which one says something; all others are as is usual.
    #[validate(length(max = 100))]
    pub items: Vec<PreferenceChange>,
}

/// What one wants of a kind.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceChange {
    /// The kind.
    pub kind: String,
    /// Whether it is shown; as is usual, if left out.
    #[serde(default)]
    pub in_app: Option<bool>,
    /// Whether it is mailed; as is usual, if left out or null.
    #[serde(default)]
    pub mail: Option<bool>,
}

/// What somebody said, by kind and channel.
type Said = BTreeMap<(String, String), bool>;

impl Notifications {
    /// How the caller is told of things.
    pub async fn preferences(&self, permit: &Permit<ViewPreferences>) -> Result<PreferencesView, ActivityError> {
        Ok(view(&said(permit).await?))
    }

    /// Has the caller told of things as they want, and of what they say nothing about as is usual.
    pub async fn prefer(
        &self,
        permit: &Permit<ChangePreferences>,
        change: &PreferencesChange,
    ) -> Result<PreferencesView, ActivityError> {
        let said = wanted(change)?;
        let tx = permit.begin().await?;
        replace(&tx, &said).await?;
        tx.commit().await?;
        Ok(view(&said))
    }
}

fn view(said: &Said) -> PreferencesView {
    let by = |kind: &str, channel: &str| said.get(&(kind.to_owned(), channel.to_owned())).copied();
    let items = KINDS.into_iter().map(|kind| Preference {
        kind: kind.name.to_owned(),
        description: kind.sentence.to_owned(),
        in_app: by(kind.name, IN_APP).unwrap_or(kind.in_app),
        mail: kind.mail.map(|usual| by(kind.name, MAIL).unwrap_or(usual)),
    });
    PreferencesView { items: items.collect() }
}

/// What is asked for; 422 names the kinds that there aren't, that come twice, or that aren't mailed.
fn wanted(change: &PreferencesChange) -> Result<Said, Problem> {
    let (mut said, mut faults, mut seen) = (Said::new(), Vec::new(), BTreeSet::new());
    for (at, item) in change.items.iter().enumerate() {
        let mut fault = |member: &str, code: &'static str, detail: &str| {
            faults.push(FieldFault::new(format!("/items/{at}/{member}"), code, detail));
        };
        let Some(kind) = KINDS.into_iter().find(|kind| kind.name == item.kind) else {
            fault("kind", "unknown_kind", "There is no such kind of notification.");
            continue;
        };
        if !seen.insert(kind.name) {
            fault("kind", "duplicate", "This kind is named twice.");
        }
        if item.mail.is_some() && kind.mail.is_none() {
            fault("mail", "not_mailed", "Whether this is mailed isn't to be chosen.");
        }
        for (channel, is_on) in [(IN_APP, item.in_app), (MAIL, item.mail)] {
            if let Some(is_on) = is_on {
                said.insert((item.kind.clone(), channel.to_owned()), is_on);
            }
        }
    }
    if faults.is_empty() { Ok(said) } else { Err(Problem::invalid(faults)) }
}

async fn said<A: Identified>(permit: &Permit<A>) -> Result<Said, DbErr> {
    let sql = "SELECT kind, channel, is_on FROM activity.preferences WHERE user_id = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [permit.caller().into()]);
    let rows = permit.db().query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok(((row.try_get("", "kind")?, row.try_get("", "channel")?), row.try_get("", "is_on")?)))
        .collect()
}

/// Two who replace at once come one after the other: the rows of both would be neither's.
async fn replace(tx: &Tx<'_, ChangePreferences>, said: &Said) -> Result<(), DbErr> {
    let user = tx.permit().caller();
    let lock = "SELECT pg_advisory_xact_lock(hashtextextended('activity.preferences' || $1::text, 0))";
    let sql = "DELETE FROM activity.preferences WHERE user_id = $1";
    for sql in [lock, sql] {
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [user.into()])).await?;
    }
    let (mut kinds, mut channels, mut are_on) = (Vec::new(), Vec::new(), Vec::new());
    for ((kind, channel), is_on) in said {
        kinds.push(kind.clone());
        channels.push(channel.clone());
        are_on.push(*is_on);
    }
    let sql = "INSERT INTO activity.preferences (user_id, kind, channel, is_on) \
               SELECT $1, said.* FROM unnest($2::text[], $3::text[], $4::boolean[]) AS said";
    let values = [user.into(), kinds.into(), channels.into(), are_on.into()];
    tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
