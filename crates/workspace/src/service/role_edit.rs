//! Making and changing roles.

use kernel::{
    guard::{Identified, Permit, Tx},
    http::{Created, Tagged, etag_of},
    ids::RoleId,
    outbox::Event,
};
use sea_orm::ActiveValue::Set;
use serde_json::{Map, Value};

use super::{Acting, Workspaces, check_kept, roles::Draft};
use crate::{
    actions::{CreateRole, EditsRole},
    dto::{RoleBody, RolePatch, RoleView},
    entity::role,
    error::WorkspaceError,
    events,
    store::{self, Locked, role_versions::VersionRow, roles::RoleRow},
};

/// The roles that a workspace may have.
const MAX_ROLES: usize = 200;

/// How a role is to change.
pub(crate) enum RoleChange {
    /// To exactly this.
    Replace(RoleBody),
    /// In these fields.
    Patch(RolePatch),
    /// To what it was in this version.
    Restore(i32),
}

impl Workspaces {
    /// Makes a role that grants no more than the caller's.
    pub(crate) async fn create_role(
        &self,
        permit: &Permit<CreateRole>,
        body: RoleBody,
    ) -> Result<Created<RoleView>, WorkspaceError> {
        let draft = Draft::from(body);
        let (tx, now) = (permit.begin().await?, permit.now());
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let all = store::roles::all(&locked).await?;
        if all.len() >= MAX_ROLES {
            return Err(WorkspaceError::TooManyRoles);
        }
        let acting = Acting::by_permit(&locked)?;
        let sound = self.check_draft(&draft, None, &locked.workspace, &all, &acting)?;
        let row = role::Model {
            id: RoleId::new(now),
            workspace_id: Some(locked.id()),
            name: draft.name,
            title: draft.title,
            description: draft.description,
            permissions: sound.document.to_value(),
            self_assignable: draft.self_assignable,
            promotes_to: sound.promotes_to,
            directory: draft.directory,
            granted_by_plan: draft.granted_by_plan,
            version: 1,
            created_at: now,
            updated_at: now,
            updated_by: Some(permit.caller()),
        };
        let row = store::roles::insert(&tx, row).await?;
        let event = Event::new(events::ROLE_CREATED, events::ROLE, row.id.0, now);
        tx.announce(event.fact("name", row.name.as_str()).fact("permissions", row.permissions.clone())).await?;
        let shown = self.shown_role(&locked, row.id).await?;
        let reply = Created::at(format!("/roles/{}", row.id), Some(etag_of(shown.version)), self.role_view(shown));
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Changes a role that grants no more than the caller's, neither before nor after.
    pub(crate) async fn edit_role<A: EditsRole>(
        &self,
        permit: &Permit<A>,
        wanted: RoleChange,
    ) -> Result<Tagged<RoleView>, WorkspaceError> {
        let (tx, id) = (permit.begin().await?, permit.target().id);
        let locked = Locked::take(&tx, permit.workspace()).await?.ok_or(WorkspaceError::NotFound)?;
        let all = store::roles::all(&locked).await?;
        let before = all.iter().find(|role| role.id == id).ok_or(WorkspaceError::NotFound)?;
        tx.check_version(&etag_of(before.version))?;
        let roles = self.standings.roles();
        let acting = Acting::by_permit(&locked)?;
        acting.covers_row(before, roles)?;
        let (draft, restored) = self.wanted(&locked, wanted, before, &all).await?;
        let sound = self.check_draft(&draft, Some(id), &locked.workspace, &all, &acting)?;
        let after = role::Model {
            name: draft.name,
            title: draft.title,
            description: draft.description,
            permissions: sound.document.to_value(),
            self_assignable: draft.self_assignable,
            promotes_to: sound.promotes_to,
            directory: draft.directory,
            granted_by_plan: draft.granted_by_plan,
            ..before.clone()
        };
        if after != *before {
            store::roles::update(&locked, id, change(&after, permit)).await?;
            check_kept(&locked, self.vocabulary()).await?;
            let event = updated(before, &after, permit);
            let event = if let Some(version) = restored { event.fact("restored_version", version) } else { event };
            tx.announce(event).await?;
        }
        let shown = self.shown_role(&locked, id).await?;
        let reply = Tagged::new(shown.version, self.role_view(shown));
        tx.commit_with(&reply).await?;
        self.standings.forget_role(id);
        Ok(reply)
    }

    /// The role as it is to be, and the version that it comes from.
    async fn wanted<A: EditsRole>(
        &self,
        locked: &Locked<'_, Tx<'_, A>>,
        wanted: RoleChange,
        before: &role::Model,
        all: &[role::Model],
    ) -> Result<(Draft, Option<i32>), WorkspaceError> {
        match wanted {
            RoleChange::Replace(body) => Ok((body.into(), None)),
            RoleChange::Patch(patch) => Ok((patched(patch, before, all), None)),
            RoleChange::Restore(version) => {
                let row = store::role_versions::get(locked, before.id, version).await?;
                Ok((self.restored(row.ok_or(WorkspaceError::UnknownVersion)?)?, Some(version)))
            }
        }
    }

    /// A former version as a draft. Keys that mean nothing any more are left out of it, as they are when it is read.
    fn restored(&self, row: VersionRow) -> Result<Draft, WorkspaceError> {
        if row.promotes_to.is_some() && row.promotes_to_name.is_none() {
            return Err(WorkspaceError::PromotionGone);
        }
        Ok(Draft {
            name: row.name,
            title: row.title,
            description: row.description,
            permissions: self.vocabulary().restore(&row.permissions).document.to_value(),
            self_assignable: row.self_assignable,
            promotes_to: row.promotes_to_name,
            directory: row.directory,
            granted_by_plan: row.granted_by_plan,
        })
    }

    async fn shown_role<A: Identified>(
        &self,
        locked: &Locked<'_, Tx<'_, A>>,
        id: RoleId,
    ) -> Result<RoleRow, WorkspaceError> {
        store::roles::find(locked.tx, id).await?.ok_or(WorkspaceError::NotFound)
    }
}

/// The columns of a role that can change.
pub(super) fn change<A: EditsRole>(after: &role::Model, permit: &Permit<A>) -> role::ActiveModel {
    role::ActiveModel {
        name: Set(after.name.clone()),
        title: Set(after.title.clone()),
        description: Set(after.description.clone()),
        permissions: Set(after.permissions.clone()),
        self_assignable: Set(after.self_assignable),
        promotes_to: Set(after.promotes_to),
        directory: Set(after.directory.clone()),
        granted_by_plan: Set(after.granted_by_plan),
        updated_at: Set(permit.now()),
        updated_by: Set(Some(permit.caller())),
        ..Default::default()
    }
}

fn updated<A: EditsRole>(before: &role::Model, after: &role::Model, permit: &Permit<A>) -> Event {
    let id = |role: Option<RoleId>| role.map(|id| id.to_string());
    Event::new(events::ROLE_UPDATED, events::ROLE, before.id.0, permit.now())
        .field("name", before.name.as_str(), after.name.as_str())
        .field("title", before.title.as_str(), after.title.as_str())
        .field("description", before.description.as_str(), after.description.as_str())
        .field("permissions", before.permissions.clone(), after.permissions.clone())
        .field("self_assignable", before.self_assignable, after.self_assignable)
        .field("promotes_to", id(before.promotes_to), id(after.promotes_to))
        .field("directory", before.directory.clone(), after.directory.clone())
        .field("granted_by_plan", before.granted_by_plan, after.granted_by_plan)
}

/// The role as it is, but with another document.
pub(super) fn with_permissions(before: &role::Model, all: &[role::Model], permissions: Value) -> Draft {
    let promoted = all.iter().find(|role| Some(role.id) == before.promotes_to).map(|role| role.name.clone());
    Draft {
        name: before.name.clone(),
        title: before.title.clone(),
        description: before.description.clone(),
        permissions,
        self_assignable: before.self_assignable,
        promotes_to: promoted,
        directory: before.directory.clone(),
        granted_by_plan: before.granted_by_plan,
    }
}

/// The role as it is, but for the fields that are given.
fn patched(patch: RolePatch, before: &role::Model, all: &[role::Model]) -> Draft {
    let mut permissions = before.permissions.clone();
    if let Some(change) = patch.permissions {
        merge(&mut permissions, change);
    }
    let is = with_permissions(before, all, permissions);
    Draft {
        name: patch.name.unwrap_or(is.name),
        title: patch.title.unwrap_or(is.title),
        description: patch.description.unwrap_or(is.description),
        permissions: is.permissions,
        self_assignable: patch.self_assignable.unwrap_or(is.self_assignable),
        promotes_to: patch.promotes_to.unwrap_or(is.promotes_to),
        directory: patch.directory.unwrap_or(is.directory),
        granted_by_plan: patch.granted_by_plan.unwrap_or(is.granted_by_plan),
    }
}

/// Applies a merge patch (RFC 7396 section 2).
fn merge(target: &mut Value, patch: Value) {
    let Value::Object(changes) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(members) = target {
        for (key, change) in changes {
            if change.is_null() {
                members.remove(&key);
            } else {
                merge(members.entry(key).or_insert(Value::Null), change);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The examples of RFC 7396, appendix A, that can be a document's.
    #[test]
    fn patches_merge_as_the_rfc_says() {
        let cases = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ];
        for (mut target, patch, merged) in cases {
            merge(&mut target, patch);
            assert_eq!(target, merged);
        }
    }
}
