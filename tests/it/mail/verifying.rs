//! Proving the address of an account, where it isn't required.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{all_sent, code, mailing, not, person, token, verify};

const ADA: &str = "Ada@example.org";
const SUBJECT: &str = "Confirm your e-mail address";

#[test]
fn who_signs_up_is_asked_to_prove_the_address_and_can_ask_again() {
    mailing(&[], async |lobby, post| {
        let ada = person(lobby, ADA).await;
        assert_eq!(ada.get("/users/me").await.expect(200).json["email_verified_at"], Value::Null);
        let first = post.first(ADA, SUBJECT).await;
        let resend = async |email: &str| lobby.anonymous().post("/auth/email/resend", json!({ "email": email })).await;
        resend(ADA).await.expect(202);
        resend("unknown@example.org").await.expect(202);
        lobby.clock.advance(chrono::Duration::minutes(2));
        for answer in join_all((0..8).map(|_| resend(ADA))).await {
            answer.expect(202);
        }
        let second = post.nth(2, ADA, SUBJECT).await;
        all_sent(lobby).await;
        assert_eq!(post.about(ADA, SUBJECT).len(), 2);

        verify(lobby, json!({ "email": ADA, "code": not(&code(&second)) })).await.faults(&["/code"]);
        verify(lobby, json!({ "email": "ADA@example.org", "code": code(&second) })).await.expect(204);
        assert!(ada.get("/users/me").await.expect(200).json["email_verified_at"].is_string());
        verify(lobby, json!({ "token": token(&first) })).await.faults(&["/token"]);
        lobby.clock.advance(chrono::Duration::minutes(2));
        resend(ADA).await.expect(202);
        all_sent(lobby).await;
        assert_eq!(post.about(ADA, SUBJECT).len(), 2, "there is nothing left to prove");
    });
}
