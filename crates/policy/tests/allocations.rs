//! A decision allocates nothing, whatever it says. A program of its own, since it counts what the whole of it allocates.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{hint::black_box, sync::Arc};

use allocation_counter::measure;
use kernel::{
    authority::Grants,
    grant::{Declarations, Limit, Permission, Relation},
};
use policy::{CompiledRole, Vocabulary};
use serde_json::json;

const PERMISSIONS: &[&Permission] = &[
    &Permission::scoped("can_edit_projects", "Edit projects"),
    &Permission::whole("can_create_projects", "Create projects"),
    &Permission::owner_only("can_mark_notifications", "Mark notifications as read"),
];
const UNKNOWN: &Permission = &Permission::whole("can_fly", "Fly");
const MAX_PROJECTS: &Limit = &Limit { key: "max_projects", sentence: "Projects a member may own" };

fn role(document: &serde_json::Value) -> Arc<dyn Grants> {
    let declarations = Declarations { module: "project", permissions: PERMISSIONS, limits: &[MAX_PROJECTS] };
    let vocabulary = Vocabulary::new(&[declarations]).unwrap();
    let document = vocabulary.parse(document).unwrap();
    Arc::new(CompiledRole::compile("role", &document, &vocabulary))
}

#[test]
fn no_decision_allocates() {
    for document in [
        json!({}),
        json!({ "*": true }),
        json!({ "*": true, "can_edit_projects": false }),
        json!({ "can_edit_projects": "own", "max_projects": 1 }),
        json!({ "can_edit_projects": "assigned", "can_create_projects": true }),
    ] {
        let role = role(&document);
        for permission in PERMISSIONS.iter().copied().chain([UNKNOWN]) {
            for relation in [Relation::Other, Relation::Assigned, Relation::Own] {
                let counted = measure(|| {
                    black_box(role.decide(black_box(permission), black_box(relation)));
                    black_box(role.scope(black_box(permission)));
                    black_box(role.limit(MAX_PROJECTS));
                });
                assert_eq!(counted.count_total, 0, "{document} {} {relation:?}", permission.key);
            }
        }
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(measure(|| drop(black_box(Box::new(7)))).count_total, 1);
}
