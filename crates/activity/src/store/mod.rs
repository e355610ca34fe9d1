//! The only queries of this domain. Each takes the permit or the actor that it serves, and names its workspace.

mod chains;
mod read;

use kernel::{db::System, outbox::Event};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

pub(crate) use chains::{End, Link, begin_reading, ends, links};
pub(crate) use read::{Asked, of_person, of_resource, of_workspace};

use crate::{Schema, content::Content};

/// Where what happened in no workspace is kept.
pub(crate) const NOWHERE: Uuid = Uuid::nil();

/// Appends an event to its chain, unless it is there. One statement: the database numbers and hashes the row, under the
/// chain's lock.
pub(crate) async fn append(system: &System<Schema>, event: &Event, content: Content) -> Result<(), DbErr> {
    let sql = "INSERT INTO activity.events (workspace_id, id, actor_id, token_id, system_actor, as_platform, action, \
               resource_kind, resource_id, changes, facts, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)";
    let values = [
        event.workspace_id.map_or(NOWHERE, |workspace| workspace.0).into(),
        event.id.into(),
        event.actor_id.into(),
        content.token.into(),
        event.system_actor.clone().into(),
        event.as_platform.into(),
        event.action.clone().into(),
        event.resource_kind.clone().into(),
        event.resource_id.into(),
        serde_json::Value::Object(content.changes).into(),
        serde_json::Value::Object(content.facts).into(),
        event.at.into(),
    ];
    system.db().execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    Ok(())
}
