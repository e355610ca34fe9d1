//! Views of the directory. What isn't here isn't anybody's business: no address, no number, no rate.

use kernel::ids::{ProjectId, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Avatar;
use crate::{
    ports::{PersonName, PublicProfile, PublicProject},
    store::directory::{DeveloperPlace, ListedRow},
};

/// Which developers to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct DeveloperFilter {
    /// Only those of whose username or names each of these words begins a word.
    pub search: Option<String>,
    /// Only those who own this project or take part in it, if it is one that the caller may see and public.
    pub project: Option<ProjectId>,
    /// Only those who are verified, or who are not.
    pub verified: Option<bool>,
}

/// A developer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeveloperView {
    /// Their account.
    pub id: UserId,
    /// What they are called.
    pub name: PersonName,
    /// Who they are, in a line or two.
    pub bio: String,
    /// Who they are, at length.
    pub description: String,
    /// Their emoji and its colour.
    pub avatar: Option<Avatar>,
    /// Whether they are verified in one of `places`.
    pub verified: bool,
    /// Where they are listed, of the workspaces that the caller looks at.
    pub places: Vec<DeveloperPlace>,
    /// Their public projects there, the newest first, at most twenty.
    pub projects: Vec<DeveloperProject>,
}

/// A public project of a developer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeveloperProject {
    /// Its identity.
    pub id: ProjectId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

impl From<PublicProject> for DeveloperProject {
    fn from(project: PublicProject) -> Self {
        Self { id: project.id, workspace_id: project.workspace, key: project.key, name: project.name }
    }
}

impl DeveloperView {
    pub(crate) fn of(row: ListedRow, profile: PublicProfile, projects: Vec<PublicProject>) -> Self {
        Self {
            id: row.user_id,
            name: profile.name,
            bio: profile.bio,
            description: profile.description,
            avatar: profile.avatar.map(|(emoji, color)| Avatar { emoji, color }),
            verified: row.places.iter().any(|place| place.verified),
            places: row.places,
            projects: projects.into_iter().map(DeveloperProject::from).collect(),
        }
    }
}
