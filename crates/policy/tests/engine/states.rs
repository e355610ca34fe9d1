//! What somebody may do follows from the membership as well as from the role: the two together against a model that shares
//! nothing with them, in every state of both.

use std::sync::Arc;

use kernel::{
    authority::{Grants, Seat, Standing},
    clock::Clock,
    grant::{Decision, Declarations, Permission, Relation, Scope},
    ids::{RoleId, UserId, WorkspaceId},
};
use policy::{CompiledRole, Vocabulary};
use serde_json::{Map, Value, json};

const EDIT: &Permission = &Permission::scoped("can_edit_projects", "");
const MARK: &Permission = &Permission::owner_only("can_mark_notifications", "");
const LIKE: &Permission = &Permission::whole("can_like_images", "");
const COMMENT: &Permission = &Permission::ownable("can_edit_comments", "");

/// What a membership can be. Suspended ones never get into a standing, which is what makes them like none.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Active,
    ActiveForASecond,
    ExpiresNow,
    Expired,
    Suspended,
    Elsewhere,
    Missing,
}

const STATES: [State; 7] = [
    State::Active,
    State::ActiveForASecond,
    State::ExpiresNow,
    State::Expired,
    State::Suspended,
    State::Elsewhere,
    State::Missing,
];

/// The model: a membership that holds, a word that the permission admits or else the wildcard, and far enough.
fn may(state: State, document: &Value, key: &str, admitted: &[&str], relation: &str) -> bool {
    let reach = |word: &str| ["own", "assigned", "any"].iter().position(|it| *it == word).map_or(0, |it| it + 1);
    let word = |value: &Value| match value {
        Value::Bool(true) => "any".to_owned(),
        Value::String(word) => word.clone(),
        _ => "none".to_owned(),
    };
    let widest = admitted.last().copied().unwrap_or("none");
    let granted = match (document.get(key), document.get("*")) {
        (Some(value), _) => word(value),
        (None, Some(value)) if word(value) == "any" => widest.to_owned(),
        _ => "none".to_owned(),
    };
    let needed = ["own", "assigned", "other"].iter().position(|it| *it == relation).map_or(9, |it| it + 1);
    matches!(state, State::Active | State::ActiveForASecond) && reach(&granted) >= needed
}

/// The answer as the guard gets it.
fn decided(state: State, role: &Arc<dyn Grants>, permission: &'static Permission, relation: Relation) -> bool {
    let now = Clock::system().now();
    let (here, there) = (WorkspaceId::new(now), WorkspaceId::new(now));
    let second = std::time::Duration::from_secs(1);
    let seat = Seat {
        workspace: if state == State::Elsewhere { there } else { here },
        slug: "here".to_owned(),
        owner: false,
        expires_at: match state {
            State::ActiveForASecond => Some(now + second),
            State::ExpiresNow => Some(now),
            State::Expired => Some(now - second),
            _ => None,
        },
        role_id: RoleId::new(now),
        role_version: 1,
        grants: Arc::clone(role),
    };
    let seats = if matches!(state, State::Suspended | State::Missing) { vec![] } else { vec![seat] };
    let standing = Standing { seats, ..Standing::none(UserId::new(now)) };
    let seat = standing.seat(here, now);
    seat.is_some_and(|seat| seat.grants.decide(permission, relation) == Decision::Allowed)
}

#[test]
fn every_state_of_membership_and_role_agrees() {
    let permissions = &[EDIT, MARK, LIKE, COMMENT];
    let declarations = Declarations { module: "test", permissions, limits: &[] };
    let vocabulary = Vocabulary::new(&[declarations]).unwrap();
    let words =
        [None, Some(json!(false)), Some(json!("own")), Some(json!("assigned")), Some(json!("any")), Some(json!(true))];
    let wildcards = [None, Some(json!(false)), Some(json!(true)), Some(json!("any"))];
    let mut compared = 0;
    for permission in permissions {
        let admitted: Vec<&str> = permission.scopes.iter().map(|scope: &Scope| scope.as_str()).collect();
        for word in &words {
            for wildcard in &wildcards {
                let entries = [(permission.key, word), ("*", wildcard)];
                let entries = entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)));
                let document = Value::Object(entries.collect::<Map<_, _>>());
                let Ok(read) = vocabulary.parse(&document) else { continue };
                let role: Arc<dyn Grants> = Arc::new(CompiledRole::compile("role", &read, &vocabulary));
                for state in STATES {
                    for (relation, name) in
                        [(Relation::Own, "own"), (Relation::Assigned, "assigned"), (Relation::Other, "other")]
                    {
                        let expected = may(state, &document, permission.key, &admitted, name);
                        assert_eq!(
                            decided(state, &role, permission, relation),
                            expected,
                            "{state:?} {name} {document}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    // 6, 3, 4 and 5 words that are admitted, with 4 wildcards, in 7 states and 3 relations.
    assert_eq!(compared, (6 + 3 + 4 + 5) * 4 * 7 * 3);
}
