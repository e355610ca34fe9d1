//! Instants and days that no calendar has are refused where they come in, and named.

use serde_json::json;

use crate::harness::lobby;

const ODD: [&str; 2] = ["-9999-01-01", "+262142-12-31"];

#[test]
fn a_year_that_has_not_four_digits_is_refused_at_its_place() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("crafo").await;
        let member = lobby.member(&owner, &workspace, "assistant").await;
        let project = owner.post("/projects", json!({ "workspace": workspace, "name": "Site" })).await.expect(201).id();
        let sound = json!({
            "workspace": workspace, "title": "Paper", "starts_at": "2100-03-28T09:00:00Z",
            "ends_at": "2100-03-28T12:00:00Z", "timezone": "UTC",
        });
        let workshop = owner.post("/workshops", sound.clone()).await.expect(201).id();
        for day in ODD {
            let instant = format!("{day}T00:00:00Z");
            for field in ["starts_at", "ends_at", "registration_opens_at", "registration_closes_at"] {
                let mut body = sound.clone();
                body[field] = json!(instant);
                owner.post("/workshops", body).await.faults(&[&format!("/{field}")]);
                let patch = json!({ field: instant });
                owner.patch(&format!("/workshops/{workshop}"), patch).await.faults(&[&format!("/{field}")]);
            }
            let path = format!("/workspaces/{workspace}/members/{}", member.user);
            owner.patch(&path, json!({ "expires_at": instant })).await.faults(&["/expires_at"]);
            let token = json!({ "name": "Far", "permissions": {}, "expires_at": instant });
            owner.post("/users/me/tokens", token).await.faults(&["/expires_at"]);

            let (day, instant) = (day.replace('+', "%2B"), instant.replace('+', "%2B"));
            for (path, name, value) in [
                ("/approvals".to_owned(), "before", &instant),
                ("/projects".to_owned(), "created_after", &instant),
                (format!("/workspaces/{workspace}/audit"), "from", &instant),
                (format!("/workspaces/{workspace}/audit"), "to", &instant),
                (format!("/workspaces/{workspace}/report"), "from", &day),
                (format!("/workspaces/{workspace}/report"), "as_of", &day),
                (format!("/projects/{project}/report"), "to", &day),
                (format!("/projects/{project}/operations"), "from", &day),
                (format!("/projects/{project}/operations"), "to", &day),
            ] {
                owner.get(&format!("{path}?{name}={value}")).await.faults(&[&format!("?{name}")]);
            }
        }
    });
}
