//! Random sequences of acts by people with random roles: nobody ever gives, takes or offers what they don't hold. What
//! covers what is said here once more, without the engine.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Map, Value, json};

use crate::harness::{Client, Lobby, PASSWORD, lobby};

/// Who acts: the founder first, the last two strangers at the beginning.
const PEOPLE: usize = 6;
const CASES: u32 = 60;
/// No case begins later than this, if enough happened by then.
const PATIENCE: Duration = Duration::from_secs(30);

/// The keys that documents are drawn from.
const KEYS: &[(&str, &[&str])] = &[
    ("can_manage_members", &["any"]),
    ("can_manage_roles", &["any"]),
    ("can_view_members", &["any"]),
    ("can_view_roles", &["any"]),
    ("can_edit_workspace", &["any"]),
    ("can_create_users", &["any"]),
    ("can_delete_users", &["any"]),
    ("can_view_users", &["any"]),
    ("can_like_images", &["any"]),
    ("can_view_projects", &["own", "assigned", "any"]),
    ("can_edit_images", &["own", "any"]),
];

/// One act; which of its numbers mean anything, and what, its kind says.
#[derive(Clone, Debug)]
struct Act {
    kind: usize,
    actor: usize,
    victim: usize,
    role: usize,
    other: usize,
    flag: bool,
    document: Value,
}

fn document() -> impl Strategy<Value = Value> {
    let grants: Vec<_> = KEYS
        .iter()
        .map(|(_, scopes)| {
            prop_oneof![
                3 => Just(None),
                1 => Just(Some(json!(false))),
                5 => prop::sample::select(*scopes)
                    .prop_map(|scope| Some(if scope == "any" { json!(true) } else { json!(scope) })),
            ]
        })
        .collect();
    (prop::bool::weighted(0.3), prop::option::weighted(0.4, 0..4_i64), grants).prop_map(|(wildcard, limit, grants)| {
        let named = KEYS.iter().zip(grants).filter_map(|((key, _), grant)| Some(((*key).to_owned(), grant?)));
        let mut document: Map<String, Value> = named.collect();
        document.extend(wildcard.then(|| ("*".to_owned(), json!(true))));
        document.extend(limit.map(|limit| ("max_projects".to_owned(), json!(limit))));
        Value::Object(document)
    })
}

fn act() -> impl Strategy<Value = Act> {
    let kind = prop_oneof![40 => 0..16_usize, 1 => Just(16)];
    (kind, 0..PEOPLE, 0..PEOPLE, 0..8_usize, 0..8_usize, any::<bool>(), document()).prop_map(
        |(kind, actor, victim, role, other, flag, document)| Act { kind, actor, victim, role, other, flag, document },
    )
}

#[derive(Clone, Debug)]
struct Story {
    blueprint: &'static str,
    /// The roles of the first people besides the founder.
    roles: Vec<Value>,
    acts: Vec<Act>,
}

fn story() -> impl Strategy<Value = Story> {
    let blueprint = prop::sample::select(&["lobby", "crafo", "devhub", "gallery"][..]);
    (blueprint, prop::collection::vec(document(), PEOPLE - 3), prop::collection::vec(act(), 10..40))
        .prop_map(|(blueprint, roles, acts)| Story { blueprint, roles, acts })
}

/// What someone may do: how far by key. The wildcard, limits and being sovereign are dimensions like any other.
type Reach = BTreeMap<String, i64>;

/// The workspace's authority, as it is in the database.
#[derive(Clone, Debug, PartialEq)]
struct State(Value);

impl State {
    async fn read(lobby: &Lobby, workspace: &str) -> Self {
        let sql = format!(
            "SELECT json_build_object('owner', w.owner_id, 'owner_role', w.owner_role_id, 'default', w.default_role_id, \
                'open', w.registration = 'open', \
                'roles', (SELECT json_object_agg(r.id, json_build_object('name', r.name, 'document', r.permissions, \
                    'self', r.self_assignable, 'next', r.promotes_to)) FROM workspace.roles r WHERE r.workspace_id = w.id), \
                'members', (SELECT json_object_agg(m.user_id, m.role_id) FROM workspace.members m \
                    WHERE m.workspace_id = w.id AND m.status = 'active'))::text \
             FROM workspace.workspaces w WHERE w.id = '{workspace}'"
        );
        let sql = sqlx::AssertSqlSafe(sql);
        let text: String =
            sqlx::query_scalar(sql).fetch_one(&mut lobby.database.connect_to("workspace").await).await.unwrap();
        Self(serde_json::from_str(&text).unwrap())
    }

    /// The roles' names, oldest first: their ids are by age.
    fn names(&self) -> Vec<&str> {
        self.roles().map(|(_, role)| role["name"].as_str().unwrap()).collect()
    }

    fn ids(&self) -> Vec<&str> {
        self.roles().map(|(id, _)| id.as_str()).collect()
    }

    fn roles(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["roles"].as_object().unwrap().iter()
    }

    fn members(&self) -> impl Iterator<Item = (&String, &str)> {
        self.0["members"].as_object().unwrap().iter().map(|(user, role)| (user, role.as_str().unwrap()))
    }

    fn role_of(&self, user: &str) -> Option<&str> {
        self.0["members"][user].as_str()
    }

    fn is_sovereign(&self, user: &str) -> bool {
        let role = self.role_of(user);
        role.is_some() && (self.0["owner"] == user || role == self.0["owner_role"].as_str())
    }

    fn is_joinable(&self, role: &str) -> bool {
        self.0["open"] == true && (self.0["default"] == role || self.0["roles"][role]["self"] == true)
    }

    /// What a role grants by itself.
    fn grants(&self, role: &str, words: &Words) -> Reach {
        let mut reach = words.reach(&self.0["roles"][role]["document"]);
        reach.insert("sovereign".to_owned(), i64::from(self.0["owner_role"] == role));
        reach
    }

    /// What a role leads to: what it grants, and what the roles grant that it is exchanged for.
    fn leads_to(&self, role: &str, words: &Words) -> Reach {
        let next = |role: &&str| self.0["roles"][*role]["next"].as_str();
        let way = std::iter::successors(Some(role), next).take(20);
        way.map(|role| self.grants(role, words)).fold(Reach::new(), widest)
    }

    /// What strangers can get by themselves.
    fn offered(&self, words: &Words) -> Reach {
        let joinable = self.roles().filter(|(id, _)| self.is_joinable(id));
        joinable.map(|(id, _)| self.leads_to(id, words)).fold(Reach::new(), widest)
    }
}

fn widest(mut one: Reach, other: Reach) -> Reach {
    for (key, level) in other {
        let known = one.entry(key).or_insert(level);
        *known = level.max(*known);
    }
    one
}

/// The keys that can be granted, with how far the wildcard grants each.
struct Words(Vec<(String, i64)>);

fn level(scope: &Value) -> i64 {
    match scope.as_str() {
        Some("own") => 1,
        Some("assigned") => 2,
        Some("any") => 3,
        _ => i64::from(scope == true) * 3,
    }
}

impl Words {
    async fn learn(client: &Client) -> Self {
        let told = client.get("/permissions").await.expect(200);
        let word = |item: &Value| {
            let widest = item["scopes"].as_array().unwrap().iter().map(level).max().unwrap();
            (item["key"].as_str().unwrap().to_owned(), widest)
        };
        Self(told.items().iter().map(word).collect())
    }

    fn reach(&self, document: &Value) -> Reach {
        let wildcard = document["*"] == true;
        let granted = |(key, widest): &(String, i64)| {
            let named = document.get(key).map(level);
            (key.clone(), named.unwrap_or(if wildcard { *widest } else { 0 }))
        };
        let mut reach: Reach = self.0.iter().map(granted).collect();
        reach.insert("*".to_owned(), i64::from(wildcard));
        reach.insert("max_projects".to_owned(), document["max_projects"].as_i64().unwrap_or(i64::MAX));
        reach
    }
}

/// What `after` has beyond `before`, and `held` has not.
fn beyond(after: &Reach, before: &Reach, held: &Reach) -> Vec<String> {
    let level =
        |reach: &Reach, key: &str| reach.get(key).copied().unwrap_or(if key.starts_with("max_") { -1 } else { 0 });
    let gained = after.keys().filter(|key| level(after, key) > level(before, key));
    gained.filter(|key| level(after, key) > level(held, key)).cloned().collect()
}

/// Holds one change against the rules; `actor` is nobody where somebody signed up.
fn judge(before: &State, after: &State, actor: &str, by_themselves: bool, words: &Words) -> Result<(), String> {
    if before.0["owner"] != after.0["owner"] && before.0["owner"] != actor {
        return Err("took the workspace from its owner".to_owned());
    }
    if before.is_sovereign(actor) {
        return Ok(());
    }
    let nothing = Reach::new();
    let mut held = before.role_of(actor).map_or_else(Reach::new, |role| before.grants(role, words));
    // A sovereign hands out everything, so that whoever holds everything may make one.
    let everything = words.reach(&json!({ "*": true }));
    if beyond(&everything, &nothing, &held).is_empty() {
        held.insert("sovereign".to_owned(), 1);
    }
    let reach =
        |state: &State, user: &str| state.role_of(user).map_or_else(Reach::new, |role| state.leads_to(role, words));
    let users = before.members().chain(after.members()).map(|(user, _)| user);
    for user in users {
        let (had, has) = (reach(before, user), reach(after, user));
        if by_themselves && before.role_of(user) != after.role_of(user) {
            // Whoever comes by themselves gets what was offered; whoever goes loses their own.
            match after.role_of(user) {
                Some(role) if !before.is_joinable(role) => return Err(format!("{user} took what nobody offered")),
                _ => continue,
            }
        }
        let given = beyond(&has, &had, &held);
        if !given.is_empty() {
            return Err(format!("{user} was given {given:?}"));
        }
        let taken = beyond(&had, &has, &held);
        if !taken.is_empty() && user != actor {
            return Err(format!("from {user} was taken {taken:?}"));
        }
    }
    let offered = beyond(&after.offered(words), &before.offered(words), &held);
    if offered.is_empty() { Ok(()) } else { Err(format!("strangers are offered {offered:?}")) }
}

struct Stage<'a> {
    lobby: &'a Lobby,
    people: Vec<Client>,
    words: Words,
}

impl Stage<'_> {
    async fn open(&self, story: &Story) -> String {
        let founder = &self.people[0];
        let body = json!({ "name": "Stage", "blueprint": story.blueprint });
        let workspace = founder.post("/workspaces", body).await.expect(201).id();
        let path = format!("/workspaces/{workspace}");
        for (number, (document, person)) in story.roles.iter().zip(&self.people[1..]).enumerate() {
            let name = format!("first-{number}");
            let role = json!({ "name": name, "permissions": document });
            founder.post(&format!("{path}/roles"), role).await.expect(201);
            self.lobby.seat(&workspace, &person.user, &name).await;
        }
        workspace
    }

    /// Does it; answers the status, and whether it was someone coming or going by themselves.
    async fn act(&self, workspace: &str, state: &State, act: &Act, number: usize) -> (u16, bool) {
        let (actor, victim) = (&self.people[act.actor], &self.people[act.victim]);
        let (names, ids) = (state.names(), state.ids());
        let (name, other) = (names[act.role % names.len()], names[act.other % names.len()]);
        let role = format!("/roles/{}", ids[act.role % ids.len()]);
        let place = format!("/workspaces/{workspace}");
        let member = format!("{place}/members/{}", victim.user);
        let next = if act.flag { json!(other) } else { Value::Null };
        let fresh = json!({
            "name": format!("made-{number}"), "permissions": act.document, "promotes_to": next,
            "self_assignable": act.other.is_multiple_of(3),
        });
        let email = format!("{}@example.org", uuid::Uuid::now_v7());
        let answer = match act.kind {
            0 => actor.post(&format!("{place}/roles"), fresh).await,
            1 => {
                let mut body = fresh;
                body["name"] = json!(name);
                actor.put(&role, body).await
            }
            2 => actor.patch(&role, json!({ "permissions": act.document })).await,
            3 if act.flag => actor.patch(&role, json!({ "self_assignable": act.other.is_multiple_of(2) })).await,
            3 => actor.patch(&role, json!({ "promotes_to": other })).await,
            4 => actor.delete(&format!("{role}?reassign_to={other}")).await,
            5 | 6 => actor.put(&format!("{member}/role"), json!({ "role": name })).await,
            7 => actor.ask_in(workspace, victim, name).await,
            8 if act.flag => actor.post(&format!("{place}/join"), json!({ "role": name })).await,
            8 => actor.act(&format!("{place}/join")).await,
            9 => {
                let body = json!({ "workspace": workspace, "email": email, "role": name });
                actor.post("/users", body).await
            }
            10 => actor.put(&format!("{place}/owner"), json!({ "user_id": victim.user })).await,
            11 if act.flag => actor.patch(&place, json!({ "default_role": name })).await,
            11 => {
                let registration = if act.other.is_multiple_of(4) { "invite" } else { "open" };
                actor.patch(&place, json!({ "registration": registration })).await
            }
            12 => actor.act(&format!("{member}/{}", if act.flag { "deactivate" } else { "activate" })).await,
            13 if act.flag => actor.delete(&member).await,
            13 => actor.delete(&format!("/users/{}", victim.user)).await,
            14 => actor.delete(&format!("{place}/members/me")).await,
            15 => actor.post("/workspaces", json!({ "name": "Elsewhere", "blueprint": "crafo" })).await,
            _ => {
                let body = json!({ "email": email, "password": PASSWORD, "workspace": workspace, "role": name });
                actor.signed_out().post("/auth/signup", body).await
            }
        };
        self.lobby.services().settle().await.unwrap();
        (answer.status.as_u16(), matches!(act.kind, 8 | 14 | 16))
    }

    /// Plays a story; answers what went wrong, or how many acts changed something.
    async fn play(&self, story: &Story) -> Result<usize, String> {
        let workspace = self.open(story).await;
        let mut state = State::read(self.lobby, &workspace).await;
        let mut changes = 0;
        for (number, act) in story.acts.iter().enumerate() {
            let (status, by_themselves) = self.act(&workspace, &state, act, number).await;
            let after = State::read(self.lobby, &workspace).await;
            let actor = if act.kind == 16 { "" } else { self.people[act.actor].user.as_str() };
            let told = |wrong: String| {
                format!(
                    "act {number}, {act:?} by {actor}, answered {status}: {wrong}\nbefore {state:?}\nafter {after:?}"
                )
            };
            if status >= 500 || status >= 400 && after != state {
                return Err(told("refused, but something changed, or it broke".to_owned()));
            }
            judge(&state, &after, actor, by_themselves, &self.words).map_err(told)?;
            changes += usize::from(after != state);
            state = after;
        }
        Ok(changes)
    }
}

#[test]
fn nobody_gives_takes_or_offers_what_they_do_not_hold_in_any_sequence_of_acts() {
    lobby(async |lobby| {
        let mut people = Vec::new();
        for _ in 0..PEOPLE {
            people.push(lobby.person().await);
        }
        let words = Words::learn(&people[0]).await;
        let stage = Stage { lobby, people, words };
        let began = Instant::now();
        let config = Config { cases: CASES, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRunner::deterministic().new_rng());
        let counted = std::cell::Cell::new(0);
        let outcome = tokio::task::block_in_place(|| {
            runner.run(&story(), |story| {
                if began.elapsed() > PATIENCE && counted.get() > 50 {
                    return Ok(());
                }
                let played = tokio::runtime::Handle::current().block_on(stage.play(&story));
                counted.set(counted.get() + played.map_err(TestCaseError::fail)?);
                Ok(())
            })
        });
        if let Err(wrong) = outcome {
            panic!("{wrong}");
        }
        assert!(counted.get() > 50, "hardly anything was allowed: {}", counted.get());
    });
}
