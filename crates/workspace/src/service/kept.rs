//! What a workspace always keeps, asked after a change and before its commit.

use policy::Vocabulary;
use sea_orm::ConnectionTrait;

use crate::{
    error::WorkspaceError,
    store::{
        Locked,
        administrators::{self, WildcardRole},
    },
};

/// Refuses what would leave the workspace without an administrator, its owner without an administrator's role, or the
/// next owner without one. The lock on the workspace makes the answer exact.
pub(crate) async fn check_kept(
    locked: &Locked<'_, impl ConnectionTrait>,
    vocabulary: &Vocabulary,
) -> Result<(), WorkspaceError> {
    judge(administrators::wildcard_roles(locked).await?, vocabulary)
}

fn judge(mut roles: Vec<WildcardRole>, vocabulary: &Vocabulary) -> Result<(), WorkspaceError> {
    roles.retain(|role| vocabulary.restore(&role.permissions).document.is_administrator(vocabulary));
    if !roles.iter().any(|role| role.is_held) {
        return Err(WorkspaceError::LastAdministrator);
    }
    if !roles.iter().any(|role| role.is_held_by_owner) {
        return Err(WorkspaceError::OwnerMustHandOver);
    }
    if !roles.iter().any(|role| role.is_owner_role) {
        return Err(WorkspaceError::OwnerRole);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn role(permissions: Value, facts: [bool; 3]) -> WildcardRole {
        let [is_held, is_held_by_owner, is_owner_role] = facts;
        WildcardRole { permissions, is_owner_role, is_held, is_held_by_owner }
    }

    fn judged(roles: Vec<WildcardRole>) -> Result<(), WorkspaceError> {
        let vocabulary = Vocabulary::new(&[crate::DECLARATIONS]).unwrap().governed_by(crate::GOVERNING).unwrap();
        judge(roles, &vocabulary)
    }

    #[test]
    fn an_owner_with_their_role_is_enough() {
        assert!(judged(vec![role(json!({"*": true}), [true, true, true])]).is_ok());
    }

    #[test]
    fn an_exception_that_governs_makes_no_administrator() {
        let crippled = json!({"*": true, "can_manage_members": false});
        let refused = judged(vec![role(crippled, [true, true, true])]);
        assert!(matches!(refused, Err(WorkspaceError::LastAdministrator)));
        assert!(matches!(judged(Vec::new()), Err(WorkspaceError::LastAdministrator)));
    }

    #[test]
    fn another_administrator_is_not_enough_for_the_owner() {
        let refused = judged(vec![role(json!({"*": true}), [true, false, true])]);
        assert!(matches!(refused, Err(WorkspaceError::OwnerMustHandOver)));
    }

    #[test]
    fn the_owners_role_stays_an_administrators_even_if_the_owner_has_another() {
        let refused = judged(vec![role(json!({"*": true}), [true, true, false])]);
        assert!(matches!(refused, Err(WorkspaceError::OwnerRole)));
    }
}
