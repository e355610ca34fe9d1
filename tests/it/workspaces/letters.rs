//! Invitations are letters to strangers in our name: how many go to one address, and for one inviter, is bounded.

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{Client, lobby};

async fn invite(inviter: &Client, workspace: &str, email: &str) -> crate::harness::Answer {
    let body = json!({ "email": email, "role": "user" });
    inviter.post(&format!("/workspaces/{workspace}/invitations"), body).await
}

#[test]
fn of_25_workspaces_that_invite_one_address_at_once_20_write() {
    lobby(async |lobby| {
        let founder = lobby.person().await;
        let mut workspaces = Vec::new();
        for number in 0..25 {
            let body = json!({ "name": format!("Workspace {number}"), "blueprint": "lobby" });
            workspaces.push(founder.post("/workspaces", body).await.expect(201).id());
        }
        let sent = join_all(workspaces.iter().map(|workspace| invite(&founder, workspace, "Victor@example.org"))).await;
        assert_eq!(sent.iter().filter(|answer| answer.status == 201).count(), 20);
        for refused in sent.into_iter().filter(|answer| answer.status != 201) {
            let refused = refused.problem(429, "invitation_sent_lately");
            assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
        }
        invite(&founder, &workspaces[0], "somebody.else@example.org").await.expect(201);
        lobby.clock.advance(chrono::Duration::days(2));
        let founder = founder.sign_in("person0@example.org", crate::harness::PASSWORD).await;
        for workspace in &workspaces[..2] {
            invite(&founder, workspace, "victor+2@example.org").await.expect(201);
        }
    });
}

#[test]
fn one_inviter_has_so_many_letters_a_day_in_all_workspaces() {
    lobby(async |lobby| {
        let (owner, first) = lobby.workspace("lobby").await;
        let second = owner.post("/workspaces", json!({ "name": "Another" })).await.expect(201).id();
        invite(&owner, &first, "one@example.org").await.expect(201);
        // As if they had written that often.
        lobby.database.execute("UPDATE workspace.invitations SET sends = 499").await;
        invite(&owner, &second, "two@example.org").await.expect(201);
        invite(&owner, &second, "three@example.org").await.problem(429, "invitation_sent_lately");
        // Of many at once, in both workspaces, as many go out as are left.
        lobby.database.execute("UPDATE workspace.invitations SET sends = 247").await;
        let each = (0..24).map(|number| {
            let workspace = if number % 2 == 0 { &first } else { &second };
            let email = format!("racing{number}@example.org");
            let owner = &owner;
            async move { invite(owner, workspace, &email).await }
        });
        let answers = join_all(each).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 6);
        assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 18);
        // Others write as they did.
        let (other, elsewhere) = lobby.workspace("lobby").await;
        invite(&other, &elsewhere, "three@example.org").await.expect(201);
    });
}
