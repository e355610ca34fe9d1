//! The rules of authority, said once more and in the plainest words, for the lists to be held against.

use serde_json::Value;

use super::build::Built;

/// How a caller stands to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    Other,
    TakesPart,
    Owns,
}

/// One role of a caller in one workspace, and how it stands to the row: a platform's stands outside of everything.
pub struct Right<'a> {
    document: &'a Value,
    pub relation: Relation,
}

impl Right<'_> {
    /// Whether the role grants this for a row so related.
    pub fn grants(&self, key: &str) -> bool {
        let granted = self.document.get(key).unwrap_or(&self.document["*"]);
        match granted {
            Value::Bool(granted) => *granted,
            Value::String(scope) if scope == "own" => self.relation == Relation::Owns,
            Value::String(scope) if scope == "assigned" => self.relation >= Relation::TakesPart,
            _ => false,
        }
    }
}

impl Built<'_> {
    /// Whether one of the caller's roles that count in a workspace passes; never a bit of each.
    pub fn any_right(
        &self,
        caller: usize,
        workspace: usize,
        relation: Relation,
        passes: impl Fn(&Right<'_>) -> bool,
    ) -> bool {
        let member = self.role_of(caller, workspace).map(|document| Right { document, relation });
        let platform = self.platform_of(caller).map(|document| Right { document, relation: Relation::Other });
        member.into_iter().chain(platform).any(|right| passes(&right))
    }

    /// The same for what grants one key on a row to which nobody stands in any relation.
    pub fn holds(&self, caller: usize, workspace: usize, key: &str) -> bool {
        self.any_right(caller, workspace, Relation::Other, |right| right.grants(key))
    }

    pub fn sees_project(&self, caller: usize, workspace: usize, number: usize) -> bool {
        let project = &self.drawn.workspaces[workspace].projects[number];
        let relation = match project.parts.get(caller) {
            _ if project.owner == caller => Relation::Owns,
            Some(2) => Relation::TakesPart,
            _ => Relation::Other,
        };
        self.any_right(caller, workspace, relation, |right| {
            let is_open =
                project.is_public || right.relation > Relation::Other || right.grants("can_view_private_projects");
            right.grants("can_view_projects") && is_open
        })
    }

    pub fn sees_image(&self, caller: usize, workspace: usize, number: usize) -> bool {
        let image = &self.drawn.workspaces[workspace].images[number];
        let relation = if image.uploader == caller { Relation::Owns } else { Relation::Other };
        self.any_right(caller, workspace, relation, |right| {
            let is_shown = image.status == "approved" || right.relation == Relation::Owns;
            let works_on_it = right.grants("can_edit_images") || right.grants("can_review_images");
            right.grants("can_view_images") && (is_shown || works_on_it)
        })
    }

    /// A role that lists people may list them all; without a platform's, those who are active where it counts.
    pub fn lists_person(&self, caller: usize, within: Option<usize>, person: usize) -> bool {
        let everyone = self
            .platform_of(caller)
            .is_some_and(|document| Right { document, relation: Relation::Other }.grants("can_view_users"));
        let listed_in = |workspace: usize| {
            self.role_of(person, workspace).is_some() && self.holds(caller, workspace, "can_view_users")
        };
        match within {
            Some(workspace) => listed_in(workspace),
            None => everyone || (0..self.workspaces.len()).any(listed_in),
        }
    }

    /// One's own account may always be looked at; another's where both belong, or by the platform.
    pub fn opens_person(&self, caller: usize, person: usize) -> bool {
        let platform = self
            .platform_of(caller)
            .is_some_and(|document| Right { document, relation: Relation::Other }.grants("can_view_profiles"));
        let opened_in = |workspace: usize| {
            self.role_of(person, workspace).is_some() && self.holds(caller, workspace, "can_view_profiles")
        };
        caller == person || platform || (0..self.workspaces.len()).any(opened_in)
    }
}
