//! Every module in a database of its own: the same product, with no code changed.

use serde_json::json;

use crate::harness::{Cluster, PASSWORD, lobby_with, picture, run};

#[test]
fn with_every_module_in_a_database_of_its_own_people_still_work_together() {
    let databases = run(async {
        let cluster = Cluster::get().await;
        [cluster.create().await, cluster.create().await, cluster.create().await, cluster.create().await]
    });
    let variables = [
        ("LOBBY__DATABASE__MODULES__WORKSPACE__URL", databases[0].url.as_str()),
        ("LOBBY__DATABASE__MODULES__PROJECT__URL", databases[1].url.as_str()),
        ("LOBBY__DATABASE__MODULES__GALLERY__URL", databases[2].url.as_str()),
        ("LOBBY__DATABASE__MODULES__ACTIVITY__URL", databases[3].url.as_str()),
    ];
    lobby_with(&variables, async |lobby| {
        let owner = lobby.person().await;
        let body = json!({ "name": "Apart", "slug": "apart", "blueprint": "gallery" });
        owner.post("/workspaces", body).await.expect(201);
        let joined = json!({ "email": "joins@example.org", "password": PASSWORD, "workspace": "apart" });
        let member = lobby.sign_up(joined).await;
        let image = owner.upload("apart", picture(1), "apart").await.expect(201).id();
        member.get(&format!("/images/{image}")).await.problem(404, "not_found");
        owner.act(&format!("/images/{image}/approval")).await.expect(201);
        owner.put(&format!("/images/{image}/approval"), json!({ "decision": "approved" })).await.expect(200);
        member.get(&format!("/images/{image}")).await.expect(200);
        let project = json!({ "workspace": "apart", "name": "Apart" });
        owner.post("/projects", project.clone()).await.expect(201);
        member.post("/projects", project).await.problem(403, "permission_denied");

        // Each module wrote into its own database, and nothing of it into the shared one.
        assert_eq!(databases[0].number("SELECT count(*) FROM workspace.members").await, 2);
        assert_eq!(databases[1].number("SELECT count(*) FROM project.projects").await, 1);
        assert_eq!(databases[2].number("SELECT count(*) FROM gallery.images").await, 1);
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.users").await, 2);
        assert_eq!(lobby.database.number("SELECT count(*) FROM workspace.members").await, 0);

        // What happened in all of them is told in one place.
        lobby.services().settle().await.unwrap();
        let audit = owner.get("/workspaces/apart/audit?limit=200").await.expect(200);
        let told = audit.each("action");
        for action in ["workspace.created", "project.created", "image.uploaded"] {
            assert!(told.contains(&action), "{action}: {told:?}");
        }
        assert!(databases[3].number("SELECT count(*) FROM activity.events").await > 5);
        assert_eq!(lobby.database.number("SELECT count(*) FROM activity.events").await, 0);

        // Authority is confirmed across databases too.
        let path = format!("/workspaces/apart/members/{}", member.user);
        owner.delete(&path).await.expect(204);
        member.get(&format!("/images/{image}")).await.problem(404, "not_found");
    });
    run(async {
        for database in &databases {
            Cluster::get().await.remove(database).await;
        }
    });
}
