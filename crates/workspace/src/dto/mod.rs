//! The bodies and views of this domain.

mod authority;
mod blueprint;
mod developer;
mod inquiry;
mod invitation;
mod member;
mod role;
mod text;
mod trial;
mod workspace;

pub(crate) use authority::{GrantView, LimitedView, PermissionsView, SourceView, VocabularyView};
pub(crate) use blueprint::BlueprintView;
pub(crate) use developer::DeveloperView;
pub(crate) use inquiry::{AnswerView, HolderView, Question, Reason, ResourceRef};
pub(crate) use invitation::{Asked, InvitationFilter, InvitationToken, InvitationView, WaitingInvitation};
pub(crate) use member::{Confirmation, Join, MemberFilter, MemberPatch, MemberRole, MemberView, NewMember, NewOwner};
pub(crate) use role::{NewRole, Reassignment, RoleBody, RoleFilter, RolePatch, RoleView};
pub(crate) use trial::{
    ChangeView, LimitChangeView, MemberChangeView, RefusalView, Restoration, RoleVersionView, Simulation,
    SimulationView,
};
pub(crate) use workspace::{Avatar, MineFilter, NewWorkspace, WorkspaceBody, WorkspacePatch, WorkspaceView};

pub use developer::DeveloperFilter;
pub use inquiry::WhoMay;
pub use invitation::{InvitationId, InvitationStatus};
pub use member::MemberStatus;
pub use workspace::Registration;
