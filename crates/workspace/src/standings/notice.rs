//! What the database tells when somebody's standing changed.

use kernel::ids::{RoleId, UserId, WorkspaceId};

/// What to forget.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Forget {
    /// One person.
    User(UserId),
    /// Everybody in a workspace.
    Workspace(WorkspaceId),
    /// Everybody with a role.
    Role(RoleId),
    /// Everybody.
    All,
}

impl Forget {
    /// Reads a notice. One that can't be read may mean anybody.
    pub(super) fn read(payload: &str) -> Self {
        let read = |payload: &str| {
            let (kind, id) = payload.split_once(':')?;
            match kind {
                "user" => id.parse().ok().map(Self::User),
                "workspace" => id.parse().ok().map(Self::Workspace),
                "role" => id.parse().ok().map(Self::Role),
                _ => None,
            }
        };
        read(payload).unwrap_or(Self::All)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn notices_name_whom_they_concern() {
        let id = Uuid::from_u128(7);
        assert_eq!(Forget::read(&format!("user:{id}")), Forget::User(UserId(id)));
        assert_eq!(Forget::read(&format!("workspace:{id}")), Forget::Workspace(WorkspaceId(id)));
        assert_eq!(Forget::read(&format!("role:{id}")), Forget::Role(RoleId(id)));
        for unreadable in ["all", "", "user:", "user:x", "team:1"] {
            assert_eq!(Forget::read(unreadable), Forget::All, "{unreadable}");
        }
    }
}
