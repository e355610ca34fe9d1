//! What is asked of a role before it is stored, and how one is shown.

use kernel::{ids::RoleId, problem::FieldFault};
use policy::RoleDocument;
use serde_json::Value;

use super::{Acting, Workspaces};
use crate::{
    dto::{RoleBody, RoleView},
    entity::{role, workspace},
    error::{WorkspaceError, document_faults},
    store::roles::RoleRow,
};

/// The fields of a role as they are to be.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub name: String,
    pub title: String,
    pub description: String,
    pub permissions: Value,
    pub self_assignable: bool,
    /// A role's name.
    pub promotes_to: Option<String>,
    pub directory: Option<String>,
    pub granted_by_plan: bool,
}

impl From<RoleBody> for Draft {
    fn from(body: RoleBody) -> Self {
        Self {
            title: body.title.unwrap_or_else(|| body.name.clone()),
            name: body.name,
            description: body.description,
            permissions: body.permissions,
            self_assignable: body.self_assignable,
            promotes_to: body.promotes_to,
            directory: body.directory,
            granted_by_plan: body.granted_by_plan,
        }
    }
}

/// A draft that may be stored.
#[derive(Debug)]
pub(crate) struct Sound {
    /// Its document, in canonical form.
    pub document: RoleDocument,
    /// The role that it is exchanged for.
    pub promotes_to: Option<RoleId>,
}

/// Picks the role of that name out of a workspace's.
pub(crate) fn named(roles: Vec<role::Model>, name: &str, pointer: &'static str) -> Result<role::Model, WorkspaceError> {
    let available = roles.iter().map(|role| role.name.clone()).collect();
    roles.into_iter().find(|role| role.name == name).ok_or(WorkspaceError::UnknownRole { pointer, available })
}

impl Workspaces {
    /// Refuses a draft that is not sound, or that grants or leads to more than whoever acts may hand out. `id` is the
    /// role that it is to change, if there is one.
    pub(crate) fn check_draft(
        &self,
        draft: &Draft,
        id: Option<RoleId>,
        workspace: &workspace::Model,
        all: &[role::Model],
        acting: &Acting,
    ) -> Result<Sound, WorkspaceError> {
        let document = self.vocabulary().parse(&draft.permissions);
        let document = document.map_err(|faults| WorkspaceError::UnsoundRole(document_faults(faults)))?;
        let promoted = match &draft.promotes_to {
            Some(name) => Some(named(all.to_vec(), name, "/promotes_to")?),
            None => None,
        };
        let unsound = self.unsound(draft, &document, id, workspace, all, promoted.as_ref());
        if !unsound.is_empty() {
            return Err(WorkspaceError::UnsoundRole(unsound));
        }
        let roles = self.standings.roles();
        acting.covers(&roles.compile(&draft.name, &document))?;
        if let Some(promoted) = &promoted {
            acting.covers_row(promoted, roles)?;
        }
        Ok(Sound { document, promotes_to: promoted.map(|role| role.id) })
    }

    /// Nobody may get a say in who may do what without an administrator's act, and promotions must end.
    fn unsound(
        &self,
        draft: &Draft,
        document: &RoleDocument,
        id: Option<RoleId>,
        workspace: &workspace::Model,
        all: &[role::Model],
        promoted: Option<&role::Model>,
    ) -> Vec<FieldFault> {
        let governs = document.governs(self.vocabulary());
        let is_default = id == Some(workspace.default_role_id);
        let is_reached = id.is_some() && all.iter().any(|role| role.promotes_to == id);
        let promoted_governs = promoted.is_some_and(|role| self.governs(&role.permissions));
        let ways = [
            ("/self_assignable", governs && draft.self_assignable),
            ("/granted_by_plan", governs && draft.granted_by_plan),
            ("/permissions", governs && (is_default || is_reached)),
            ("/promotes_to", promoted_governs),
        ];
        let mut faults: Vec<_> = ways.iter().filter(|(_, open)| *open).map(|(place, _)| unattended(place)).collect();
        if returns(id, promoted.map(|role| role.id), all) {
            let detail = "Promotions from here lead back here.";
            faults.push(FieldFault::new("/promotes_to", policy::code::PROMOTION_CYCLE, detail));
        }
        faults
    }

    fn governs(&self, permissions: &Value) -> bool {
        self.vocabulary().restore(permissions).document.governs(self.vocabulary())
    }

    /// Refuses a role that would give people a say in who may do what without an administrator's act.
    pub(crate) fn refuse_unattended(&self, permissions: &Value, pointer: &'static str) -> Result<(), WorkspaceError> {
        if self.governs(permissions) { Err(WorkspaceError::UnsoundRole(vec![unattended(pointer)])) } else { Ok(()) }
    }

    /// A role as it is shown.
    pub(crate) fn role_view(&self, row: RoleRow) -> RoleView {
        let document = self.vocabulary().restore(&row.permissions).document;
        RoleView {
            id: row.id,
            workspace_id: row.workspace_id,
            name: row.name,
            title: row.title,
            description: row.description,
            is_administrator: document.is_administrator(self.vocabulary()),
            permissions: row.permissions,
            self_assignable: row.self_assignable,
            promotes_to: row.promotes_to,
            directory: row.directory,
            granted_by_plan: row.granted_by_plan,
            is_default: row.is_default,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn unattended(pointer: &str) -> FieldFault {
    let detail = "This gives a role that governs the workspace to people without an administrator's act.";
    FieldFault::new(pointer, policy::code::UNATTENDED_AUTHORITY, detail)
}

/// Whether promotions that go on from `next` come to `id`.
fn returns(id: Option<RoleId>, next: Option<RoleId>, all: &[role::Model]) -> bool {
    let Some(id) = id else { return false };
    let follow = |from: &RoleId| all.iter().find(|role| role.id == *from).and_then(|role| role.promotes_to);
    std::iter::successors(next, follow).take(all.len() + 1).any(|reached| reached == id)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn role(number: u128, promotes_to: Option<u128>) -> role::Model {
        role::Model {
            id: id(number),
            workspace_id: None,
            name: format!("role-{number}"),
            title: String::new(),
            description: String::new(),
            permissions: json!({}),
            self_assignable: false,
            promotes_to: promotes_to.map(id),
            directory: None,
            granted_by_plan: false,
            version: 1,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            updated_by: None,
        }
    }

    fn id(number: u128) -> RoleId {
        RoleId(Uuid::from_u128(number))
    }

    #[test]
    fn promotions_may_not_lead_back() {
        let all = [role(1, None), role(2, Some(3)), role(3, Some(4)), role(4, None)];
        let leads_back = |from: u128, to: u128| returns(Some(id(from)), Some(id(to)), &all);
        assert!(!leads_back(1, 2));
        assert!(leads_back(1, 1));
        assert!(leads_back(4, 2));
        assert!(leads_back(4, 3));
        assert!(!returns(None, Some(id(2)), &all), "a new role is led to by none");
    }

    #[test]
    fn a_role_is_named_or_those_there_are() {
        let all = vec![role(1, None), role(2, None)];
        assert_eq!(named(all.clone(), "role-2", "/role").unwrap().id, id(2));
        let Err(WorkspaceError::UnknownRole { pointer, available }) = named(all, "role-3", "/role") else {
            panic!("there is no such role");
        };
        assert_eq!((pointer, available), ("/role", vec!["role-1".to_owned(), "role-2".to_owned()]));
    }
}
