//! Invitations: to addresses and accounts, accepted by token or signed in, worth what their inviter can give.

use chrono::Duration;
use futures_util::future::join_all;
use kernel::keyring::Keyring;
use serde_json::{Value, json};

use super::{STATE, accounts, events, eventually, make_role, membership, role_id};
use crate::harness::{Client, Lobby, PASSWORD, lobby};

/// The token that the mail of an open invitation brings, made as the server makes it.
async fn token(lobby: &Lobby, invitation: &str) -> String {
    let sql = format!("SELECT token_id FROM workspace.invitations WHERE id = '{invitation}'");
    let id = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .fetch_one(&mut lobby.database.connect_to("workspace").await)
        .await
        .unwrap();
    Keyring::new(b"a secret that all instances of the tests share", []).token("invitation", id)
}

/// Invites an address; answers the invitation's id and its token.
async fn invite(lobby: &Lobby, inviter: &Client, workspace: &str, email: &str, role: &str) -> (String, String) {
    let body = json!({ "email": email, "role": role });
    let invitation = inviter.post(&format!("/workspaces/{workspace}/invitations"), body).await.expect(201).id();
    let token = token(lobby, &invitation).await;
    (invitation, token)
}

async fn seats(lobby: &Lobby, workspace: &str) -> i64 {
    let sql =
        format!("SELECT count(*) FROM workspace.members WHERE workspace_id = '{workspace}' AND status = 'active'");
    lobby.database.number(&sql).await
}

fn accepting(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD, "first_name": "Ada" })
}

#[test]
fn who_has_no_account_gets_one_with_the_membership_and_is_signed_in() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (invitation, token) = invite(lobby, &owner, &workspace, "Ada@Example.org", "user").await;
        let anonymous = lobby.anonymous();
        let shown = anonymous.post("/invitations/preview", json!({ "token": token })).await.expect(200);
        assert_eq!(
            (&shown.json["workspace"], &shown.json["email"]),
            (&json!("A lobby workspace"), &json!("Ada@Example.org"))
        );
        let accepted = anonymous.post("/invitations/accept", accepting(&token)).await.expect(201);
        assert_eq!(accepted.header("cache-control"), "no-store");
        assert_eq!(accepted.json["membership"]["workspace_id"], workspace.as_str());
        assert_eq!(accepted.json["user"]["email"], "Ada@Example.org");
        let ada = anonymous.holding(&accepted.json["tokens"]);
        assert_eq!(ada.get("/workspaces").await.expect(200).each("my_role"), ["user"]);
        let proven = "SELECT count(*) FROM accounts.users WHERE email_verified_at IS NOT NULL";
        assert_eq!(lobby.database.number(proven).await, 1);
        let row = owner.get(&format!("/invitations/{invitation}")).await.expect(200);
        assert_eq!(row.json["status"], "accepted");

        // Once.
        for body in [accepting(&token), json!({ "token": token })] {
            anonymous.post("/invitations/accept", body).await.problem(410, "invitation_gone");
        }
        assert_eq!(seats(lobby, &workspace).await, 2);
        assert_eq!((events(lobby, "invitation_accepted").await, events(lobby, "member_added").await), (1, 2));
    });
}

#[test]
fn who_has_an_account_accepts_signed_in_and_only_with_the_address() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let ada = lobby.sign_up(json!({ "email": "ada@example.org", "password": PASSWORD })).await;
        let eve = lobby.person().await;
        let (_, token) = invite(lobby, &owner, &workspace, "ADA@example.org", "client").await;
        let body = json!({ "token": token });
        let before = lobby.database.number(STATE).await;
        eve.post("/invitations/accept", body.clone()).await.problem(403, "other_addressee");
        ada.post("/invitations/accept", accepting(&token)).await.faults(&["/password"]);
        ada.with_token("nonsense").post("/invitations/accept", body.clone()).await.problem(401, "invalid_token");
        lobby.anonymous().post("/invitations/accept", accepting(&token)).await.problem(409, "email_taken");
        lobby.anonymous().post("/invitations/accept", body.clone()).await.faults(&["/password"]);
        // Anybody can sign up with anybody's address: until it is proven, only the mailed token counts.
        assert_eq!(ada.get("/users/me/invitations").await.expect(200).json["items"], json!([]));
        assert_eq!(lobby.database.number(STATE).await, before);

        let accepted = ada.post("/invitations/accept", body.clone()).await.expect(201);
        assert_eq!((&accepted.json["user"], &accepted.json["tokens"]), (&Value::Null, &Value::Null));
        assert_eq!(accepted.header("location"), format!("/api/v1{}", membership(&workspace, &ada)));
        ada.get(&format!("/workspaces/{workspace}")).await.expect(200);
        ada.post("/invitations/accept", body).await.problem(410, "invitation_gone");
    });
}

#[test]
fn a_proven_address_is_enough_to_find_and_answer_invitations() {
    lobby(async |lobby| {
        let (owner, first) = lobby.workspace("lobby").await;
        let (_, token) = invite(lobby, &owner, &first, "ada@example.org", "client").await;
        let accepted = lobby.anonymous().post("/invitations/accept", accepting(&token)).await.expect(201);
        let mut ada = lobby.anonymous().holding(&accepted.json["tokens"]);
        ada.user = accepted.json["user"]["id"].as_str().unwrap().to_owned();

        let (other, second) = lobby.workspace("lobby").await;
        let (third_owner, third) = lobby.workspace("lobby").await;
        invite(lobby, &other, &second, "ada@example.org", "user").await;
        invite(lobby, &third_owner, &third, "ada@example.org", "user").await;
        let page = ada.get("/users/me/invitations?limit=1").await.expect(200);
        let rest = ada.get(&format!("/users/me/invitations?cursor={}", page.text("next"))).await.expect(200);
        let ids = [page.each("id"), rest.each("id")].concat();
        assert_eq!(ids.len(), 2);
        let path = |id: &str, answer: &str| format!("/users/me/invitations/{id}/{answer}");
        lobby.person().await.act(&path(ids[0], "accept")).await.problem(404, "not_found");
        ada.act(&path(ids[0], "accept")).await.expect(201);
        ada.act(&path(ids[1], "decline")).await.expect(204);
        ada.act(&path(ids[1], "accept")).await.problem(404, "not_found");
        assert_eq!((seats(lobby, &second).await, seats(lobby, &third).await), (2, 1));
        let status = third_owner.get(&format!("/workspaces/{third}/invitations")).await.expect(200);
        assert_eq!(status.each("status"), ["declined"]);
        ada.get(&format!("/workspaces/{second}")).await.expect(200);
    });
}

#[test]
fn what_is_answered_does_not_tell_whether_an_address_has_an_account() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        lobby.sign_up(json!({ "email": "known@example.org", "password": PASSWORD })).await;
        let member = lobby.sign_up(json!({ "email": "seated@example.org", "password": PASSWORD })).await;
        owner.bring(&workspace, &member, "client").await;
        let statements = lobby.statements().await;
        for list in ["members", "invitations"] {
            let path = format!("/workspaces/{workspace}/{list}");
            let mut answers = Vec::new();
            for name in ["known", "other", "seated"] {
                let body = json!({ "email": format!("{name}@example.org"), "role": "client" });
                lobby.services().settle().await.unwrap();
                let (answer, seen) = statements.during(owner.post(&path, body.clone())).await;
                let mut answer = answer.expect(201).json;
                for own in ["id", "email", "created_at", "sent_at", "expires_at"] {
                    assert!(answer.as_object_mut().unwrap().remove(own).is_some(), "{own}");
                }
                assert!(!seen.iter().any(|sql| sql.contains("\"email_key\" =")), "an address was looked up: {seen:#?}");
                // The relay tells of it at once, whoever it is about, and reads the letter by the workspace's name.
                let own = |sql: &&String| sql.contains("workspace.invitations") && !sql.contains("w.name");
                let cost = seen.iter().filter(own).count();
                assert!(cost > 0, "{seen:#?}");
                let again = owner.post(&path, body).await.problem(409, "already_invited").json["detail"].clone();
                answers.push((answer, again, cost));
            }
            assert_eq!(answers[0], answers[1], "{list}");
            assert_eq!(answers[0], answers[2], "{list}");
            lobby.database.execute("DELETE FROM workspace.invitations").await;
        }
    });
}

#[test]
fn an_invitation_is_worth_what_its_inviter_can_give_at_that_moment() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let recruiter = json!({ "can_invite_members": true, "can_view_members": true });
        let recruiters = make_role(&owner, &workspace, "recruiter", recruiter).await;
        make_role(&owner, &workspace, "guest", json!({ "can_view_members": true })).await;
        let inviter = lobby.member(&owner, &workspace, "recruiter").await;
        let path = format!("/workspaces/{workspace}/invitations");
        let greedy = json!({ "email": "a@example.org", "role": "admin" });
        inviter.post(&path, greedy).await.problem(403, "beyond_your_own");
        let paid = json!({ "email": "a@example.org", "role": "guest", "hour_rate": 1 });
        inviter.post(&path, paid).await.problem(403, "permission_denied");

        let (_, token) = invite(lobby, &inviter, &workspace, "a@example.org", "guest").await;
        let accept = async || lobby.anonymous().post("/invitations/accept", accepting(&token)).await;
        let place = membership(&workspace, &inviter);
        owner.act(&format!("{place}/deactivate")).await.expect(200);
        assert_eq!(accept().await.problem(410, "invitation_gone").json["reason"], "inviter");
        owner.act(&format!("{place}/activate")).await.expect(200);
        owner.put(&format!("{place}/role"), json!({ "role": "guest" })).await.expect(200);
        accept().await.problem(410, "invitation_gone");
        owner.put(&format!("{place}/role"), json!({ "role": "recruiter" })).await.expect(200);
        // The role as it is now, not as it was.
        let guest = format!("/roles/{}", role_id(&owner, &workspace, "guest").await);
        owner.patch(&guest, json!({ "permissions": { "can_manage_members": true } })).await.expect(200);
        accept().await.problem(410, "invitation_gone");
        owner.patch(&guest, json!({ "permissions": { "can_manage_members": null } })).await.expect(200);
        owner
            .patch(&format!("/roles/{recruiters}"), json!({ "permissions": { "can_invite_members": null } }))
            .await
            .expect(200);
        accept().await.problem(410, "invitation_gone");
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.users").await, 2, "a refusal left an account");
        owner
            .patch(&format!("/roles/{recruiters}"), json!({ "permissions": { "can_invite_members": true } }))
            .await
            .expect(200);
        accept().await.expect(201);
    });
}

#[test]
fn invitations_end_with_time_with_their_role_and_with_their_workspace() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let doomed = make_role(&owner, &workspace, "doomed", json!({})).await;
        let (_, with_role) = invite(lobby, &owner, &workspace, "role@example.org", "doomed").await;
        let asked = lobby.person().await;
        let body = json!({ "user_id": asked.user, "role": "doomed" });
        owner.post(&format!("/workspaces/{workspace}/members"), body).await.expect(201);
        owner.delete(&format!("/roles/{doomed}")).await.expect(204);
        assert_eq!(events(lobby, "invitation_revoked").await, 2);
        assert_eq!(lobby.database.number("SELECT count(*) FROM workspace.members").await, 1);
        let anonymous = lobby.anonymous();
        let gone = async |token: &str, reason: &str| {
            for path in ["accept", "preview", "decline"] {
                let body = if path == "accept" { accepting(token) } else { json!({ "token": token }) };
                let answer =
                    anonymous.post(&format!("/invitations/{path}"), body).await.problem(410, "invitation_gone");
                assert_eq!(answer.json["reason"], reason, "{path}");
            }
        };
        gone(&with_role, "revoked").await;

        let (invitation, late) = invite(lobby, &owner, &workspace, "late@example.org", "user").await;
        let (_, with_workspace) = invite(lobby, &owner, &workspace, "workspace@example.org", "user").await;
        lobby.clock.advance(Duration::days(7) + Duration::seconds(1));
        let owner = lobby.anonymous().sign_in("person0@example.org", PASSWORD).await;
        gone(&late, "expired").await;
        let path = format!("/workspaces/{workspace}/invitations");
        assert_eq!(owner.get(&format!("{path}?status=expired&count=true")).await.expect(200).json["count"], 2);
        assert_eq!(owner.get(&format!("{path}?status=open")).await.expect(200).json["items"], json!([]));
        // Sent again it lives again, by another link; a new one takes the place of one that is over.
        owner.act(&format!("/invitations/{invitation}/resend")).await.expect(200);
        gone(&late, "revoked").await;
        let fresh = token(lobby, &invitation).await;
        anonymous.post("/invitations/preview", json!({ "token": fresh })).await.expect(200);
        invite(lobby, &owner, &workspace, "workspace@example.org", "user").await;
        gone(&with_workspace, "expired").await;

        owner.delete(&format!("/workspaces/{workspace}?confirm=A%20lobby%20workspace")).await.expect(204);
        gone(&fresh, "revoked").await;
        for forged in ["", "nonsense", &fresh[..60], &format!("{}A", &fresh[..63])] {
            anonymous.post("/invitations/accept", accepting(forged)).await.problem(404, "not_found");
        }
    });
}

#[test]
fn an_invitation_is_revoked_declined_and_sent_again_within_limits() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (invitation, _) = invite(lobby, &owner, &workspace, "a@example.org", "user").await;
        let resend = format!("/invitations/{invitation}/resend");
        let soon = owner.act(&resend).await.problem(429, "invitation_sent_lately");
        assert!((1..=61).contains(&soon.header("retry-after").parse::<u32>().unwrap()));
        for _ in 0..5 {
            lobby.clock.advance(Duration::seconds(61));
            let answers = join_all((0..8).map(|_| owner.act(&resend))).await;
            let sent = answers.iter().filter(|answer| answer.status == 200).count();
            assert_eq!(sent, 1, "of many at once");
        }
        lobby.clock.advance(Duration::seconds(61));
        owner.act(&resend).await.problem(429, "invitation_sent_lately");
        // Nor by taking it back and making it anew.
        let token = token(lobby, &invitation).await;
        owner.delete(&format!("/invitations/{invitation}")).await.expect(204);
        owner.delete(&format!("/invitations/{invitation}")).await.problem(410, "invitation_gone");
        owner.act(&resend).await.problem(410, "invitation_gone");
        lobby.anonymous().post("/invitations/accept", accepting(&token)).await.problem(410, "invitation_gone");
        let path = format!("/workspaces/{workspace}/invitations");
        let body = json!({ "email": "A@example.org", "role": "user" });
        owner.post(&path, body.clone()).await.problem(429, "invitation_sent_lately");
        lobby.clock.advance(Duration::days(1));
        let owner = lobby.anonymous().sign_in("person0@example.org", PASSWORD).await;
        owner.post(&path, body).await.expect(201);
        assert_eq!(events(lobby, "invitation_resent").await, 5);
    });
}

#[test]
fn of_many_who_accept_at_once_one_does() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (_, token) = invite(lobby, &owner, &workspace, "crowd@example.org", "user").await;
        let anonymous = lobby.anonymous();
        let body = accepting(&token);
        let answers = join_all((0..12).map(|_| anonymous.post("/invitations/accept", body.clone()))).await;
        let statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| matches!(status, 201 | 409 | 410 | 503)), "{statuses:?}");
        assert_eq!(seats(lobby, &workspace).await, 2);

        let ada = lobby.sign_up(json!({ "email": "ada@example.org", "password": PASSWORD })).await;
        let (_, token) = invite(lobby, &owner, &workspace, "ada@example.org", "user").await;
        let body = json!({ "token": token });
        let answers = join_all((0..50).map(|_| ada.post("/invitations/accept", body.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        assert_eq!(seats(lobby, &workspace).await, 3);
        assert_eq!(events(lobby, "invitation_accepted").await, 2);
    });
}

#[test]
fn an_acceptance_and_its_end_are_never_both() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let guest = make_role(&owner, &workspace, "guest", json!({})).await;
        let inviter = lobby.member(&owner, &workspace, "admin").await;
        let place = membership(&workspace, &inviter);
        for round in 0..12 {
            lobby.seat(&workspace, &inviter.user, "admin").await;
            let email = format!("guest{round}@example.org");
            let person = lobby.sign_up(json!({ "email": email, "password": PASSWORD })).await;
            let (invitation, token) = invite(lobby, &inviter, &workspace, &email, "guest").await;
            let body = json!({ "token": token });
            let ending = async {
                match round % 3 {
                    0 => owner.delete(&format!("/invitations/{invitation}")).await,
                    1 => owner.put(&format!("{place}/role"), json!({ "role": "client" })).await,
                    _ => lobby.anonymous().post("/invitations/decline", body.clone()).await,
                }
            };
            let (accepted, ended) = tokio::join!(person.post("/invitations/accept", body.clone()), ending);
            let sql = format!("SELECT count(*) FROM workspace.members WHERE user_id = '{}'", person.user);
            let is_member = lobby.database.number(&sql).await == 1;
            assert_eq!(accepted.status == 201, is_member, "{accepted:?}");
            if round % 3 == 1 {
                ended.expect(200);
            } else {
                assert_ne!(accepted.status == 201, ended.status.is_success(), "{accepted:?} {ended:?}");
            }
        }
        assert!(!guest.is_empty());
    });
}

#[test]
fn a_sign_up_by_invitation_survives_a_relay_that_comes_late_and_one_that_comes_twice() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let (invitation, token) = invite(lobby, &owner, &workspace, "late@example.org", "user").await;
        // As if the program had died between the account and the membership: the event waits.
        let accepted = lobby.anonymous().post("/invitations/accept", accepting(&token)).await.expect(201);
        let user = accepted.json["user"]["id"].as_str().unwrap().to_owned();
        let undo = format!(
            "DELETE FROM workspace.members WHERE user_id = '{user}'; DELETE FROM workspace.heard; \
             UPDATE workspace.invitations SET status = 'open', settled_at = NULL, accepted_by = NULL WHERE id = '{invitation}'; \
             UPDATE accounts.outbox SET told_at = NULL, next_try_at = at WHERE action = 'accounts.signed_up'"
        );
        lobby.database.execute(&undo).await;
        lobby.services().settle().await.unwrap();
        let seat = format!("SELECT count(*) FROM workspace.members WHERE user_id = '{user}' AND status = 'active'");
        eventually("the membership comes", async || lobby.database.number(&seat).await == 1).await;

        // Who was removed since does not come back by an event that is told again.
        owner.delete(&format!("/workspaces/{workspace}/members/{user}")).await.expect(204);
        let again = "UPDATE accounts.outbox SET told_at = NULL, next_try_at = at WHERE action = 'accounts.signed_up'";
        lobby.database.execute(again).await;
        lobby.services().settle().await.unwrap();
        let waiting = "SELECT count(*) FROM accounts.outbox WHERE told_at IS NULL";
        eventually("it is told", async || lobby.database.number(waiting).await == 0).await;
        assert_eq!(lobby.database.number(&seat).await, 0);
    });
}

#[test]
fn who_is_asked_may_come_in_by_the_open_door_and_who_is_removed_is_not_asked_any_more() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let person = lobby.person().await;
        let members = format!("/workspaces/{workspace}/members");
        let body = json!({ "user_id": person.user, "role": "verified_developer" });
        owner.post(&members, body.clone()).await.expect(201);
        person.act(&format!("/workspaces/{workspace}/join")).await.expect(201);
        assert_eq!(owner.get(&membership(&workspace, &person)).await.expect(200).json["role"], "customer");
        assert_eq!(person.get("/users/me/invitations").await.expect(200).json["items"], json!([]));

        let other = lobby.person().await;
        let body = json!({ "user_id": other.user, "role": "admin" });
        owner.post(&members, body).await.expect(201);
        owner.delete(&membership(&workspace, &other)).await.expect(204);
        assert_eq!(other.get("/users/me/invitations").await.expect(200).json["items"], json!([]));
        let account = accounts(&lobby.database, 1).await.remove(0);
        let body = json!({ "user_id": account, "role": "customer" });
        owner.post(&format!("/workspaces/{workspace}/invitations"), body).await.expect(201);
        assert_eq!(
            owner.get(&format!("{members}?status=invited")).await.expect(200).each("user_id"),
            [account.as_str()]
        );
        assert_eq!(owner.get(&format!("{members}/{account}")).await.expect(200).json["name"], Value::Null);
    });
}
