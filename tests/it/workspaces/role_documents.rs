//! Role documents: every fault is named at once, and what is at fault is not stored.

use serde_json::{Value, json};

use super::{STATE, make_role, role_id};
use crate::harness::{Answer, lobby};

/// A document with a fault of every kind.
fn faulty() -> Value {
    json!({
        "can_veiw_members": true,
        "can_fly": true,
        "can_edit_projects": "asigned",
        "can_view_workspace": "own",
        "can_delete_workspace": true,
        "can_view_projects": 7,
        "max_project": 3,
        "max_projects": -1,
        "*": "own",
        "can_view_roles": true,
    })
}

/// Pointer, code, and what may have been meant.
const FAULTS: [(&str, &str, &str); 9] = [
    ("/permissions/*", "scope_not_admitted", ""),
    ("/permissions/can_delete_workspace", "scope_not_admitted", "own"),
    ("/permissions/can_edit_projects", "unknown_scope", "assigned"),
    ("/permissions/can_fly", "unknown_permission", ""),
    ("/permissions/can_veiw_members", "unknown_permission", "can_view_members"),
    ("/permissions/can_view_projects", "unknown_scope", ""),
    ("/permissions/can_view_workspace", "scope_not_admitted", ""),
    ("/permissions/max_project", "unknown_limit", "max_projects"),
    ("/permissions/max_projects", "invalid_limit", ""),
];

#[track_caller]
fn names_them_all(answer: Answer) {
    let answer = answer.expect(422);
    let mut errors = answer.json["errors"].as_array().unwrap().clone();
    errors.sort_by_key(|fault| fault["pointer"].as_str().unwrap().to_owned());
    assert_eq!(errors.len(), FAULTS.len(), "{}", answer.json);
    for (fault, (pointer, code, suggestion)) in errors.iter().zip(FAULTS) {
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)));
        let detail = fault["detail"].as_str().unwrap();
        match suggestion {
            "" => assert!(!detail.contains("Did you mean"), "{detail}"),
            word => assert!(detail.ends_with(&format!("Did you mean `{word}`?")), "{detail}"),
        }
    }
}

#[test]
fn every_fault_of_a_document_is_named_at_once_and_nothing_is_stored() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let role = make_role(&owner, &workspace, "helper", json!({ "can_view_roles": true })).await;
        let before = lobby.database.number(STATE).await;
        let body = json!({ "workspace": workspace, "name": "other", "permissions": faulty() });
        names_them_all(owner.post("/roles", body).await);
        let body = json!({ "name": "other", "permissions": faulty() });
        names_them_all(owner.post(&format!("/workspaces/{workspace}/roles"), body.clone()).await);
        names_them_all(owner.put(&format!("/roles/{role}"), body).await);
        names_them_all(owner.patch(&format!("/roles/{role}"), json!({ "permissions": faulty() })).await);
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn a_document_is_an_object_of_bounded_size() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let path = format!("/workspaces/{workspace}/roles");
        for document in [json!([]), json!("*"), json!(null), json!(true)] {
            let refused = owner.post(&path, json!({ "name": "x", "permissions": document })).await.expect(422);
            assert_eq!(refused.json["errors"][0]["pointer"], "/permissions", "{}", refused.json);
        }
        let many: serde_json::Map<String, Value> = (0..600).map(|n| (format!("can_do_{n}"), json!(true))).collect();
        owner.post(&path, json!({ "name": "x", "permissions": many })).await.faults(&["/permissions"]);
        owner.post(&path, json!({ "name": "x" })).await.faults(&["/permissions"]);
    });
}

#[test]
fn a_document_is_kept_in_canonical_form() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let document =
            json!({ "can_view_projects": "any", "can_edit_projects": "own", "can_view_roles": false, "*": false });
        let role = make_role(&owner, &workspace, "helper", document).await;
        let stored = owner.get(&format!("/roles/{role}")).await.expect(200).json;
        let canonical = json!({ "can_view_projects": true, "can_edit_projects": "own", "can_view_roles": false });
        assert_eq!(stored["permissions"], canonical);
    });
}

#[test]
fn nobody_comes_to_govern_without_an_administrators_act() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let governs = json!({ "can_manage_members": true });
        let path = format!("/workspaces/{workspace}/roles");
        let helper = make_role(&owner, &workspace, "helper", governs.clone()).await;
        let (customer, verified) =
            (role_id(&owner, &workspace, "customer").await, role_id(&owner, &workspace, "verified_developer").await);
        let before = lobby.database.number(STATE).await;
        let unattended = |answer: Answer, pointer: &str| {
            let answer = answer.faults(&[pointer]);
            assert_eq!(answer.json["errors"][0]["code"], "unattended_authority");
        };
        let chosen = json!({ "name": "x", "permissions": governs, "self_assignable": true });
        unattended(owner.post(&path, chosen).await, "/self_assignable");
        let bought = json!({ "name": "x", "permissions": { "*": true }, "granted_by_plan": true });
        unattended(owner.post(&path, bought).await, "/granted_by_plan");
        let grown = json!({ "name": "x", "permissions": {}, "promotes_to": "helper" });
        unattended(owner.post(&path, grown).await, "/promotes_to");
        unattended(
            owner.patch(&format!("/roles/{helper}"), json!({ "self_assignable": true })).await,
            "/self_assignable",
        );
        // People who join get this one, and those who complete their profile that one.
        for role in [&customer, &verified] {
            let widened = owner.patch(&format!("/roles/{role}"), json!({ "permissions": governs })).await.expect(422);
            assert!(widened.json["errors"].to_string().contains("unattended_authority"), "{}", widened.json);
        }
        unattended(
            owner.patch(&format!("/workspaces/{workspace}"), json!({ "default_role": "helper" })).await,
            "/default_role",
        );
        let both =
            json!({ "name": "x", "permissions": { "*": true }, "self_assignable": true, "granted_by_plan": true });
        owner.post(&path, both).await.faults(&["/self_assignable", "/granted_by_plan"]);
        assert_eq!(lobby.database.number(STATE).await, before);
    });
}

#[test]
fn promotions_lead_somewhere_and_never_back() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("devhub").await;
        let path = format!("/workspaces/{workspace}/roles");
        let unknown = owner.post(&path, json!({ "name": "x", "permissions": {}, "promotes_to": "nobody" })).await;
        let unknown = unknown.faults(&["/promotes_to"]);
        assert_eq!(unknown.json["available"], json!(["admin", "verified_developer", "developer", "customer"]));
        let verified = role_id(&owner, &workspace, "verified_developer").await;
        for target in ["developer", "verified_developer"] {
            let back = owner.patch(&format!("/roles/{verified}"), json!({ "promotes_to": target })).await;
            let back = back.faults(&["/promotes_to"]);
            assert_eq!(back.json["errors"][0]["code"], "promotion_cycle");
        }
        let onward = owner.patch(&format!("/roles/{verified}"), json!({ "promotes_to": "customer" })).await.expect(200);
        assert_eq!(onward.json["promotes_to"], "customer");
        let ended = owner.patch(&format!("/roles/{verified}"), json!({ "promotes_to": null })).await.expect(200);
        assert_eq!(ended.json["promotes_to"], Value::Null);
    });
}
