//! Projects that the program makes without a request: of the demo, of the command line. Making them twice makes them
//! once.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    ids::{ProjectId, UserId, WorkspaceId},
    outbox::Event,
};
use sea_orm::DbErr;

use crate::{
    Schema,
    content::{Content, trimmed},
    dto::Avatar,
    events, service, store,
};

/// A project that there is to be.
#[derive(Clone, Debug)]
pub struct ProjectSpec {
    /// Where.
    pub workspace: WorkspaceId,
    /// By what it is recognised in the workspace: 2–10 upper-case letters and digits, a letter first.
    pub key: String,
    /// Its name, 1–120 characters.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Who owns it.
    pub owner: UserId,
    /// Whether those who see projects see it without taking part.
    pub is_public: bool,
    /// Whether its work is billed.
    pub is_billable: bool,
    /// Its face.
    pub avatar: Option<Avatar>,
}

/// Makes the project, unless the workspace has one of that key, which is left as it is. Answers its id.
pub async fn ensure_project(
    system: &System<Schema>,
    spec: ProjectSpec,
    now: DateTime<Utc>,
) -> Result<ProjectId, DbErr> {
    let ProjectSpec { workspace, key, name, description, owner, is_public, is_billable, avatar } = spec;
    let avatar = avatar.map(Avatar::normal);
    let content = Content { key, name: trimmed(&name), description, is_public, is_billable, avatar };
    let draft = store::Draft { id: ProjectId::new(now), workspace, owner, content, at: now };
    let tx = system.begin().await?;
    let (row, is_new) = store::ensure(&tx, draft).await?;
    if is_new {
        store::ensure_member(&tx, &row, owner, now).await?;
        tx.announce(service::created(&row)).await?;
    }
    tx.commit().await?;
    Ok(row.id)
}

/// Lets `user` take part in the project, unless they do. Answers whether that changed anything; a project that the
/// workspace doesn't have is an error.
pub async fn ensure_project_member(
    system: &System<Schema>,
    workspace: WorkspaceId,
    project: ProjectId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let tx = system.begin().await?;
    let row = store::project_of(&tx, workspace, project).await?;
    let changed = store::ensure_member(&tx, &row, user, now).await?;
    if changed {
        let event = Event::new(events::MEMBER_ADDED, events::RESOURCE, project.0, now).in_workspace(workspace);
        tx.announce(event.fact("user_id", user.to_string())).await?;
    }
    tx.commit().await?;
    Ok(changed)
}
