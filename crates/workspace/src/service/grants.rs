//! What the caller holds in a workspace, and what grants it.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{failure::Failure, guard::Permit};
use policy::CompiledRole;

use super::Workspaces;
use crate::{
    actions::ViewMyPermissions,
    dto::{GrantView, LimitedView, PermissionsView, SourceView},
    error::WorkspaceError,
};

impl Workspaces {
    /// The caller's effective grants and limits.
    pub(crate) async fn my_permissions(
        &self,
        permit: &Permit<ViewMyPermissions>,
    ) -> Result<PermissionsView, WorkspaceError> {
        let mine = permit.target();
        let seat = mine.seat.as_ref();
        let member = self.held(permit, seat.map(|seat| (seat.role_id, seat.role_version))).await?;
        let platform = mine.platform.as_ref().map(|seat| (seat.role_id, seat.role_version));
        let platform = self.held(permit, platform).await?;
        let held: Vec<&CompiledRole> = [&member, &platform].into_iter().flatten().map(AsRef::as_ref).collect();
        Ok(PermissionsView {
            workspace_id: mine.workspace,
            role: member.as_ref().map(|role| role.name().to_owned()),
            platform_role: platform.as_ref().map(|role| role.name().to_owned()),
            is_owner: seat.is_some_and(|seat| seat.owner),
            expires_at: seat.and_then(|seat| seat.expires_at),
            grants: widest_grants(&held),
            limits: limits(&held),
        })
    }

    async fn held(
        &self,
        permit: &Permit<ViewMyPermissions>,
        key: Option<(kernel::ids::RoleId, i32)>,
    ) -> Result<Option<Arc<CompiledRole>>, WorkspaceError> {
        let Some(key) = key else { return Ok(None) };
        let role = self.standings.roles().find(&permit.db(), key).await?;
        Ok(Some(role.ok_or(Failure::Stale)?))
    }
}

/// Of each permission the widest grant; of equals, the first role's.
pub(super) fn widest_grants(held: &[&CompiledRole]) -> BTreeMap<&'static str, GrantView> {
    let mut widest: BTreeMap<&'static str, GrantView> = BTreeMap::new();
    for role in held {
        for grant in role.grants() {
            let source = SourceView { role: role.name().to_owned(), key: grant.key() };
            let view = GrantView { scope: grant.scope, source };
            match widest.get(grant.permission.key) {
                Some(known) if known.scope >= view.scope => {}
                _ => {
                    widest.insert(grant.permission.key, view);
                }
            }
        }
    }
    widest
}

/// The limits of the role that decides: the membership's, or else the platform's.
pub(super) fn limits(held: &[&CompiledRole]) -> BTreeMap<&'static str, LimitedView> {
    let Some(role) = held.first() else { return BTreeMap::new() };
    let view = |key: &'static str, value| {
        let source = SourceView { role: role.name().to_owned(), key };
        (key, LimitedView { value, source })
    };
    role.limits().map(|(limit, value)| view(limit.key, value)).collect()
}

#[cfg(test)]
mod tests {
    use kernel::grant::Scope;
    use policy::Vocabulary;
    use serde_json::{Value, json};

    use super::*;

    fn role(name: &str, document: Value) -> CompiledRole {
        let vocabulary = Vocabulary::new(&[crate::DECLARATIONS]).unwrap();
        CompiledRole::compile(name, &vocabulary.parse(&document).unwrap(), &vocabulary)
    }

    #[test]
    fn a_grant_tells_its_role_and_its_key() {
        let user = role("user", json!({"can_view_members": true}));
        let platform = role("platform_admin", json!({"*": true}));
        let grants = widest_grants(&[&user, &platform]);
        let source = |key| (grants[key].source.role.as_str(), grants[key].source.key);
        assert_eq!(source("can_view_members"), ("user", "can_view_members"));
        assert_eq!(source("can_manage_members"), ("platform_admin", "*"));
        assert_eq!(grants["can_delete_workspace"].scope, Scope::Own);
    }

    #[test]
    fn what_is_not_granted_is_left_out() {
        assert!(widest_grants(&[&role("guest", json!({"can_view_members": false}))]).is_empty());
        assert!(limits(&[]).is_empty());
    }
}
