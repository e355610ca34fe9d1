//! What handlers of this domain do, to what, and who may.

use kernel::guard::{Identified, InWorkspace, Listing, Nothing};

use crate::{
    Schema,
    dto::{DeveloperFilter, RoleFilter},
    permissions::{
        CAN_DELETE_WORKSPACE, CAN_EDIT_WORKSPACE, CAN_INVITE_MEMBERS, CAN_MANAGE_MEMBERS, CAN_MANAGE_ROLES,
        CAN_TRANSFER_WORKSPACE, CAN_VIEW_DEVELOPERS, CAN_VIEW_MEMBERS, CAN_VIEW_ROLES, CAN_VIEW_WORKSPACE,
    },
    store::{members::ListsMembers, roles::RoleRow, workspaces::WorkspaceRow},
    targets::{DeveloperTarget, InvitationTarget, Joinable, MemberTarget, MyAuthority, MyMembership, MyWorkspaces},
};

kernel::actions! {
    module Schema;

    /// Reads a workspace's settings.
    ViewWorkspace: CAN_VIEW_WORKSPACE, on WorkspaceRow;
    /// Changes them.
    EditWorkspace: CAN_EDIT_WORKSPACE, on WorkspaceRow;
    /// Deletes a workspace.
    DeleteWorkspace: CAN_DELETE_WORKSPACE, on WorkspaceRow;
    /// Hands a workspace over.
    TransferWorkspace: CAN_TRANSFER_WORKSPACE, on WorkspaceRow;
    /// Becomes a member.
    JoinWorkspace: signed in on Joinable;
    /// Ends one's own membership.
    LeaveWorkspace: signed in on MyMembership;
    /// Reads what one holds.
    ViewMyPermissions: signed in, tokens welcome, on MyAuthority;
    /// Lists one's own workspaces.
    ListMine: signed in, tokens welcome, on MyWorkspaces;
    /// Reads what roles can grant, and the role models to start with: the same for everybody.
    ReadCatalogue: signed in, tokens welcome, on Nothing;

    /// Asks what one may do, or what another may.
    CheckAuthority: signed in, tokens welcome, on MyAuthority;
    /// Asks who may do something.
    AskWhoMay: CAN_VIEW_MEMBERS, on InWorkspace;
    /// Reads what a member holds.
    ViewMemberPermissions: CAN_VIEW_MEMBERS, on MemberTarget;

    /// Lists members.
    ListMembers: CAN_VIEW_MEMBERS, on InWorkspace;
    /// Reads one membership.
    ViewMember: CAN_VIEW_MEMBERS, on MemberTarget;
    /// Adds a member.
    AddMember: CAN_MANAGE_MEMBERS, on InWorkspace;
    /// Changes a membership or its role, suspends or activates it.
    EditMember: CAN_MANAGE_MEMBERS, on MemberTarget;
    /// Ends a membership.
    RemoveMember: CAN_MANAGE_MEMBERS, on MemberTarget;

    /// Lists a workspace's invitations.
    ListInvitations: CAN_INVITE_MEMBERS, on InWorkspace;
    /// Invites somebody.
    InviteMember: CAN_INVITE_MEMBERS, on InWorkspace;
    /// Reads one invitation.
    ViewInvitation: CAN_INVITE_MEMBERS, on InvitationTarget;
    /// Sends an invitation again.
    ResendInvitation: CAN_INVITE_MEMBERS, on InvitationTarget;
    /// Takes an invitation back.
    RevokeInvitation: CAN_INVITE_MEMBERS, on InvitationTarget;

    /// Reads what is public of a developer.
    ViewDeveloper: CAN_VIEW_DEVELOPERS, on DeveloperTarget;

    /// Lists one workspace's roles.
    ListRoles: CAN_VIEW_ROLES, on InWorkspace;
    /// Reads a role.
    ViewRole: CAN_VIEW_ROLES, on RoleRow;
    /// Makes a role.
    CreateRole: CAN_MANAGE_ROLES, on InWorkspace;
    /// Changes a role.
    EditRole: CAN_MANAGE_ROLES, on RoleRow;
    /// Tries what a change of a role would do.
    SimulateRole: CAN_MANAGE_ROLES, on RoleRow;
    /// Reads the former versions of a role.
    ViewRoleHistory: CAN_VIEW_ROLES, on RoleRow;
    /// Brings a former version of a role back.
    RestoreRole: CAN_MANAGE_ROLES, on RoleRow;
    /// Deletes a role.
    DeleteRole: CAN_MANAGE_ROLES, on RoleRow;
}

impl ListsMembers for ListMembers {}

/// Actions that change what a role is.
pub(crate) trait EditsRole: Identified<Target = RoleRow> {}

impl EditsRole for EditRole {}
impl EditsRole for RestoreRole {}
impl EditsRole for SimulateRole {}

/// The roles of all of the caller's workspaces.
#[derive(Debug)]
pub struct AllRoles;

impl Listing for AllRoles {
    type Module = Schema;
    type Filter = RoleFilter;
    const PERMISSION: &'static kernel::grant::Permission = &CAN_VIEW_ROLES;
    const SORTS: &'static [&'static str] = &["created_at"];
}

/// The developers of all of the caller's workspaces.
#[derive(Debug)]
pub struct Developers;

impl Listing for Developers {
    type Module = Schema;
    type Filter = DeveloperFilter;
    const PERMISSION: &'static kernel::grant::Permission = &CAN_VIEW_DEVELOPERS;
    const SORTS: &'static [&'static str] = &["created_at"];
}
