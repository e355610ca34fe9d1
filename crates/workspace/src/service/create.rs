//! Founding a workspace: itself, its roles from a blueprint, and its owner's membership, in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{
    guard::{Permit, SignedIn},
    http::{Created, etag_of},
    ids::{RoleId, UserId, WorkspaceId},
    outbox::Event,
};
use policy::Blueprint;
use sea_orm::ConnectionTrait;

use super::{Workspaces, announce_added};
use crate::{
    Schema, blueprints, currency,
    dto::{Avatar, MemberStatus, NewWorkspace, Registration, WorkspaceView},
    entity::{member, role, workspace},
    error::WorkspaceError,
    events, slug, store,
};

/// How often another number is tried at the end of a slug, before a random tail.
const ATTEMPTS: usize = 5;

/// A workspace to found.
#[derive(Debug)]
pub(crate) struct Founding {
    pub name: String,
    /// Exactly this slug, or one that follows from the name.
    pub slug: Option<String>,
    pub description: String,
    pub currency: String,
    pub registration: Registration,
    pub avatar: Option<Avatar>,
    pub owner: UserId,
    pub now: DateTime<Utc>,
}

impl Workspaces {
    /// Makes a workspace of which the caller is the owner.
    pub(crate) async fn create(
        &self,
        permit: &Permit<SignedIn<Schema>>,
        new: NewWorkspace,
    ) -> Result<Created<WorkspaceView>, WorkspaceError> {
        let name = new.blueprint.as_deref().unwrap_or(blueprints::DEFAULT);
        let blueprint = self
            .blueprints
            .get(name)
            .ok_or_else(|| WorkspaceError::UnknownBlueprint { available: self.blueprints.names() })?;
        let founding = Founding {
            name: new.name,
            slug: new.slug,
            description: new.description.unwrap_or_default(),
            currency: new.currency.unwrap_or_else(|| currency::DEFAULT.to_owned()),
            registration: new.registration.unwrap_or_else(|| blueprint.registration.into()),
            avatar: new.avatar,
            owner: permit.caller(),
            now: permit.now(),
        };
        let tx = permit.begin().await?;
        let row = found(&tx, blueprint, founding).await?;
        tx.announce(created(&row)).await?;
        tx.announce(announce_added(row.id, row.owner_id, &blueprint.owner_role, permit.now())).await?;
        let id = row.id;
        let view = view(row, blueprint);
        let reply = Created::at(format!("/workspaces/{id}"), Some(etag_of(1)), view);
        tx.commit_with(&reply).await?;
        self.standings.forget_user(permit.caller());
        Ok(reply)
    }
}

/// The event that tells of a new workspace.
pub(crate) fn created(row: &workspace::Model) -> Event {
    Event::new(events::CREATED, events::WORKSPACE, row.id.0, row.created_at)
        .in_workspace(row.id)
        .fact("name", row.name.as_str())
        .fact("slug", row.slug.as_str())
        .fact("blueprint", row.blueprint.as_str())
}

fn view(row: workspace::Model, blueprint: &Blueprint) -> WorkspaceView {
    let avatar = row.avatar_emoji.zip(row.avatar_color).map(|(emoji, color)| Avatar { emoji, color });
    WorkspaceView {
        id: row.id,
        slug: row.slug,
        name: row.name,
        description: row.description,
        currency: row.currency,
        registration: row.registration,
        blueprint: row.blueprint,
        avatar,
        owner_id: row.owner_id,
        owner_role: blueprint.owner_role.clone(),
        default_role: blueprint.default_role.clone(),
        my_role: Some(blueprint.owner_role.clone()),
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Founds a workspace. Its references to its roles and its owner are checked when the transaction commits.
pub(crate) async fn found(
    tx: &impl ConnectionTrait,
    blueprint: &Blueprint,
    founding: Founding,
) -> Result<workspace::Model, WorkspaceError> {
    let (owner, now) = (founding.owner, founding.now);
    let roles: HashMap<&str, RoleId> =
        blueprint.roles.iter().map(|role| (role.name.as_str(), RoleId::new(now))).collect();
    let row = insert_workspace(tx, blueprint, founding, &roles).await?;
    insert_roles(tx, blueprint, &row, &roles).await?;
    let membership = member::Model {
        workspace_id: row.id,
        user_id: owner,
        role_id: row.owner_role_id,
        status: MemberStatus::Active,
        hour_rate: None,
        expires_at: None,
        version: 1,
        joined_at: now,
        updated_at: now,
    };
    store::members::insert_into(tx, membership).await?;
    Ok(row)
}

async fn insert_workspace(
    tx: &impl ConnectionTrait,
    blueprint: &Blueprint,
    founding: Founding,
    roles: &HashMap<&str, RoleId>,
) -> Result<workspace::Model, WorkspaceError> {
    // A blueprint is read only if its references lead somewhere.
    let role = |name: &str| roles.get(name).copied().ok_or(WorkspaceError::NotFound);
    let avatar = founding.avatar.map(Avatar::stored);
    let (avatar_emoji, avatar_color) = avatar.unzip();
    let mut row = workspace::Model {
        id: WorkspaceId::new(founding.now),
        slug: String::new(),
        name: founding.name,
        description: founding.description,
        currency: founding.currency,
        registration: founding.registration,
        blueprint: blueprint.name.clone(),
        owner_id: founding.owner,
        owner_role_id: role(&blueprint.owner_role)?,
        default_role_id: role(&blueprint.default_role)?,
        avatar_emoji,
        avatar_color,
        version: 1,
        created_at: founding.now,
        updated_at: founding.now,
        deleted_at: None,
    };
    if let Some(slug) = founding.slug {
        row.slug = slug;
        return if store::workspaces::insert(tx, row.clone()).await? {
            Ok(row)
        } else {
            Err(WorkspaceError::SlugTaken)
        };
    }
    let base = slug::of_name(&row.name);
    for attempt in 0..=ATTEMPTS {
        row.slug = match attempt {
            0 => base.clone(),
            ATTEMPTS => format!("{base}-{}", tail(row.id)),
            _ => format!("{base}-{}", store::workspaces::highest_suffix(tx, &base).await? + 1),
        };
        if store::workspaces::insert(tx, row.clone()).await? {
            return Ok(row);
        }
    }
    Err(WorkspaceError::SlugTaken)
}

/// The random end of an id.
fn tail(id: WorkspaceId) -> String {
    let mut digits = id.0.simple().to_string();
    digits.split_off(digits.len().saturating_sub(12))
}

/// The roles first, then what leads from one to another, which may be a later one.
async fn insert_roles(
    tx: &impl ConnectionTrait,
    blueprint: &Blueprint,
    workspace: &workspace::Model,
    roles: &HashMap<&str, RoleId>,
) -> Result<(), WorkspaceError> {
    let now = workspace.created_at;
    for (place, role) in (0..).zip(&blueprint.roles) {
        let row = role::Model {
            id: roles.get(role.name.as_str()).copied().ok_or(WorkspaceError::NotFound)?,
            workspace_id: Some(workspace.id),
            name: role.name.clone(),
            title: role.title.clone(),
            description: role.description.clone(),
            permissions: role.permissions.to_value(),
            self_assignable: role.self_assignable,
            promotes_to: role.promotes_to.as_deref().and_then(|name| roles.get(name)).copied(),
            directory: role.directory.clone(),
            granted_by_plan: role.granted_by_plan,
            version: 1,
            // A microsecond apart, so that lists show them in the blueprint's order.
            created_at: now + TimeDelta::microseconds(place),
            updated_at: now,
            updated_by: Some(workspace.owner_id),
        };
        store::roles::insert(tx, row).await?;
    }
    Ok(())
}
