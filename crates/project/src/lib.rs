//! Projects of a workspace and the people who take part in them.
//!
//! A project is owned by one member and may have others take part. Who sees it follows from that relation, from whether
//! it is public, and from the caller's role.

mod actions;
mod content;
mod dto;
mod entity;
mod error;
mod events;
mod key;
mod participation;
mod pattern;
mod permissions;
pub mod ports;
pub mod provision;
mod routes;
mod service;
mod store;
mod subject;
mod visibility;

use kernel::{db::Module, http::Routes};

pub use actions::{
    ActivateProject, AddMember, ChangeOwner, CreateProject, DeactivateProject, DeleteProject, EditProject,
    Participants, ProjectExport, ProjectList, ProjectTarget, RemoveMember, UpdateMember, ViewMembers, ViewProject,
    ViewProjectAudit,
};
pub use dto::{
    Avatar, ExportFilter, MemberFilter, MemberPatch, MemberView, NewMember, NewOwner, NewProject, PersonRef,
    ProjectContent, ProjectFilter, ProjectPatch, ProjectView, Search,
};
pub use error::ProjectError;
pub use events::*;
pub use participation::Participation;
pub use permissions::*;
pub use service::Projects;
pub use subject::PROJECTS;

/// The module: its schema is `project`.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "project";
}

/// Everything the module answers to.
pub fn routes() -> Routes {
    routes::all()
}
