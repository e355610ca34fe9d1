//! Whoever chooses a new password by mail has the account to themselves.

use serde_json::json;

use super::{NEXT, forgot, log_in, mailing, person, token, verify};
use crate::{accounts::second_factors, harness::PASSWORD};

const OWN: &str = "own@example.org";
const THIEVES: &str = "thief@example.org";

#[test]
fn a_change_of_address_that_a_thief_asked_for_ends_with_a_new_password() {
    mailing(&[], async |lobby, post| {
        for by_mail in [true, false] {
            let (own, thieves) = (format!("{by_mail}-{OWN}"), format!("{by_mail}-{THIEVES}"));
            let owner = person(lobby, &own).await;
            let first = post.first(&own, "Confirm your e-mail address").await;
            verify(lobby, json!({ "token": token(&first) })).await.expect(204);
            let thief = owner.sign_in(&own, PASSWORD).await;
            thief.put("/users/me/email", json!({ "email": thieves, "password": PASSWORD })).await.expect(202);
            let theirs = post.first(&thieves, "Confirm your new e-mail address").await;

            if by_mail {
                forgot(lobby, &own).await.expect(202);
                let mail = post.first(&own, "Choose a new password").await;
                let body = json!({ "token": token(&mail), "password": NEXT });
                lobby.anonymous().post("/auth/password/reset", body).await.expect(204);
            } else {
                let body = json!({ "current_password": PASSWORD, "new_password": NEXT });
                owner.put("/users/me/password", body).await.expect(204);
            }
            verify(lobby, json!({ "token": token(&theirs) })).await.faults(&["/token"]);
            log_in(lobby, &own, NEXT).await.expect(200);
            log_in(lobby, &thieves, NEXT).await.problem(401, "invalid_credentials");
        }
    });
}

#[test]
fn what_a_stranger_made_who_signed_up_with_the_address_goes_when_it_is_first_proven_by_a_reset() {
    mailing(&[], async |lobby, post| {
        let stranger = person(lobby, OWN).await;
        let made = json!({ "name": "A way back in", "permissions": {} });
        let made = stranger.post("/users/me/tokens", made).await.expect(201);
        let back_in = stranger.with_token(&made.text("token"));
        back_in.get("/users/me").await.expect(200);
        second_factors::enable(lobby, &stranger).await;

        forgot(lobby, OWN).await.expect(202);
        let body = json!({ "token": token(&post.first(OWN, "Choose a new password").await), "password": NEXT });
        lobby.anonymous().post("/auth/password/reset", body).await.expect(204);
        back_in.get("/users/me").await.problem(401, "invalid_token");
        stranger.get("/users/me").await.problem(401, "invalid_token");
        assert_ne!(log_in(lobby, OWN, NEXT).await.expect(200).json["mfa_required"], true);

        // Whose address is proven keeps both when they forget the password.
        let owner = stranger.sign_in(OWN, NEXT).await;
        let made = json!({ "name": "Backups", "permissions": {} });
        let made = owner.post("/users/me/tokens", made).await.expect(201);
        second_factors::enable_by(lobby, &owner, NEXT).await;
        lobby.clock.advance(chrono::Duration::minutes(2));
        forgot(lobby, OWN).await.expect(202);
        let body = json!({ "token": token(&post.nth(2, OWN, "Choose a new password").await), "password": PASSWORD });
        lobby.anonymous().post("/auth/password/reset", body).await.expect(204);
        owner.with_token(&made.text("token")).get("/users/me").await.expect(200);
        assert_eq!(log_in(lobby, OWN, PASSWORD).await.expect(200).json["mfa_required"], true);
    });
}
