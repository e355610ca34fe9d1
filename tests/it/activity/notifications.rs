//! Notifications: who is told what, once; who may read and mark it; what people want to be told of.

use activity::{Schema, notifications::Notifier};
use futures_util::future::join_all;
use kernel::{
    ids::WorkspaceId,
    outbox::{Event, Subscriber},
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Client, Lobby, lobby, picture};

/// Tells somebody that an image of theirs was approved, as if they had one; answers the event.
pub async fn tell(lobby: &Lobby, workspace: &str, user: &str) -> Event {
    let event = Event::new("image.approved", "image", Uuid::now_v7(), lobby.clock.now())
        .in_workspace(WorkspaceId(workspace.parse().unwrap()))
        .fact("uploader_id", user);
    notifier(lobby).hear(&event).await.unwrap();
    event
}

pub fn notifier(lobby: &Lobby) -> Notifier {
    Notifier::new(lobby.services().databases.system::<Schema>("test"))
}

async fn token_of(person: &Client, permissions: Value) -> Client {
    let body = json!({ "name": "notifications", "permissions": permissions });
    person.with_token(&person.post("/users/me/tokens", body).await.expect(201).text("token"))
}

async fn unread(person: &Client) -> i64 {
    person.get("/notifications/unread-count").await.expect(200).json["unread"].as_i64().unwrap()
}

async fn told(reader: &Client, user: &str) -> Vec<Value> {
    reader.get(&format!("/notifications/{user}?limit=200")).await.expect(200).items().to_vec()
}

#[test]
fn who_is_concerned_is_told_once_though_the_event_comes_again() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let member = lobby.member(&owner, &workspace, "beta_player").await;
        for (seed, decision) in [
            (1, json!({ "decision": "approved" })),
            (2, json!({ "decision": "rejected", "reason_code": "quality", "reason": "Too dark" })),
        ] {
            let image = member.upload(&workspace, picture(seed), "mine").await.expect(201).id();
            let approval = format!("/images/{image}/approval");
            member.act(&approval).await.expect(201);
            let decided = owner.put(&approval, decision).await;
            assert_eq!(decided.status, 200, "{}", decided.json);
            // What modules tell at the same time comes in any order.
            lobby.services().settle().await.unwrap();
        }
        let path = format!("/workspaces/{workspace}/members/{}/role", member.user);
        owner.put(&path, json!({ "role": "company_user" })).await.expect(200);
        lobby.services().settle().await.unwrap();

        let list = told(&member, &member.user).await;
        let kinds: Vec<&str> = list.iter().map(|row| row["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["role_changed", "image_rejected", "image_approved"]);
        assert_eq!((&list[1]["body"], &list[1]["data"]["reason_code"]), (&json!("Too dark"), &json!("quality")));
        assert!(list.iter().all(|row| row["workspace_id"] == workspace.as_str() && row["read_at"].is_null()));
        // Whoever did it isn't told of it, and one who wants a letter gets one.
        assert_eq!(unread(&owner).await, 0);
        let letters = "SELECT count(*) FROM mail.outbox WHERE action = 'notification.created'";
        assert_eq!(lobby.database.number(letters).await, 1, "rejections are mailed, unless one doesn't want that");

        for outbox in ["gallery", "workspace"] {
            lobby.database.execute(&format!("UPDATE {outbox}.outbox SET told_at = NULL")).await;
        }
        lobby.services().settle().await.unwrap();
        assert_eq!(told(&member, &member.user).await, list);
        assert_eq!(lobby.database.number(letters).await, 1);
    });
}

#[test]
fn many_events_at_once_take_their_places_one_after_the_other() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let events: Vec<Event> = (0..60)
            .map(|_| {
                Event::new("image.approved", "image", Uuid::now_v7(), lobby.clock.now())
                    .in_workspace(WorkspaceId(workspace.parse().unwrap()))
                    .fact("uploader_id", owner.user.as_str())
            })
            .collect();
        let notifier = notifier(lobby);
        // Each three times, by three who don't know of each other.
        let heard = (0..180).map(|number| notifier.hear(&events[number % 60]));
        assert!(join_all(heard).await.iter().all(Result::is_ok));
        let sql = "SELECT count(*) FROM activity.notifications";
        assert_eq!(lobby.database.number(sql).await, 60);
        assert_eq!(lobby.database.number("SELECT count(DISTINCT seq) FROM activity.notifications").await, 60);
        let ends = "SELECT count(*) FROM activity.feeds WHERE last >= (SELECT max(seq) FROM activity.notifications)";
        assert_eq!(lobby.database.number(ends).await, 1);
        assert_eq!(unread(&owner).await, 60);
    });
}

#[test]
fn a_list_is_read_in_pages_and_marked_as_far_as_it_was_seen() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        for _ in 0..5 {
            tell(lobby, &workspace, &owner.user).await;
        }
        let path = format!("/notifications/{}", owner.user);
        let first = owner.get(&format!("{path}?limit=2")).await.expect(200);
        let next = first.text("next");
        let second = owner.get(&format!("{path}?limit=2&cursor={next}")).await.expect(200);
        let seen: Vec<String> = [&first, &second].iter().flat_map(|page| page.each("id")).map(str::to_owned).collect();
        assert_eq!(seen.len(), 4);
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "not newest first: {seen:?}");

        let marked = owner.put(&format!("/notifications/{}/mark-as-read", seen[3]), json!({})).await.expect(200);
        let again = owner.put(&format!("/notifications/{}/mark-as-read", seen[3]), json!({})).await.expect(200);
        assert_eq!(marked.json, again.json, "marked anew");
        assert_eq!(unread(&owner).await, 4);
        assert_eq!(owner.get(&format!("{path}?unread=true")).await.expect(200).items().len(), 4);
        assert_eq!(owner.get(&format!("{path}?unread=false")).await.expect(200).each("id"), [&seen[3]]);
        owner.get(&format!("{path}?unread=maybe")).await.faults(&["?unread"]);

        let all = "/notifications/mark-all-as-read";
        let up_to = json!({ "up_to": seen[2] });
        assert_eq!(owner.put(all, up_to.clone()).await.expect(200).json, json!({ "updated": 2 }));
        assert_eq!(owner.put(all, up_to).await.expect(200).json, json!({ "updated": 0 }));
        owner.put(all, json!({ "up_to": Uuid::now_v7() })).await.faults(&["/up_to"]);
        owner.put(all, json!({ "until": 1 })).await.faults(&["/until"]);
        assert_eq!(unread(&owner).await, 2);
        assert_eq!(owner.call(Method::PUT, all, None).await.expect(200).json, json!({ "updated": 2 }));
        assert_eq!(unread(&owner).await, 0);
    });
}

#[test]
fn words_of_the_path_are_no_people() {
    lobby(async |lobby| {
        let (owner, _) = lobby.workspace("gallery").await;
        owner.get("/notifications/unread-count").await.expect(200);
        assert!(owner.get("/notifications/preferences").await.expect(200).items().len() > 5);
        owner.get("/notifications/mark-all-as-read").await.problem(405, "method_not_allowed");
        for nobody in ["me", "workshops", "0"] {
            owner.get(&format!("/notifications/{nobody}")).await.problem(404, "not_found");
        }
        owner.put("/notifications/unread-count", json!({})).await.problem(405, "method_not_allowed");
        owner.put("/notifications/x/mark-as-read", json!({})).await.problem(404, "not_found");
        assert!(owner.get(&format!("/notifications/{}", owner.user)).await.expect(200).items().is_empty());
    });
}

#[test]
fn nobody_reads_or_marks_what_others_were_told_but_who_may_everybodys() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let member = lobby.member(&owner, &workspace, "beta_player").await;
        let peer = lobby.member(&owner, &workspace, "beta_player").await;
        let (stranger, elsewhere) = lobby.workspace("gallery").await;
        stranger.bring(&elsewhere, &member, "beta_player").await;
        tell(lobby, &workspace, &member.user).await;
        tell(lobby, &elsewhere, &member.user).await;
        lobby.services().settle().await.unwrap();
        let mine = told(&member, &member.user).await;
        assert_eq!(mine.len(), 2);
        let (there, here) = (mine[0]["id"].as_str().unwrap(), mine[1]["id"].as_str().unwrap());

        // An administrator sees what happened in their own workspace, and no more.
        for (admin, id, other) in [(&owner, here, there), (&stranger, there, here)] {
            let seen = told(admin, &member.user).await;
            assert_eq!(seen.len(), 1);
            assert_eq!(seen[0]["id"], id);
            admin.put(&format!("/notifications/{other}/mark-as-read"), json!({})).await.problem(404, "not_found");
        }
        peer.get(&format!("/notifications/{}", member.user)).await.problem(404, "not_found");
        peer.put(&format!("/notifications/{here}/mark-as-read"), json!({})).await.problem(404, "not_found");
        stranger.get(&format!("/notifications/{}", peer.user)).await.problem(404, "not_found");
        assert_eq!(unread(&member).await, 2);
        owner.put(&format!("/notifications/{here}/mark-as-read"), json!({})).await.expect(200);
        assert_eq!(unread(&member).await, 1);

        // Who leaves leaves that behind, also for those who stay.
        owner.delete(&format!("/workspaces/{workspace}/members/{}", member.user)).await.expect(204);
        assert_eq!(told(&member, &member.user).await.len(), 1);
        owner.get(&format!("/notifications/{}", member.user)).await.problem(404, "not_found");
        member.put(&format!("/notifications/{here}/mark-as-read"), json!({})).await.problem(404, "not_found");
    });
}

#[test]
fn a_role_that_may_not_read_notifications_is_told_so_and_a_token_holds_what_it_says() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let body = json!({ "name": "blind", "permissions": { "can_mark_notifications": "own" } });
        owner.post(&format!("/workspaces/{workspace}/roles"), body).await.expect(201);
        let blind = lobby.member(&owner, &workspace, "blind").await;
        tell(lobby, &workspace, &blind.user).await;
        for path in
            ["/notifications/unread-count".to_owned(), format!("/notifications/{}", blind.user), "/events".into()]
        {
            let refused = blind.get(&path).await.problem(403, "permission_denied");
            assert_eq!(refused.json["permission"], "can_view_notifications");
        }
        assert_eq!(blind.put("/notifications/mark-all-as-read", json!({})).await.expect(200).json["updated"], 1);

        tell(lobby, &workspace, &owner.user).await;
        let reader = token_of(&owner, json!({ "can_view_notifications": "own" })).await;
        assert_eq!(unread(&reader).await, 1);
        reader.put("/notifications/mark-all-as-read", json!({})).await.problem(403, "permission_denied");
        reader.get("/notifications/preferences").await.problem(403, "token_not_allowed");
        let other = token_of(&owner, json!({ "can_view_images": true })).await;
        other.get("/notifications/unread-count").await.problem(403, "permission_denied");
    });
}

#[test]
fn people_are_told_of_what_they_want_and_by_what_they_want() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        let path = "/notifications/preferences";
        let of = |answer: &Value, kind: &str| {
            answer["items"].as_array().unwrap().iter().find(|item| item["kind"] == kind).unwrap().clone()
        };
        let usual = owner.get(path).await.expect(200).json;
        assert_eq!(of(&usual, "image_approved")["mail"], false);
        assert!(of(&usual, "member_added")["mail"].is_null());

        let item =
            |kind: &str, in_app: bool, mail: Option<bool>| json!({ "kind": kind, "in_app": in_app, "mail": mail });
        let nonsense = [item("image_eaten", true, None), item("member_added", true, Some(true))];
        owner.put(path, json!({ "items": nonsense })).await.faults(&["/items/0/kind", "/items/1/mail"]);
        let twice = [item("role_changed", true, None), item("role_changed", false, None)];
        owner.put(path, json!({ "items": twice })).await.faults(&["/items/1/kind"]);
        owner.put(path, json!({})).await.faults(&["/items"]);
        assert_eq!(owner.get(path).await.expect(200).json, usual);

        let letters = "SELECT count(*) FROM mail.outbox WHERE action = 'notification.created'";
        for (in_app, mail, shown, mailed) in
            [(false, false, 0, 0), (false, true, 0, 1), (true, true, 1, 2), (true, false, 2, 2)]
        {
            let said =
                owner.put(path, json!({ "items": [item("image_approved", in_app, Some(mail))] })).await.expect(200);
            assert_eq!(owner.get(path).await.expect(200).json, said.json);
            let now = of(&said.json, "image_approved");
            assert_eq!((&now["in_app"], &now["mail"]), (&json!(in_app), &json!(mail)));
            tell(lobby, &workspace, &owner.user).await;
            lobby.services().settle().await.unwrap();
            assert_eq!((unread(&owner).await, lobby.database.number(letters).await), (shown, mailed));
        }
        let usual_again = owner.put(path, json!({ "items": [] })).await.expect(200).json;
        assert_eq!(usual_again, usual);
    });
}

#[test]
fn of_who_is_gone_nothing_is_kept() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        tell(lobby, &workspace, &owner.user).await;
        let items = json!([{ "kind": "role_changed", "mail": true }]);
        owner.put("/notifications/preferences", json!({ "items": items })).await.expect(200);
        let user = owner.user.parse().unwrap();
        let erased = Event::new("accounts.user_deleted", "user", user, lobby.clock.now());
        notifier(lobby).hear(&erased).await.unwrap();
        for table in ["notifications", "preferences", "feeds"] {
            assert_eq!(lobby.database.number(&format!("SELECT count(*) FROM activity.{table}")).await, 0, "{table}");
        }
    });
}

#[test]
fn reading_and_counting_cost_one_statement_each() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("gallery").await;
        tell(lobby, &workspace, &owner.user).await;
        let statements = lobby.statements().await;
        for path in [format!("/notifications/{}", owner.user), "/notifications/unread-count".to_owned()] {
            let (answer, seen) = statements.settled(1, async || owner.get(&path).await).await;
            answer.expect(200);
            assert_eq!(seen.len(), 1, "GET {path} sent {seen:#?}");
        }
    });
}
