//! A thousand attempts, by every way there is, to leave a workspace without an administrator.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use sqlx::Row;

use super::membership;
use crate::harness::{Answer, Client, Lobby, PASSWORD, lobby_with};

const ADMINISTRATORS: usize = 20;
const ATTEMPTS: usize = 1_000;
const IN_FLIGHT: usize = 16;

/// Whoever holds the wildcard and what it takes to give others their rights, and can sign in.
const COUNT: &str = "SELECT count(*) AS administrators, count(*) FILTER (WHERE w.owner_id = m.user_id) AS owners \
    FROM workspace.members m JOIN workspace.roles r ON r.id = m.role_id \
    JOIN workspace.workspaces w ON w.id = m.workspace_id \
    JOIN accounts.users u ON u.id = m.user_id AND u.status = 'active' \
    WHERE m.workspace_id = $1::uuid AND m.status = 'active' AND (m.expires_at IS NULL OR m.expires_at > now()) \
    AND r.permissions @> '{\"*\": true}' AND NOT r.permissions @> '{\"can_manage_members\": false}' \
    AND NOT r.permissions @> '{\"can_manage_roles\": false}'";

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

/// The workspace with its twenty: some were made by it, so that their accounts go with them; three roles are
/// administrators', of which one lacks something that doesn't matter.
struct Siege {
    workspace: String,
    people: Vec<Client>,
    /// Who owns it, as far as the answers told.
    owner: AtomicUsize,
}

/// The kinds of [`Siege::attempt`] in the proportion in which they are made: what gives back comes more often than what
/// takes, so that the fight goes on.
const KINDS: [usize; 36] = [
    0, 0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 9, 10, 10, 10, 10, 11, 12, 12, 12, 12, 12, 13, 13, 13, 13, 13, 14, 15, 15,
    16, 16, 16, 16,
];

const ROLES: [&str; 3] = ["admin", "second", "third"];

fn document(role: &str) -> Value {
    if role == "third" { json!({ "*": true, "can_like_images": false }) } else { json!({ "*": true }) }
}

impl Siege {
    async fn lay(lobby: &Lobby) -> Self {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let mut people = vec![owner.clone()];
        for role in &ROLES[1..] {
            let body = json!({ "name": role, "permissions": document(role) });
            owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        }
        for number in 1..ADMINISTRATORS {
            let role = ROLES[number % 3];
            people.push(if number % 2 == 0 {
                lobby.member(&owner, &workspace, role).await
            } else {
                let email = format!("made{number}@example.org");
                let body = json!({ "workspace": workspace, "email": email, "password": PASSWORD, "role": role });
                let user = owner.post("/users", body).await.expect(201).id();
                let mut person = owner.sign_in(&email, PASSWORD).await;
                person.user = user;
                person
            });
        }
        Self { workspace, people, owner: AtomicUsize::new(0) }
    }

    /// The id of a role that may have been deleted meanwhile.
    async fn role(&self, actor: &Client, name: &str) -> Option<String> {
        let roles = actor.get(&format!("/workspaces/{}/roles?limit=200", self.workspace)).await;
        let items = roles.json["items"].as_array()?;
        items.iter().find(|role| role["name"] == name).map(|role| role["id"].as_str().unwrap().to_owned())
    }

    /// What the owner does half of the time, since few others are left to do it: giving back, and handing over.
    fn actor(&self, kind: usize, drawn: usize) -> usize {
        if kind >= 9 && drawn.is_multiple_of(2) { self.owner.load(Ordering::Relaxed) } else { drawn }
    }

    /// One attempt.
    async fn attempt(&self, kind: usize, actor: &Client, victim: &Client, role: &str) -> Option<Answer> {
        let place = format!("/workspaces/{}", self.workspace);
        let member = membership(&self.workspace, victim);
        let spare = if role == "admin" { "second" } else { role };
        Some(match kind {
            0 => actor.put(&format!("{member}/role"), json!({ "role": "user" })).await,
            1 => actor.delete(&member).await,
            2 => actor.act(&format!("{member}/deactivate")).await,
            3 => actor.patch(&member, json!({ "status": "suspended" })).await,
            4 => actor.delete(&format!("{place}/members/me")).await,
            5 => {
                let role = self.role(actor, role).await?;
                let crippled = json!({ "permissions": { "can_manage_members": false } });
                actor.patch(&format!("/roles/{role}"), crippled).await
            }
            6 => {
                let id = self.role(actor, role).await?;
                let plain = json!({ "name": role, "permissions": { "can_view_members": true } });
                actor.put(&format!("/roles/{id}"), plain).await
            }
            7 => {
                let role = self.role(actor, role).await?;
                actor.delete(&format!("/roles/{role}?reassign_to=user")).await
            }
            8 => actor.delete(&format!("/users/{}", victim.user)).await,
            9 => actor.put(&format!("{place}/owner"), json!({ "user_id": victim.user })).await,
            10 | 11 => actor.put(&format!("{member}/role"), json!({ "role": role })).await,
            12 => actor.act(&format!("{member}/activate")).await,
            13 | 14 => actor.ask_in(&self.workspace, victim, role).await,
            15 => {
                let body = json!({ "name": spare, "permissions": document(spare) });
                actor.post(&format!("{place}/roles"), body).await
            }
            _ => {
                let id = self.role(actor, role).await?;
                actor.put(&format!("/roles/{id}"), json!({ "name": role, "permissions": document(role) })).await
            }
        })
    }
}

/// Counts for as long as the fight goes on; answers how often it could.
async fn watch(lobby: &Lobby, workspace: &str, over: &AtomicBool) -> usize {
    let mut connection = lobby.database.connect_to("workspace").await;
    for round in 1.. {
        let row = sqlx::query(COUNT).bind(workspace).fetch_one(&mut connection).await.unwrap();
        assert!(row.get::<i64, _>("administrators") >= 1, "nobody administers the workspace in round {round}");
        assert_eq!(row.get::<i64, _>("owners"), 1, "the owner is no administrator in round {round}");
        if over.load(Ordering::Relaxed) {
            return round;
        }
        tokio::task::yield_now().await;
    }
    unreachable!()
}

#[test]
fn a_thousand_attempts_by_every_way_leave_an_administrator_at_every_moment() {
    let patient = [("LOBBY__DATABASE__ACQUIRE_SECONDS", "60"), ("LOBBY__SERVER__REQUEST_SECONDS", "120")];
    lobby_with(&patient, async |lobby| {
        if !lobby.database.is_one_or("who administers is counted at one instant, with the accounts") {
            return;
        }
        let siege = Siege::lay(lobby).await;
        let (mut dice, over) = (Dice(20), AtomicBool::new(false));
        let attempts: Vec<[usize; 4]> = (0..ATTEMPTS)
            .map(|_| {
                [KINDS[dice.roll(KINDS.len())], dice.roll(ADMINISTRATORS), dice.roll(ADMINISTRATORS), dice.roll(3)]
            })
            .collect();
        let fight = async {
            let siege = &siege;
            let attempts = attempts.iter().map(|&[kind, actor, victim, role]| async move {
                let caller = &siege.people[siege.actor(kind, actor)];
                let answer = siege.attempt(kind, caller, &siege.people[victim], ROLES[role]).await;
                if kind == 9 && answer.as_ref().is_some_and(|answer| answer.status == 200) {
                    siege.owner.store(victim, Ordering::Relaxed);
                }
                (kind, answer)
            });
            let answers: Vec<(usize, Option<Answer>)> =
                stream::iter(attempts).buffer_unordered(IN_FLIGHT).collect().await;
            over.store(true, Ordering::Relaxed);
            answers
        };
        let (answers, rounds) = tokio::join!(fight, watch(lobby, &siege.workspace, &over));
        assert!(rounds > 50, "it was hardly watched: {rounds}");

        // What isn't documented panicked on arrival; here, that nothing broke, and that everything was really tried.
        let mut done: BTreeMap<usize, usize> = BTreeMap::new();
        for (kind, answer) in answers.into_iter().filter_map(|(kind, answer)| Some((kind, answer?))) {
            assert!(answer.status.as_u16() < 500, "{} broke: {} {}", answer.asked, answer.status, answer.json);
            if answer.status.is_success() {
                *done.entry(kind).or_default() += 1;
            }
        }
        let missing: Vec<usize> = (0..17).filter(|kind| !done.contains_key(kind)).collect();
        assert!(missing.is_empty(), "never succeeded: {missing:?}; succeeded: {done:?}");
        assert!(done.values().sum::<usize>() > 100, "the fight was over soon: {done:?}");

        // Whoever is left can govern.
        lobby.services().settle().await.unwrap();
        let sql = format!("SELECT owner_id::text AS id FROM workspace.workspaces WHERE id = '{}'", siege.workspace);
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut lobby.database.connect_to("workspace").await)
            .await
            .unwrap();
        let owner: String = row.get("id");
        let owner = siege.people.iter().find(|person| person.user == owner).expect("a stranger owns the workspace");
        let place = format!("/workspaces/{}", siege.workspace);
        let role = json!({ "name": "after", "permissions": { "*": true } });
        owner.post(&format!("{place}/roles"), role).await.expect(201);
        let newcomer = lobby.member(owner, &siege.workspace, "after").await;
        newcomer
            .put(&format!("{}/role", membership(&siege.workspace, &newcomer)), json!({ "role": "user" }))
            .await
            .expect(200);
    });
}
