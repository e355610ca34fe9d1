//! Links that need no sign-in: what they lead to, and when they end.

use chrono::Duration;
use reqwest::Method;
use serde_json::json;

use super::{Gallery, asking, pictures, reject, submit, withdraw};
use crate::harness::{Answer, Client, Lobby, lobby, lobby_with};

/// Makes a link and answers its path.
async fn link(client: &Client, id: &str, variant: &str) -> String {
    let made = client.post(&format!("/images/{id}/links"), json!({ "variant": variant })).await.expect(201);
    path_of(&made)
}

fn path_of(made: &Answer) -> String {
    made.text("url").strip_prefix("/api/v1").unwrap().to_owned()
}

async fn is_dead(lobby: &Lobby, path: &str) {
    for method in [Method::GET, Method::HEAD] {
        asking(&lobby.anonymous(), method, path, &[]).await.expect(404);
    }
    let known = [("If-None-Match", "*")];
    asking(&lobby.anonymous(), Method::GET, path, &known).await.problem(404, "not_found");
}

#[test]
fn whoever_has_a_link_sees_the_picture_and_nothing_else() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        for variant in ["display", "320", "1280"] {
            let path = link(&gallery.player, &id, variant).await;
            let shown = lobby.anonymous().get(&path).await.expect(200);
            assert_eq!(pictures::decoded(&shown.bytes).width(), 8);
            for (name, value) in [
                ("cache-control", "private, no-cache"),
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "default-src 'none'; sandbox"),
                ("content-disposition", "inline"),
                ("cross-origin-resource-policy", "cross-origin"),
            ] {
                assert_eq!(shown.header(name), value);
            }
            assert!(!path.contains(&id), "the link tells the id");
            let stretch = asking(&lobby.anonymous(), Method::GET, &path, &[("Range", "bytes=0-3")]).await.expect(206);
            assert_eq!(stretch.bytes, shown.bytes[..4]);
        }
        let member = gallery.company.get(&format!("/images/{id}/content")).await.expect(200);
        assert_eq!(member.header("cross-origin-resource-policy"), "same-site");
    });
}

#[test]
fn a_link_never_leads_to_the_original_and_lives_no_longer_than_a_week() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = format!("/images/{id}/links");
        for client in [&gallery.admin, &gallery.player] {
            client.post(&path, json!({ "variant": "original" })).await.faults(&["/variant"]);
        }
        gallery.admin.post(&path, json!({ "expires_in": 59 })).await.faults(&["/expires_in"]);
        gallery.admin.post(&path, json!({ "expires_in": 604_801 })).await.faults(&["/expires_in"]);
        gallery.admin.post(&path, json!({ "expires_in": 604_800 })).await.expect(201);
    });
}

#[test]
fn only_what_is_approved_can_be_shown_to_others() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        for state in ["draft", "pending", "rejected"] {
            let id = gallery.image(state).await;
            let refused = gallery.player.post(&format!("/images/{id}/links"), json!({})).await;
            assert_eq!(refused.problem(409, "wrong_state").json["state"], state);
            gallery.company.post(&format!("/images/{id}/links"), json!({})).await.problem(404, "not_found");
        }
        // Who only looks at what the team shows them doesn't carry it out of the house.
        let id = gallery.image("approved").await;
        let refused = gallery.company.post(&format!("/images/{id}/links"), json!({})).await;
        assert_eq!(refused.problem(403, "permission_denied").json["permission"], "can_edit_images");
    });
}

#[test]
fn a_link_ends_with_its_time() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let made = gallery.player.post(&format!("/images/{id}/links"), json!({ "expires_in": 60 })).await.expect(201);
        let path = path_of(&made);
        lobby.clock.advance(Duration::seconds(55));
        lobby.anonymous().get(&path).await.expect(200);
        lobby.clock.advance(Duration::seconds(5));
        is_dead(lobby, &path).await;
    });
}

#[test]
fn a_link_ends_with_the_approval_the_image_and_the_workspace() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let (withdrawn, rejected) = (gallery.image("approved").await, gallery.image("approved").await);
        let (deleted, closed) = (gallery.image("approved").await, gallery.image("approved").await);
        let mut paths = Vec::new();
        for id in [&withdrawn, &rejected, &deleted, &closed] {
            paths.push(link(&gallery.player, id, "display").await);
            lobby.anonymous().get(paths.last().unwrap()).await.expect(200);
        }
        withdraw(&gallery.admin, &withdrawn).await.expect(204);
        is_dead(lobby, &paths[0]).await;
        withdraw(&gallery.admin, &rejected).await.expect(204);
        submit(&gallery.admin, &rejected).await.expect(201);
        reject(&gallery.admin, &rejected, "blurred").await.expect(200);
        is_dead(lobby, &paths[1]).await;
        gallery.admin.delete(&format!("/images/{deleted}")).await.expect(204);
        is_dead(lobby, &paths[2]).await;

        lobby.anonymous().get(&paths[3]).await.expect(200);
        let sql = format!("UPDATE workspace.workspaces SET deleted_at = now() WHERE id = '{}'", gallery.workspace);
        lobby.database.execute(&sql).await;
        is_dead(lobby, &paths[3]).await;
    });
}

#[test]
fn what_was_never_a_link_leads_nowhere() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = link(&gallery.player, &id, "320").await;
        let (start, key) = path.split_once('=').unwrap();
        for place in 0..key.len() {
            let mut changed = key.to_owned().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last character has bits that nothing is told by.
            if place + 1 < key.len() {
                is_dead(lobby, &format!("{start}={changed}")).await;
            }
        }
        for path in
            ["/media".to_owned(), "/media?key=".to_owned(), format!("/media?key={id}"), format!("/media?link={key}")]
        {
            is_dead(lobby, &path).await;
        }
    });
}

#[test]
fn a_link_outlives_a_change_of_the_secret_and_not_its_removal() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = link(&gallery.player, &id, "display").await;
        let media = lobby.folder.path().to_str().unwrap();
        let former = "a secret that all instances of the tests share";
        for (former, status) in [(former, 200), ("-", 404)] {
            let variables = [
                ("LOBBY__SERVER__SECRET", "another secret, which nothing was sealed with"),
                ("LOBBY__SERVER__FORMER_SECRETS", former),
                ("LOBBY__DATA_DIR", media),
            ];
            let other = Lobby::on(lobby.database.clone(), &variables).await;
            other.anonymous().get(&path).await.expect(status);
            other.stop_serving().await;
        }
    });
}

#[test]
fn a_link_is_kept_nowhere_for_who_repeats_the_request() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = format!("/images/{id}/links");
        let once = async || gallery.player.post_once(&path, "once", &json!({})).await.expect(201);
        let (first, second) = (path_of(&once().await), path_of(&once().await));
        assert_ne!(first, second);
        for path in [&first, &second] {
            lobby.anonymous().get(path).await.expect(200);
            let key = path.split_once("key=").unwrap().1;
            for kept in ["idempotency", "outbox"] {
                let sql = format!("SELECT count(*) FROM gallery.{kept} t WHERE t::text LIKE '%{key}%'");
                assert_eq!(lobby.database.number(&sql).await, 0, "{kept}");
            }
        }
    });
}

#[test]
fn following_a_link_costs_one_statement_of_the_gallery_and_one_about_the_workspace() {
    lobby_with(&[], async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let id = gallery.image("approved").await;
        let path = link(&gallery.player, &id, "display").await;
        let anonymous = lobby.anonymous();
        let statements = lobby.statements().await;
        let (answer, seen) = statements.settled(2, async || anonymous.get(&path).await).await;
        answer.expect(200);
        assert_eq!(seen.len(), 2, "{seen:#?}");
        // What was made up is refused before anything is asked.
        let (answer, seen) = statements.settled(0, async || anonymous.get("/media?key=AAAA").await).await;
        answer.expect(404);
        assert_eq!(seen.len(), 0, "{seen:#?}");
    });
}
