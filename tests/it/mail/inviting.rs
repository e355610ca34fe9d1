//! Accounts that an administrator makes without a password.

use serde_json::json;

use super::{NEXT, all_sent, log_in, mailing, token};
use crate::harness::PASSWORD;

const NEW: &str = "new@example.org";
const SUBJECT: &str = "Your account is ready";

#[test]
fn who_has_no_password_is_mailed_a_link_to_choose_one_and_once_more_by_who_may_edit_them() {
    mailing(&[], async |lobby, post| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let id = owner.post("/users", json!({ "workspace": workspace, "email": NEW })).await.expect(201).id();
        let first = post.first(NEW, SUBJECT).await;
        let again = format!("/users/{id}/password-mail");
        owner.act(&again).await.problem(429, "mailed_recently");
        lobby.clock.advance(chrono::Duration::days(2));
        let owner = owner.sign_in("person0@example.org", PASSWORD).await;
        owner.act(&again).await.expect(202);
        let second = post.nth(2, NEW, SUBJECT).await;

        let member = lobby.member(&owner, &workspace, "assistant").await;
        member.act(&again).await.expect(404);
        let (stranger, _) = lobby.workspace("crafo").await;
        stranger.act(&again).await.problem(404, "not_found");

        // It is good for a week; the first is as good as the second, and one of them is good once.
        lobby.clock.advance(chrono::Duration::days(4));
        let anonymous = lobby.anonymous();
        anonymous.post("/auth/password/check", json!({ "token": token(&second) })).await.expect(200);
        let body = json!({ "token": token(&first), "password": NEXT });
        anonymous.post("/auth/password/reset", body.clone()).await.expect(204);
        anonymous.post("/auth/password/reset", body).await.faults(&["/token"]);
        let other = json!({ "token": token(&second), "password": PASSWORD });
        anonymous.post("/auth/password/reset", other).await.faults(&["/token"]);
        log_in(lobby, NEW, NEXT).await.expect(200);

        let owner = owner.sign_in("person0@example.org", PASSWORD).await;
        owner.act(&again).await.problem(409, "password_set");
    });
}

#[test]
fn who_has_a_password_gets_no_link() {
    mailing(&[], async |lobby, post| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let body = json!({ "workspace": workspace, "email": NEW, "password": PASSWORD });
        let id = owner.post("/users", body).await.expect(201).id();
        owner.act(&format!("/users/{id}/password-mail")).await.problem(409, "password_set");
        all_sent(lobby).await;
        assert!(post.about(NEW, SUBJECT).is_empty());
        // An account that the person made is not the workspace's to write to.
        let member = lobby.member(&owner, &workspace, "assistant").await;
        owner.act(&format!("/users/{}/password-mail", member.user)).await.problem(403, "account_not_yours");
    });
}
