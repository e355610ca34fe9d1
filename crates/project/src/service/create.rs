//! Creating projects: within the owner's limit, under a key of their own.

use billing::{Bound, Bounds};
use kernel::{
    bounds::{Word, in_force},
    grant::Relation,
    guard::{Permit, Tx},
    http::{Created, etag_of},
    ids::{ProjectId, UserId},
    outbox::Event,
};
use serde_json::Value;

use super::Projects;
use crate::{
    Schema,
    actions::CreateProject,
    content::{Content, trimmed},
    dto::{Avatar, NewProject, ProjectView},
    entity::projects,
    error::ProjectError,
    events, key,
    permissions::{CAN_EDIT_PROJECTS, MAX_PROJECTS},
    store::{self, Draft},
};

/// How often a made key may meet one that was chosen in the same instant.
const ROUNDS: usize = 5;

impl Projects {
    /// Creates a project, which its owner takes part in from the start.
    pub async fn create(
        &self,
        permit: &Permit<CreateProject>,
        new: NewProject,
    ) -> Result<Created<ProjectView>, ProjectError> {
        let owner = self.owner_of_new(permit, new.owner_id).await?;
        let told = self.entitlements.told(permit.workspace(), owner, MAX_PROJECTS.key).await?;
        let tx = permit.begin().await?;
        require_room(&tx, owner, &told).await?;
        let row = insert(&tx, new, owner).await?;
        store::ensure_member(&tx, &row, owner, row.created_at).await?;
        tx.announce(created(&row)).await?;
        let location = format!("/projects/{}", row.id);
        let reply = Created::at(location, Some(etag_of(row.version)), ProjectView::from(row));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// The caller, or whom they name; a project in someone else's name takes the right to edit everyone's.
    async fn owner_of_new(
        &self,
        permit: &Permit<CreateProject>,
        named: Option<UserId>,
    ) -> Result<UserId, ProjectError> {
        let owner = named.unwrap_or(permit.caller());
        if owner != permit.caller() {
            permit.require_at(&CAN_EDIT_PROJECTS, Relation::Other)?;
        }
        if owner != permit.caller() || permit.is_platform() {
            self.require_member(permit.workspace(), owner, "/owner_id").await?;
        }
        Ok(owner)
    }
}

/// What `project.created` tells.
pub(crate) fn created(row: &projects::Model) -> Event {
    let event = Event::new(events::PROJECT_CREATED, events::RESOURCE, row.id.0, row.created_at);
    Content::of(row).tell(None, event.in_workspace(row.workspace_id)).field(
        "owner_id",
        Value::Null,
        row.owner_id.to_string(),
    )
}

/// Refuses an owner who has as many projects as the caller's role or the owner's plan lets them, and a workspace that has as
/// many as its plan does. Exact: who counts waits for whoever counted before and has not committed.
async fn require_room(tx: &Tx<'_, CreateProject>, owner: UserId, told: &[Word]) -> Result<(), ProjectError> {
    let bounds = Bounds::from(in_force::<Schema>(tx, tx.permit().workspace(), owner, told).await?);
    if let Some(bound) = bounds.of_workspace() {
        store::lock_workspace(tx).await?;
        require_below(bound, store::count_all(tx).await?)?;
    }
    if let Some(bound) = bounds.of_member(tx.permit().limit(&MAX_PROJECTS)) {
        store::lock_ownership(tx, owner).await?;
        require_below(bound, store::count_owned(tx, owner).await?)?;
    }
    Ok(())
}

pub(super) fn require_below(bound: Bound, used: u64) -> Result<(), ProjectError> {
    let used = i64::try_from(used).unwrap_or(i64::MAX);
    if used < bound.value { Ok(()) } else { Err(ProjectError::LimitReached { bound, used }) }
}

async fn insert(tx: &Tx<'_, CreateProject>, new: NewProject, owner: UserId) -> Result<projects::Model, ProjectError> {
    let at = tx.permit().now();
    let content = Content {
        key: new.key.unwrap_or_default(),
        name: trimmed(&new.name),
        description: new.description,
        is_public: new.is_public,
        is_billable: new.is_billable,
        avatar: new.avatar.map(Avatar::normal),
    };
    let draft = Draft { id: ProjectId::new(at), workspace: tx.permit().workspace(), owner, content, at };
    if draft.content.key.is_empty() {
        return insert_with_made_key(tx, draft).await;
    }
    store::insert(tx, draft).await?.ok_or(ProjectError::KeyTaken)
}

/// Makes a key of the name. Those who make keys of one stem wait for each other; only a key that someone chose can be in
/// the way, and then the next free one is taken.
async fn insert_with_made_key(tx: &Tx<'_, CreateProject>, draft: Draft) -> Result<projects::Model, ProjectError> {
    let stem = key::stem_of(&draft.content.name);
    store::lock_keys(tx, &stem).await?;
    for _ in 0..ROUNDS {
        let mut draft = draft.clone();
        draft.content.key = key::free_key(&stem, &store::taken_keys(tx, &stem).await?);
        if let Some(row) = store::insert(tx, draft).await? {
            return Ok(row);
        }
    }
    Err(ProjectError::KeyTaken)
}
