//! What the caller holds in a workspace, and what grants it.

use std::collections::BTreeMap;

use kernel::{authority::Grants, grant::Scope, guard::Permit};
use policy::Vocabulary;

use super::Workspaces;
use crate::{
    actions::ViewMyPermissions,
    dto::{GrantView, LimitedView, PermissionsView, SourceView},
};

impl Workspaces {
    /// The caller's effective grants and limits.
    pub(crate) fn my_permissions(&self, permit: &Permit<ViewMyPermissions>) -> PermissionsView {
        let mine = permit.target();
        let seat = mine.seat.as_ref();
        let member = seat.map(|seat| seat.grants.as_ref());
        let platform = mine.platform.as_ref().map(|seat| seat.grants.as_ref());
        let held: Vec<&dyn Grants> = [member, platform].into_iter().flatten().collect();
        PermissionsView {
            workspace_id: mine.workspace,
            role: member.map(|role| role.role().to_owned()),
            platform_role: platform.map(|role| role.role().to_owned()),
            is_owner: seat.is_some_and(|seat| seat.owner),
            expires_at: seat.and_then(|seat| seat.expires_at),
            grants: widest_grants(&held, self.vocabulary()),
            limits: limits(&held, self.vocabulary()),
        }
    }
}

/// Of each permission the widest grant; of equals, the first role's.
pub(super) fn widest_grants(held: &[&dyn Grants], vocabulary: &Vocabulary) -> BTreeMap<&'static str, GrantView> {
    let mut widest: BTreeMap<&'static str, GrantView> = BTreeMap::new();
    for (_, permission) in vocabulary.permissions() {
        for role in held {
            let scope = role.scope(permission);
            let known = widest.get(permission.key).map_or(Scope::None, |view| view.scope);
            if scope <= known {
                continue;
            }
            let key = if role.names(permission) { permission.key } else { policy::WILDCARD };
            let source = SourceView { role: role.role().to_owned(), key };
            widest.insert(permission.key, GrantView { scope, source });
        }
    }
    widest
}

/// The limits of the role that decides: the membership's, or else the platform's.
pub(super) fn limits(held: &[&dyn Grants], vocabulary: &Vocabulary) -> BTreeMap<&'static str, LimitedView> {
    let Some(role) = held.first() else { return BTreeMap::new() };
    let set = vocabulary.limits().filter_map(|(_, limit)| {
        let source = SourceView { role: role.role().to_owned(), key: limit.key };
        Some((limit.key, LimitedView { value: role.limit(limit)?, source }))
    });
    set.collect()
}

#[cfg(test)]
mod tests {
    use policy::CompiledRole;
    use serde_json::{Value, json};

    use super::*;

    fn vocabulary() -> Vocabulary {
        Vocabulary::new(&[crate::DECLARATIONS]).unwrap()
    }

    fn role(name: &str, document: Value) -> CompiledRole {
        CompiledRole::compile(name, &vocabulary().parse(&document).unwrap(), &vocabulary())
    }

    #[test]
    fn a_grant_tells_its_role_and_its_key() {
        let user = role("user", json!({"can_view_members": true}));
        let platform = role("platform_admin", json!({"*": true}));
        let grants = widest_grants(&[&user, &platform], &vocabulary());
        let source = |key| (grants[key].source.role.as_str(), grants[key].source.key);
        assert_eq!(source("can_view_members"), ("user", "can_view_members"));
        assert_eq!(source("can_manage_members"), ("platform_admin", "*"));
        assert_eq!(grants["can_delete_workspace"].scope, Scope::Own);
    }

    #[test]
    fn what_is_not_granted_is_left_out() {
        assert!(widest_grants(&[&role("guest", json!({"can_view_members": false}))], &vocabulary()).is_empty());
        assert!(limits(&[], &vocabulary()).is_empty());
    }
}
