//! Where the domains plug in: their declarations, their routes. A new module is a line in each list here, its services
//! in `services`, and its ports in `adapters`.

use kernel::{grant::Declarations, guard::Kind, http::Routes};
use policy::{Vocabulary, VocabularyError};

use crate::http;

/// What every domain brings to the vocabulary of role documents.
const DECLARATIONS: [Declarations; 7] = [
    workspace::DECLARATIONS,
    accounts::DECLARATIONS,
    project::DECLARATIONS,
    gallery::DECLARATIONS,
    workshop::DECLARATIONS,
    activity::DECLARATIONS,
    billing::DECLARATIONS,
];

/// The vocabulary of this program's role documents. An administrator is whoever holds the wildcard and, everywhere in
/// the workspace, what it takes to give the others back what they need.
pub fn vocabulary() -> Result<Vocabulary, VocabularyError> {
    Vocabulary::new(&DECLARATIONS)?.governed_by(workspace::GOVERNING)
}

/// The kinds of resources about which can be asked who may do what.
pub fn kinds() -> Vec<Kind> {
    vec![
        workspace::WORKSPACES,
        workspace::MEMBERS,
        workspace::ROLES,
        accounts::ACCOUNTS,
        project::PROJECTS,
        project::OPERATIONS,
        gallery::IMAGES,
        billing::SUBSCRIPTIONS,
        activity::NOTIFICATIONS,
        activity::FEEDS,
        workshop::WORKSHOPS,
        gallery::TRASHED_IMAGES,
        gallery::COMMENTS,
    ]
}

/// The routes of the API, below `/api/v1`.
pub fn routes() -> Routes {
    accounts::routes()
        .and(workspace::routes())
        .and(project::routes())
        .and(gallery::routes())
        .and(workshop::routes())
        .and(activity::routes())
        .and(billing::routes())
}

/// The routes beside it.
pub fn routes_beside() -> Routes {
    http::routes_beside()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_gallery_asks_of_workshops_roles_is_what_workshops_declare() {
        let vocabulary = vocabulary().unwrap();
        for asked in [&gallery::permissions::VIEW_WORKSHOPS, &gallery::permissions::VIEW_ATTENDEE_PHOTOS] {
            assert_eq!(vocabulary.permission(asked.key), Some(asked));
        }
    }
}
