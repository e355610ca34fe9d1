//! Who sees and who edits whose profile.

use serde_json::json;

use super::{NATIONAL_ID, PHONE, made, profile_of};
use crate::harness::lobby;

#[test]
fn everyone_sees_and_edits_their_own_whatever_their_role() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        for role in ["admin", "verified_developer", "developer", "customer"] {
            let person = lobby.member(&owner, &workspace, role).await;
            let edited = person.patch(&profile_of(&person), json!({ "bio": role, "phone": PHONE })).await.expect(200);
            assert_eq!(edited.json["bio"], role);
            let seen = person.get(&profile_of(&person)).await.expect(200);
            assert_eq!(seen.json, edited.json);
            assert_eq!(seen.json["phone"], PHONE);
            assert!(seen.json["national_id"].is_null() && seen.json.get("national_id").is_some());
        }
    });
}

#[test]
fn developers_and_customers_can_not_tell_each_others_profiles_from_none() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let ada = lobby.member(&owner, &workspace, "developer").await;
        for role in ["verified_developer", "developer", "customer"] {
            let person = lobby.member(&owner, &workspace, role).await;
            person.get(&profile_of(&ada)).await.problem(404, "not_found");
            person.patch(&profile_of(&ada), json!({ "bio": "Eve was here" })).await.problem(404, "not_found");
        }
        let (stranger, _) = lobby.workspace("devhub").await;
        stranger.get(&profile_of(&ada)).await.problem(404, "not_found");
        stranger.patch(&profile_of(&ada), json!({ "bio": "Eve was here" })).await.problem(404, "not_found");
        ada.get("/profiles/nonsense").await.problem(404, "not_found");
        ada.get(&format!("/profiles/{}", uuid::Uuid::now_v7())).await.problem(404, "not_found");
    });
}

#[test]
fn an_administrator_sees_all_and_edits_those_that_the_workspace_made() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let bob = made(lobby, &owner, &workspace, "bob@example.org", "developer").await;
        let guest = lobby.member(&owner, &workspace, "developer").await;
        bob.patch(&profile_of(&bob), json!({ "national_id": NATIONAL_ID })).await.expect(200);
        guest.patch(&profile_of(&guest), json!({ "phone": PHONE })).await.expect(200);

        assert_eq!(owner.get(&profile_of(&bob)).await.expect(200).json["national_id"], NATIONAL_ID);
        assert_eq!(owner.get(&profile_of(&guest)).await.expect(200).json["phone"], PHONE);
        let edited = owner.patch(&profile_of(&bob), json!({ "bio": "Builds." })).await.expect(200);
        assert_eq!(edited.json["bio"], "Builds.");
        owner.patch(&profile_of(&guest), json!({ "bio": "Builds." })).await.problem(403, "account_not_yours");

        // The same person elsewhere is somebody else's.
        let (other, elsewhere) = lobby.workspace("devhub").await;
        other.bring(&elsewhere, &bob, "customer").await;
        other.get(&profile_of(&bob)).await.expect(200);
        other.patch(&profile_of(&bob), json!({ "bio": "Buys." })).await.problem(403, "account_not_yours");
    });
}

#[test]
fn who_may_only_look_sees_nothing_private_and_edits_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let private = json!({ "bio": "Pays.", "phone": PHONE, "national_id": NATIONAL_ID });
        client.patch(&profile_of(&client), private).await.expect(200);
        let seen = user.get(&profile_of(&client)).await.expect(200);
        assert_eq!(seen.json["bio"], "Pays.");
        for hidden in ["phone", "phone_confirmed", "national_id"] {
            assert!(seen.json.get(hidden).is_none(), "{hidden} is shown");
        }
        let refusal = user.patch(&profile_of(&client), json!({ "bio": "x" })).await.problem(403, "permission_denied");
        assert_eq!(refusal.json["permission"], "can_edit_profiles");
        client.get(&profile_of(&user)).await.problem(404, "not_found");
        assert_eq!(owner.get(&profile_of(&client)).await.expect(200).json["national_id"], NATIONAL_ID);
    });
}

#[test]
fn a_look_at_a_profile_is_one_statement() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let user = lobby.member(&owner, &workspace, "user").await;
        let statements = lobby.statements().await;
        for caller in [&owner, &user] {
            let (answer, seen) = statements.settled(1, async || caller.get(&profile_of(&user)).await).await;
            answer.expect(200);
            assert_eq!(seen.len(), 1, "{seen:#?}");
        }
    });
}
