//! What the domain announces: each change once, with who, what, and from what to what.

use serde_json::{Value, json};

use super::{create, include};
use crate::harness::{Lobby, lobby};

/// How many events say exactly this of a project.
async fn told(lobby: &Lobby, project: &str, action: &str, actor: &str, changes: &Value) -> i64 {
    let changes = changes.to_string().replace('\'', "''");
    let sql = format!(
        "SELECT count(*) FROM project.outbox WHERE resource_kind = 'project' AND resource_id = '{project}' \
         AND action = '{action}' AND actor_id = '{actor}' AND NOT as_platform AND changes = '{changes}'::jsonb"
    );
    lobby.database.number(&sql).await
}

fn change(from: impl Into<Value>, to: impl Into<Value>) -> Value {
    json!({ "from": from.into(), "to": to.into() })
}

#[test]
fn every_change_is_told_once_with_its_fields_from_and_to() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let admin = lobby.member(&owner, &workspace, "admin").await;
        let client = lobby.member(&owner, &workspace, "client").await;
        let avatar = json!({ "emoji": "🚀", "color": "#ff8800" });
        let body = json!({ "name": "It's new", "key": "NEW", "is_public": true, "avatar": avatar });
        let id = create(&owner, &workspace, body).await.id();
        let path = format!("/projects/{id}");
        let (members, member) = (format!("{path}/members"), format!("{path}/members/{}", client.user));
        let null = Value::Null;

        let created = json!({
            "key": change(null.clone(), "NEW"), "name": change(null.clone(), "It's new"),
            "description": change(null.clone(), ""), "is_public": change(null.clone(), true),
            "is_billable": change(null.clone(), false), "avatar": change(null.clone(), avatar.clone()),
            "owner_id": change(null.clone(), owner.user.as_str()),
        });
        let mut expected = vec![("project.created", &owner, created)];

        admin.patch(&path, json!({ "name": "Renamed", "key": "NEW", "is_public": true })).await.expect(200);
        expected.push(("project.updated", &admin, json!({ "name": change("It's new", "Renamed") })));
        admin.put(&path, json!({ "name": "Renamed", "description": "More" })).await.expect(200);
        let replaced = json!({
            "description": change("", "More"), "is_public": change(true, false), "avatar": change(avatar, null.clone()),
        });
        expected.push(("project.updated", &admin, replaced));
        owner.act(&format!("{path}/deactivate")).await.expect(200);
        expected.push(("project.deactivated", &owner, json!({ "is_active": change(true, false) })));
        owner.act(&format!("{path}/activate")).await.expect(200);
        expected.push(("project.activated", &owner, json!({ "is_active": change(false, true) })));

        let whom = json!({ "user_id": client.user });
        include(&owner, &id, &client.user).await;
        expected.push(("project.member_added", &owner, whom.clone()));
        let switched = |from: bool| json!({ "user_id": client.user, "is_active": change(from, !from) });
        owner.patch(&member, json!({ "is_active": false })).await.expect(200);
        expected.push(("project.member_updated", &owner, switched(true)));
        admin.post(&members, whom.clone()).await.expect(200);
        expected.push(("project.member_updated", &admin, switched(false)));
        admin.delete(&member).await.expect(204);
        expected.push(("project.member_removed", &admin, whom));

        owner.put(&format!("{path}/owner"), json!({ "user_id": admin.user })).await.expect(200);
        let handed = json!({ "owner_id": change(owner.user.as_str(), admin.user.as_str()) });
        expected.push(("project.owner_changed", &owner, handed));

        for (action, actor, changes) in &expected {
            assert_eq!(told(lobby, &id, action, &actor.user, changes).await, 1, "{action} {changes}");
        }
        let all = format!("SELECT count(*) FROM project.outbox WHERE workspace_id = '{workspace}'");
        assert_eq!(lobby.database.number(&all).await, i64::try_from(expected.len()).unwrap());
    });
}

#[test]
fn the_event_of_a_deletion_says_what_is_gone() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let body = json!({ "name": "Gone", "key": "GONE", "description": "Once", "is_billable": true });
        let id = create(&owner, &workspace, body).await.id();
        owner.delete(&format!("/projects/{id}")).await.expect(204);
        let gone = json!({
            "key": change("GONE", Value::Null), "name": change("Gone", Value::Null),
            "description": change("Once", Value::Null), "is_public": change(false, Value::Null),
            "is_billable": change(true, Value::Null), "is_active": change(true, Value::Null),
            "owner_id": change(owner.user.as_str(), Value::Null), "members": [owner.user],
        });
        assert_eq!(told(lobby, &id, "project.deleted", &owner.user, &gone).await, 1);
    });
}
