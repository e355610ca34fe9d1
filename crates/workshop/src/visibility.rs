//! Which workshops a list shows: the same rule by which one is shown or not, over rows.

use kernel::{
    guard::{Reach, Right},
    ids::{UserId, WorkspaceId},
};

use crate::{
    actions::WorkshopList,
    permissions::{CAN_EDIT_WORKSHOPS, CAN_VIEW_WORKSHOPS},
};

/// What one right of the caller shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// Of every workspace: nothing, what isn't a draft, or everything.
    pub(crate) everywhere: Option<Drafts>,
    /// Of these, everything.
    pub(crate) whole: Vec<WorkspaceId>,
    /// Of these, what isn't a draft of somebody else.
    pub(crate) open: Vec<WorkspaceId>,
    /// Who may have made drafts; nobody, where the right is the platform's.
    pub(crate) person: Option<UserId>,
}

/// Whether drafts of others are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drafts {
    /// They are.
    Shown,
    /// They aren't.
    Hidden,
}

impl Shown {
    /// What this right shows.
    pub(crate) fn by(right: &Right<'_, WorkshopList>) -> Self {
        let view = right.reach(&CAN_VIEW_WORKSHOPS);
        let edit = right.reach_of_all(&[&CAN_VIEW_WORKSHOPS, &CAN_EDIT_WORKSHOPS]);
        Self::of(view, &edit, right.person())
    }

    fn of(view: Reach, edit: &Reach, person: Option<UserId>) -> Self {
        let everywhere = view.everywhere.then_some(if edit.everywhere { Drafts::Shown } else { Drafts::Hidden });
        let (whole, open) = view.any.into_iter().partition(|workspace| edit.any.contains(workspace));
        Self { everywhere, whole, open, person }
    }

    /// Whether it shows nothing.
    pub(crate) fn is_nothing(&self) -> bool {
        self.everywhere.is_none() && self.whole.is_empty() && self.open.is_empty()
    }

    /// The workspaces whose workshops it may show; none where that is not bounded.
    pub(crate) fn workspaces(&self) -> Option<impl Iterator<Item = WorkspaceId> + '_> {
        self.everywhere.is_none().then(|| self.whole.iter().chain(&self.open).copied())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn place(number: u128) -> WorkspaceId {
        WorkspaceId(Uuid::from_u128(number))
    }

    #[test]
    fn drafts_of_others_are_shown_where_all_may_be_edited_and_nowhere_else() {
        let view = Reach { any: vec![place(1), place(2)], ..Reach::default() };
        let edit = Reach { any: vec![place(2)], own: vec![place(1)], ..Reach::default() };
        let shown = Shown::of(view, &edit, None);
        assert_eq!((shown.whole, shown.open, shown.everywhere), (vec![place(2)], vec![place(1)], None));
    }

    #[test]
    fn a_platform_role_that_only_looks_sees_no_drafts() {
        let everywhere = Reach { everywhere: true, ..Reach::default() };
        let shown = Shown::of(everywhere.clone(), &Reach::default(), None);
        assert_eq!(shown.everywhere, Some(Drafts::Hidden));
        assert!(shown.workspaces().is_none() && !shown.is_nothing());
        assert_eq!(Shown::of(everywhere.clone(), &everywhere, None).everywhere, Some(Drafts::Shown));
        assert!(Shown::of(Reach::default(), &Reach::default(), None).is_nothing());
    }
}
