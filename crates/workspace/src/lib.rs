//! Workspaces, the people in them and the roles that say what they may do there.
//!
//! A role is a row with a permissions document; a workspace starts with those of a blueprint. What everybody holds is
//! kept in memory by [`Standings`] and told to all instances when it changes. Three rules hold whatever happens at once:
//! nobody hands out what they don't hold, a workspace never loses its last administrator, and its owner is always one.

mod actions;
mod blueprints;
mod currency;
mod dto;
mod endings;
mod enrolling;
mod entity;
mod error;
pub mod events;
mod permissions;
pub mod ports;
mod provision;
mod routes;
mod service;
mod slug;
mod standings;
mod store;
mod subject;
mod subscriber;
mod targets;

use kernel::{db::Module, http::Routes};

pub use actions::{
    AddMember, AllRoles, CreateRole, DeleteRole, DeleteWorkspace, Developers, EditMember, EditRole, EditWorkspace,
    InviteMember, JoinWorkspace, LeaveWorkspace, ListInvitations, ListMembers, ListRoles, RemoveMember,
    ResendInvitation, RevokeInvitation, TransferWorkspace, ViewDeveloper, ViewInvitation, ViewMember,
    ViewMyPermissions, ViewRole, ViewWorkspace,
};
pub use blueprints::{BlueprintError, Blueprints};
pub use dto::{DeveloperFilter, InvitationId, InvitationStatus, MemberStatus, Registration};
pub use endings::Endings;
pub use enrolling::{
    Addressee, Enrolling, EnrollingError, Invited, Letter, Place, PlanGrant, PlanRoleRefusal, PlanVoucher,
};
pub use error::WorkspaceError;
pub use permissions::*;
pub use provision::Provision;
pub use service::Workspaces;
pub use standings::{CHANNELS, Standings};
pub use subject::{MEMBERS, ROLES, WORKSPACES};
pub use subscriber::Memberships;

/// The module: its schema is `workspace`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "workspace";
}

/// Everything the module answers to.
pub fn routes() -> Routes {
    routes::all()
}
