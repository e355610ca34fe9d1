//! The bodies and views of this domain.

mod authority;
mod blueprint;
mod developer;
mod invitation;
mod member;
mod role;
mod text;
mod workspace;

pub(crate) use authority::{GrantView, LimitedView, MyPermissions, SourceView, VocabularyView};
pub(crate) use blueprint::BlueprintView;
pub(crate) use developer::DeveloperView;
pub(crate) use invitation::{Asked, InvitationFilter, InvitationToken, InvitationView, WaitingInvitation};
pub(crate) use member::{Confirmation, Join, MemberFilter, MemberPatch, MemberRole, MemberView, NewMember, NewOwner};
pub(crate) use role::{NewRole, Reassignment, RoleBody, RoleFilter, RolePatch, RoleView};
pub(crate) use workspace::{Avatar, MineFilter, NewWorkspace, WorkspaceBody, WorkspacePatch, WorkspaceView};

pub use developer::DeveloperFilter;
pub use invitation::{InvitationId, InvitationStatus};
pub use member::MemberStatus;
pub use workspace::Registration;
