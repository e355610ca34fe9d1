//! Who sees which projects, said twice: of one project ([`visible`], which decides), and of a list ([`ListRule`], which
//! becomes SQL). The two stand side by side because they must say the same; the tests below hold them against each
//! other in every case there is.
//!
//! A project is seen by whom `can_view_projects` reaches in their relation to it. Where the relation is that of a
//! stranger and the project is not public, the same role must also grant `can_view_private_projects`.

use kernel::{grant::Relation, guard::Reach, ids::WorkspaceId};
use sea_orm::{Condition, sea_query::SimpleExpr};

/// Whether a project is seen. `reached`: the role grants `can_view_projects` for this relation; `sees_private`: it grants
/// `can_view_private_projects`.
pub(crate) fn visible(reached: bool, sees_private: bool, relation: Relation, is_public: bool) -> bool {
    reached && (is_public || relation > Relation::Other || sees_private)
}

/// What the list can ask of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fact {
    /// It is public.
    Public,
    /// The caller owns it or takes part in it.
    Related,
    /// The caller owns it.
    Owned,
}

/// What of a workspace is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// Every project.
    Everything,
    /// Every project but the private ones of others.
    Unhidden,
    /// Projects that the caller owns or takes part in.
    Related,
    /// Projects that the caller owns.
    Owned,
}

impl Shown {
    /// What a row must be, at least one of these; `None` where it needn't be anything.
    fn facts(self) -> Option<&'static [Fact]> {
        match self {
            Self::Everything => None,
            Self::Unhidden => Some(&[Fact::Public, Fact::Related]),
            Self::Related => Some(&[Fact::Related]),
            Self::Owned => Some(&[Fact::Owned]),
        }
    }
}

/// What the rows of a part of the list lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within<'a> {
    /// Any workspace.
    Everywhere,
    /// One of these.
    Workspaces(&'a [WorkspaceId]),
}

/// What a caller's list shows: a row is listed if it lies in one of the places and is what is shown of that place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListRule {
    /// What is shown of every workspace, for platform roles.
    everywhere: Option<Shown>,
    /// What is shown of these workspaces; none is empty.
    places: Vec<(Shown, Vec<WorkspaceId>)>,
}

impl ListRule {
    /// The rule of one right that follows from how far it reaches with `can_view_projects` (`view`), and how far with both
    /// that and `can_view_private_projects` (`private`).
    pub(crate) fn new(view: &Reach, private: &Reach) -> Self {
        if private.everywhere {
            return Self { everywhere: Some(Shown::Everything), places: Vec::new() };
        }
        let (all, unhidden) = view.any.iter().copied().partition(|workspace| private.any.contains(workspace));
        let places = [
            (Shown::Everything, all),
            (Shown::Unhidden, unhidden),
            (Shown::Related, view.assigned.clone()),
            (Shown::Owned, view.own.clone()),
        ];
        Self {
            everywhere: view.everywhere.then_some(Shown::Unhidden),
            places: places.into_iter().filter(|(_, workspaces)| !workspaces.is_empty()).collect(),
        }
    }

    /// Whether nothing at all is listed.
    pub(crate) fn is_nothing(&self) -> bool {
        self.everywhere.is_none() && self.places.is_empty()
    }

    /// The workspaces whose projects may be listed; `Everywhere` where that is not bounded.
    pub(crate) fn workspaces(&self) -> Option<Vec<WorkspaceId>> {
        let listed = || self.places.iter().flat_map(|(_, workspaces)| workspaces.iter().copied()).collect();
        self.everywhere.is_none().then(listed)
    }

    /// The rule in SQL, where `lies` says that a row lies in a workspace of these and `is` that a fact is true of it.
    pub(crate) fn condition(
        &self,
        lies: impl Fn(&[WorkspaceId]) -> SimpleExpr,
        is: impl Fn(Fact, Within<'_>) -> SimpleExpr,
    ) -> Condition {
        let part = |within: Within<'_>, shown: Shown| {
            let place = match within {
                Within::Everywhere => Condition::all(),
                Within::Workspaces(workspaces) => Condition::all().add(lies(workspaces)),
            };
            let facts = shown.facts().map(|facts| facts.iter().map(|&fact| is(fact, within)));
            match facts {
                Some(facts) => place.add(facts.fold(Condition::any(), Condition::add)),
                None => place,
            }
        };
        let everywhere = self.everywhere.map(|shown| part(Within::Everywhere, shown));
        let places = self.places.iter().map(|(shown, workspaces)| part(Within::Workspaces(workspaces), *shown));
        let mut parts: Vec<Condition> = everywhere.into_iter().chain(places).collect();
        // A single part stands alone, so that the planner sees its conditions and not an OR.
        match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only,
            (last, _) => parts.into_iter().chain(last).fold(Condition::any(), Condition::add),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::grant::Scope;
    use uuid::Uuid;

    use super::*;

    const RELATIONS: [Relation; 3] = [Relation::Other, Relation::Assigned, Relation::Own];

    impl Fact {
        fn holds(self, relation: Relation, is_public: bool) -> bool {
            match self {
                Self::Public => is_public,
                Self::Related => relation >= Relation::Assigned,
                Self::Owned => relation == Relation::Own,
            }
        }
    }

    impl ListRule {
        /// What `condition` says in SQL, of one row.
        fn admits(&self, workspace: WorkspaceId, relation: Relation, is_public: bool) -> bool {
            let shows = |shown: Shown| {
                shown.facts().is_none_or(|facts| facts.iter().any(|fact| fact.holds(relation, is_public)))
            };
            self.everywhere.is_some_and(shows)
                || self.places.iter().any(|(shown, among)| among.contains(&workspace) && shows(*shown))
        }
    }

    fn workspace(number: u128) -> WorkspaceId {
        WorkspaceId(Uuid::from_u128(number))
    }

    fn add(reach: &mut Reach, scope: Scope, workspace: WorkspaceId) {
        match scope {
            Scope::Any => reach.any.push(workspace),
            Scope::Assigned => reach.assigned.push(workspace),
            Scope::Own => reach.own.push(workspace),
            Scope::None => {}
        }
    }

    /// Every pair of scopes: of `can_view_projects` and of `can_view_private_projects`.
    fn roles() -> impl Iterator<Item = (Scope, Scope)> {
        Scope::ALL.into_iter().flat_map(|view| Scope::ALL.map(|private| (view, private)))
    }

    fn decides((view, private): (Scope, Scope), relation: Relation, is_public: bool) -> bool {
        visible(view.covers(relation), private.covers(relation), relation, is_public)
    }

    #[test]
    fn the_list_shows_exactly_what_the_decision_allows() {
        // One member with a workspace for every role there can be, so that the places also don't leak into each other.
        let (mut view, mut private) = (Reach::default(), Reach::default());
        for (number, role) in (0..).zip(roles()) {
            add(&mut view, role.0, workspace(number));
            add(&mut private, role.0.min(role.1), workspace(number));
        }
        let all = ListRule::new(&view, &private);
        for (number, role) in (0..).zip(roles()) {
            let (mut view, mut private) = (Reach::default(), Reach::default());
            add(&mut view, role.0, workspace(number));
            add(&mut private, role.0.min(role.1), workspace(number));
            let alone = ListRule::new(&view, &private);
            for relation in RELATIONS {
                for is_public in [false, true] {
                    let decided = decides(role, relation, is_public);
                    let case = format!("{role:?} {relation:?} public: {is_public}");
                    assert_eq!(alone.admits(workspace(number), relation, is_public), decided, "alone: {case}");
                    assert_eq!(all.admits(workspace(number), relation, is_public), decided, "among others: {case}");
                    assert!(!all.admits(workspace(999), relation, is_public), "elsewhere: {case}");
                }
            }
        }
    }

    #[test]
    fn a_platform_role_and_a_membership_add_up_but_do_not_mix() {
        let everywhere = |scope: Scope| Reach { everywhere: scope == Scope::Any, ..Reach::default() };
        for platform in roles() {
            let by_platform = ListRule::new(&everywhere(platform.0), &everywhere(platform.0.min(platform.1)));
            for member in roles() {
                let (mut view, mut private) = (Reach::default(), Reach::default());
                add(&mut view, member.0, workspace(1));
                add(&mut private, member.0.min(member.1), workspace(1));
                let by_seat = ListRule::new(&view, &private);
                for relation in RELATIONS {
                    for is_public in [false, true] {
                        // A platform role stands outside, however its holder stands to the row.
                        let abroad = decides(platform, Relation::Other, is_public);
                        let at_home = abroad || decides(member, relation, is_public);
                        let lists = |number| {
                            by_platform.admits(workspace(number), Relation::Other, is_public)
                                || by_seat.admits(workspace(number), relation, is_public)
                        };
                        let case = format!("{platform:?} {member:?} {relation:?} public: {is_public}");
                        assert_eq!(lists(1), at_home, "at home: {case}");
                        assert_eq!(lists(2), abroad, "abroad: {case}");
                    }
                }
            }
        }
    }

    #[test]
    fn who_reaches_nothing_is_shown_nothing() {
        let nothing = ListRule::new(&Reach::default(), &Reach::default());
        assert!(nothing.is_nothing());
        assert_eq!(nothing.workspaces(), Some(Vec::new()));
    }
}
