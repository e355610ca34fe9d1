//! Plans that begin while everybody uses up what they bound: once that is answered, nobody goes by what was before.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use sqlx::Executor;

use super::{paying, plan, seller, subscribe};
use crate::harness::{Answer, Client, Lobby, SOON, picture};

const PROJECTS: &str = "SELECT count(*) FROM project.projects";
const BYTES: &str = "SELECT coalesce(sum(original_bytes), 0)::bigint FROM gallery.images";
const MEMBERS: &str = "SELECT count(*) FROM workspace.members WHERE status = 'active'";

/// Lets all of `uses` happen at once and `turn` in their midst; what `count` says as soon as that is answered, and at the end.
async fn race(
    lobby: &Lobby,
    count: &str,
    turn: impl Future<Output = Answer>,
    uses: impl Iterator<Item = impl Future<Output = Answer>>,
) -> (i64, i64, Vec<Answer>) {
    let turning = async {
        turn.await.expect(201);
        lobby.database.number(count).await
    };
    let (then, answers) = futures_util::join!(turning, join_all(uses));
    (then, lobby.database.number(count).await, answers)
}

/// The same where those who use something up have asked what bounds it, and wait before they write it until it turned: they are
/// let go when `turn` is answered, or waits for them.
async fn race_of_three(
    lobby: &Lobby,
    (module, lock, count): (&str, &'static str, &str),
    turn: impl Future<Output = Answer>,
    uses: impl Iterator<Item = impl Future<Output = Answer>>,
) -> (i64, i64) {
    let mut holder = lobby.database.connect_to(module).await;
    holder.execute(lock).await.unwrap();
    let turning = async {
        let waits = async |many: i64| {
            let deadline = Instant::now() + SOON;
            while lobby.database.waiting_for_locks().await < many {
                assert!(Instant::now() < deadline, "{many} should wait by now");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        waits(3).await;
        let mut turn = std::pin::pin!(turn);
        let answered = tokio::select! {
            answer = &mut turn => Some(answer),
            () = waits(4) => None,
        };
        let then = match answered {
            Some(answer) => {
                answer.expect(201);
                let then = lobby.database.number(count).await;
                holder.execute("ROLLBACK").await.unwrap();
                then
            }
            None => {
                holder.execute("ROLLBACK").await.unwrap();
                turn.await.expect(201);
                lobby.database.number(count).await
            }
        };
        drop(holder);
        then
    };
    let (then, _) = futures_util::join!(turning, join_all(uses.take(3)));
    (then, lobby.database.number(count).await)
}

fn refused(answers: &[Answer], code: &str) -> usize {
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status != 201).collect();
    for answer in &refused {
        assert_eq!(answer.json["code"], code, "{}", answer.json);
    }
    refused.len()
}

/// A plan of the platform for the workspace, which bounds what all have.
async fn host(lobby: &Lobby, limits: Value) {
    let platform = lobby.person().await;
    lobby.services().provision().ensure_platform_admin(platform.user.parse().unwrap()).await.unwrap();
    let body = json!({ "code": "host", "name": "Host", "price": 0, "currency": "EUR", "interval": "month",
        "features": { "limits": limits } });
    platform.post("/platform/plans", body).await.expect(201);
}

/// Ends what somebody subscribed to, at once.
async fn end(person: &Client, workspace: &str) {
    let all = person.get(&format!("/subscriptions?workspace={workspace}")).await.expect(200);
    let id = all.items()[0]["id"].as_str().unwrap().to_owned();
    person.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
}

fn creation(person: &Client, workspace: &str, name: String) -> impl Future<Output = Answer> + use<> {
    let (person, body) = (person.clone(), json!({ "workspace": workspace, "name": name }));
    async move { person.post("/projects", body).await }
}

#[test]
fn who_had_asked_before_a_plan_began_is_in_before_that_is_answered_or_not_at_all() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let limits = json!({ "max_projects": 1, "storage_bytes": 1 });
        plan(&owner, &workspace, "small", 0, json!({ "features": { "limits": limits } })).await;
        host(lobby, limits).await;
        for (code, most, first) in [("small", 1, 0), ("host", 4, 3)] {
            let creations = (0..3).map(|number| creation(&owner, &workspace, format!("Project {code} {number}")));
            let about = ("project", "BEGIN; LOCK TABLE project.projects IN SHARE MODE", PROJECTS);
            let (then, after) = race_of_three(lobby, about, subscribe(&owner, &workspace, code), creations).await;
            assert!(after <= then.max(most), "{code}: {after} projects are there, and were {then} when it had begun");
            end(&owner, &workspace).await;
            let uploads = (first..first + 3).map(|seed| owner.upload(&workspace, picture(seed), code));
            let about = ("gallery", "BEGIN; LOCK TABLE gallery.images IN SHARE MODE", BYTES);
            let (then, after) = race_of_three(lobby, about, subscribe(&owner, &workspace, code), uploads).await;
            assert!(after <= then.max(1), "{code}: {after} bytes are there, and were {then} when it had begun");
            end(&owner, &workspace).await;
        }
    });
}

#[test]
fn a_members_plan_that_begins_amid_sixty_four_creations_bounds_all_that_come_after() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "small", 0, json!({ "features": { "limits": { "max_projects": 9 } } })).await;
        // Again and again: it ends in between, and who is in stays.
        for round in 0..3 {
            let before = lobby.database.number(PROJECTS).await;
            let uses = (0..64).map(|number| creation(&owner, &workspace, format!("Project {round} {number}")));
            let (then, after, answers) = race(lobby, PROJECTS, subscribe(&owner, &workspace, "small"), uses).await;
            assert!(after <= then.max(9), "{after} are there, and were {then} when the plan had begun");
            assert_eq!(answers.len() - refused(&answers, "limit_reached"), usize::try_from(after - before).unwrap());
            assert!(after >= 9, "round {round}: there is room for {after}");
            creation(&owner, &workspace, "One more".to_owned()).await.problem(403, "limit_reached");
            end(&owner, &workspace).await;
            creation(&owner, &workspace, format!("Free {round}")).await.expect(201);
        }
    });
}

#[test]
fn a_workspaces_plan_that_begins_amid_the_creations_of_two_bounds_both() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        host(lobby, json!({ "max_projects": 9 })).await;
        let other = lobby.member(&owner, &workspace, "admin").await;
        for round in 0..2 {
            let before = lobby.database.number(PROJECTS).await;
            let uses = (0..64).map(|number| {
                let person = if number % 2 == 0 { &owner } else { &other };
                creation(person, &workspace, format!("Project {round} {number}"))
            });
            let (then, after, answers) = race(lobby, PROJECTS, subscribe(&owner, &workspace, "host"), uses).await;
            assert!(after <= then.max(9), "{after} are there, and were {then} when the plan had begun");
            assert_eq!(answers.len() - refused(&answers, "limit_reached"), usize::try_from(after - before).unwrap());
            assert!(after >= 9, "round {round}: there is room for {after}");
            end(&owner, &workspace).await;
        }
    });
}

#[test]
fn a_plan_that_begins_amid_uploads_bounds_those_that_come_after() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        let largest = (0..32).map(|seed| picture(seed).len()).max().unwrap();
        let allowed = i64::try_from(3 * largest).unwrap();
        let small = json!({ "features": { "limits": { "storage_bytes": allowed } } });
        plan(&owner, &workspace, "small", 0, small).await;
        let uses = (0..32).map(|seed| owner.upload(&workspace, picture(seed), "one of many"));
        let begins = async {
            owner.upload(&workspace, picture(32), "the first").await.expect(201);
            subscribe(&owner, &workspace, "small").await
        };
        let (then, after, answers) = race(lobby, BYTES, begins, uses).await;
        assert!(after <= then.max(allowed), "{after} bytes are there, and were {then} when the plan had begun");
        refused(&answers, "storage_quota_exceeded");
        owner.upload(&workspace, picture(33), "late").await.problem(409, "storage_quota_exceeded");
        end(&owner, &workspace).await;
        owner.upload(&workspace, picture(33), "free").await.expect(201);
    });
}

#[test]
fn a_plan_that_begins_amid_arrivals_has_seats_for_nobody_after_it() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        host(lobby, json!({ "max_members": 4 })).await;
        let mut people = Vec::new();
        for _ in 0..32 {
            people.push(lobby.person().await);
        }
        let join = format!("/workspaces/{workspace}/join");
        let uses = people.iter().map(|person| person.post(&join, json!({})));
        let (then, after, answers) = race(lobby, MEMBERS, subscribe(&owner, &workspace, "host"), uses).await;
        assert!(after <= then.max(4), "{after} are there, and were {then} when the plan had begun");
        assert_eq!(i64::try_from(32 - refused(&answers, "limit_reached")).unwrap(), after - 1);
        lobby.person().await.post(&join, json!({})).await.problem(403, "limit_reached");
    });
}

#[test]
fn what_is_bounded_is_told_by_events_too_and_is_asked_of_where_nothing_was_told() {
    paying(async |lobby| {
        let (owner, workspace) = seller(lobby).await;
        plan(&owner, &workspace, "small", 0, json!({ "features": { "limits": { "max_projects": 1 } } })).await;
        subscribe(&owner, &workspace, "small").await.expect(201);
        end(&owner, &workspace).await;
        subscribe(&owner, &workspace, "small").await.expect(201);
        creation(&owner, &workspace, "The only one".to_owned()).await.expect(201);
        let known = "SELECT count(*) FROM project.plan_bounds WHERE most = 1";
        let all = "SELECT count(*) FROM project.plan_bounds";
        assert_eq!((lobby.database.number(known).await, lobby.database.number(all).await), (1, 2));
        // As after an update, when nothing was told yet.
        lobby.database.execute("DELETE FROM project.plan_bounds").await;
        creation(&owner, &workspace, "Another".to_owned()).await.problem(403, "limit_reached");
        for order in ["DESC", "ASC"] {
            let sql = format!(
                "UPDATE billing.outbox o SET told_at = NULL, attempts = 0, next_try_at = now(), \
                 id = ('00000000-0000-7000-8000-' || lpad(n.n::text, 12, '0'))::uuid \
                 FROM (SELECT id, row_number() OVER (ORDER BY id {order}) AS n FROM billing.outbox) n WHERE n.id = o.id"
            );
            lobby.database.execute(&sql).await;
            lobby.services().settle().await.unwrap();
            assert_eq!((lobby.database.number(known).await, lobby.database.number(all).await), (1, 2), "{order}");
        }
        end(&owner, &workspace).await;
        creation(&owner, &workspace, "Another".to_owned()).await.expect(201);
    });
}
