//! Who may know of an image: one rule, told twice, for one row and as the condition of a list.
//!
//! Looking at images (`can_view_images`) shows those that are approved, and one's own whatever their state. Who edits or
//! reviews an image knows of it in every state. For everyone else an image that isn't approved does not exist. Photos of
//! workshops are in no list of images; looking at one takes the right to see that side of workshops as well.

use kernel::{
    grant::{Permission, Relation},
    guard::{Identified, Lookup, Permit, Reach, Tenant},
    ids::UserId,
};
use sea_orm::{
    ColumnTrait, Condition,
    sea_query::{Expr, SimpleExpr},
};

use crate::{
    entity::{Part, Status, image::Column},
    permissions::{EDIT_IMAGES, REVIEW_IMAGES, VIEW_ATTENDEE_PHOTOS, VIEW_IMAGES, VIEW_WORKSHOPS},
};

/// Whether someone may know that an image exists, where `holds` says what their role grants for it; `part` says which
/// side of a workshop it shows, if it is of one.
pub fn is_known(status: Status, part: Option<Part>, relation: Relation, holds: impl Fn(&Permission) -> bool) -> bool {
    let shows_part = match part {
        None => true,
        Some(Part::Description) => holds(&VIEW_WORKSHOPS),
        Some(Part::Attendee) => holds(&VIEW_WORKSHOPS) && holds(&VIEW_ATTENDEE_PHOTOS),
    };
    let looks = holds(&VIEW_IMAGES) && shows_part && (status == Status::Approved || relation == Relation::Own);
    looks || holds(&EDIT_IMAGES) || holds(&REVIEW_IMAGES)
}

/// Whether an image is somebody's own, as [`crate::actions::ImageRow::owner`] tells it of a row.
pub(crate) fn owned_by(person: UserId) -> SimpleExpr {
    Expr::cust_with_values(r#"coalesce("images"."steward_id", "images"."uploader_id") = $1"#, [person])
}

/// What a list shows by one right: the images that it makes known and opens. `person` is who may have uploaded them;
/// nobody, where the right is the platform's.
pub(crate) fn listed(person: Option<UserId>, reach: impl Fn(&Permission) -> Reach) -> Condition {
    let owns = || person.map_or_else(|| Expr::value(false), |person| Column::UploaderId.eq(person));
    let within = |permission| {
        let owns = owns();
        let nobody_takes_part = Expr::value(false);
        reach(permission).condition(Expr::col(Column::WorkspaceId.as_column_ref()), owns, nobody_takes_part)
    };
    let known = Condition::any()
        .add(Column::Status.eq(Status::Approved))
        .add(owns())
        .add(within(&EDIT_IMAGES))
        .add(within(&REVIEW_IMAGES));
    Condition::all().add(within(&VIEW_IMAGES)).add(known)
}

/// The images that whoever is behind `lookup` may look at, by one of their rights.
pub(crate) fn seen(lookup: &Lookup<'_>) -> Condition {
    let as_member = listed(Some(lookup.caller().user), |permission| lookup.reach_of_members(permission));
    let by_platform = listed(None, |permission| lookup.reach_of_platform(permission));
    Condition::any().add(as_member).add(by_platform)
}

/// The images of the permit's workspace that may be looked at by the right that it rests on.
pub(crate) fn seen_by<A: Identified<Target: Tenant>>(permit: &Permit<A>) -> Condition {
    let person = (!permit.is_platform()).then(|| permit.caller());
    listed(person, |permission| Reach::within(permit.workspace(), permit.scope(permission)))
}

#[cfg(test)]
mod tests {
    use kernel::{grant::Scope, ids::WorkspaceId};
    use sea_orm::{
        Value,
        sea_query::{BinOper, ColumnRef, SimpleExpr},
    };
    use uuid::Uuid;

    use super::*;

    const HERE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));
    const ELSEWHERE: WorkspaceId = WorkspaceId(Uuid::from_u128(2));
    const ME: UserId = UserId(Uuid::from_u128(3));
    const SOMEONE: UserId = UserId(Uuid::from_u128(4));

    /// What of a row the rule looks at.
    #[derive(Clone, Copy, Debug)]
    struct Row {
        workspace: WorkspaceId,
        uploader: UserId,
        status: Status,
    }

    /// A condition's truth for a row, as PostgreSQL would find it.
    fn is_true(condition: &SimpleExpr, row: Row) -> bool {
        match condition {
            SimpleExpr::Value(Value::Bool(Some(truth))) | SimpleExpr::Constant(Value::Bool(Some(truth))) => *truth,
            SimpleExpr::Binary(left, BinOper::And, right) => is_true(left, row) && is_true(right, row),
            SimpleExpr::Binary(left, BinOper::Or, right) => is_true(left, row) || is_true(right, row),
            SimpleExpr::Binary(left, BinOper::Equal, right) => value(left, row) == value(right, row),
            SimpleExpr::Binary(left, BinOper::In, right) => match right.as_ref() {
                SimpleExpr::Tuple(several) => several.iter().any(|one| value(one, row) == value(left, row)),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn value(expression: &SimpleExpr, row: Row) -> Value {
        match expression {
            SimpleExpr::Value(value) => value.clone(),
            SimpleExpr::Column(ColumnRef::Column(name)) => match name.1.to_string().as_str() {
                "workspace_id" => row.workspace.0.into(),
                "uploader_id" => row.uploader.0.into(),
                "status" => row.status.as_str().into(),
                other => panic!("{other}"),
            },
            other => panic!("{other:?}"),
        }
    }

    fn reach(scope: Scope, everywhere: bool) -> Reach {
        let mut reach = Reach::default();
        match scope {
            Scope::Any if everywhere => reach.everywhere = true,
            Scope::Any => reach.any.push(HERE),
            Scope::Assigned => reach.assigned.push(HERE),
            Scope::Own => reach.own.push(HERE),
            Scope::None => {}
        }
        reach
    }

    #[test]
    fn a_list_shows_exactly_what_can_be_opened() {
        let (mut shown, mut hidden) = (0, 0);
        for view in Scope::ALL {
            for edit in Scope::ALL {
                for review in Scope::ALL {
                    let scope = |permission: &Permission| match permission.key {
                        "can_view_images" => view,
                        "can_edit_images" => edit,
                        "can_review_images" => review,
                        other => panic!("{other}"),
                    };
                    for everywhere in [false, true] {
                        let listed: SimpleExpr =
                            listed(Some(ME), |permission| reach(scope(permission), everywhere)).into();
                        for row in rows() {
                            let relation = Relation::of(row.uploader == ME, false);
                            let is_reached = everywhere || row.workspace == HERE;
                            let holds = |permission: &Permission| {
                                // A platform role counts everywhere where it is a role for everything.
                                let scope = scope(permission);
                                let counts = is_reached && (row.workspace == HERE || scope == Scope::Any);
                                counts && scope.covers(relation)
                            };
                            let opens = is_known(row.status, None, relation, holds) && holds(&VIEW_IMAGES);
                            assert_eq!(
                                is_true(&listed, row),
                                opens,
                                "{view:?} {edit:?} {review:?} {everywhere} {row:?}"
                            );
                            if opens { shown += 1 } else { hidden += 1 }
                        }
                    }
                }
            }
        }
        assert!(shown > 300 && hidden > 300, "{shown} {hidden}");
    }

    fn rows() -> impl Iterator<Item = Row> {
        let statuses = [Status::Draft, Status::Pending, Status::Approved, Status::Rejected];
        [HERE, ELSEWHERE].into_iter().flat_map(move |workspace| {
            [ME, SOMEONE]
                .into_iter()
                .flat_map(move |uploader| statuses.into_iter().map(move |status| Row { workspace, uploader, status }))
        })
    }

    #[test]
    fn what_is_not_approved_is_for_its_uploader_and_those_who_work_on_it() {
        let knows = |status, relation, held: &[&Permission]| {
            is_known(status, None, relation, |permission| held.iter().any(|one| one.key == permission.key))
        };
        for status in [Status::Draft, Status::Pending, Status::Rejected] {
            assert!(!knows(status, Relation::Other, &[&VIEW_IMAGES]));
            assert!(knows(status, Relation::Own, &[&VIEW_IMAGES]));
            assert!(knows(status, Relation::Other, &[&EDIT_IMAGES]));
            assert!(knows(status, Relation::Other, &[&REVIEW_IMAGES]));
            assert!(!knows(status, Relation::Own, &[]), "who lost the right to look sees nothing, not even their own");
        }
        assert!(knows(Status::Approved, Relation::Other, &[&VIEW_IMAGES]));
        assert!(!knows(Status::Approved, Relation::Own, &[]));
    }

    #[test]
    fn photos_of_workshops_are_for_those_who_see_that_side_of_workshops_and_those_who_work_on_images() {
        let knows = |part, held: &[&Permission]| {
            is_known(Status::Approved, Some(part), Relation::Own, |permission| {
                held.iter().any(|one| one.key == permission.key)
            })
        };
        for part in [Part::Description, Part::Attendee] {
            assert!(!knows(part, &[&VIEW_IMAGES]));
            assert!(!knows(part, &[&VIEW_WORKSHOPS, &VIEW_ATTENDEE_PHOTOS]));
            assert!(!knows(part, &[&VIEW_IMAGES, &VIEW_ATTENDEE_PHOTOS]));
            assert_eq!(knows(part, &[&VIEW_IMAGES, &VIEW_WORKSHOPS]), part == Part::Description);
            assert!(knows(part, &[&VIEW_IMAGES, &VIEW_WORKSHOPS, &VIEW_ATTENDEE_PHOTOS]));
            assert!(knows(part, &[&EDIT_IMAGES]) && knows(part, &[&REVIEW_IMAGES]));
        }
    }
}
