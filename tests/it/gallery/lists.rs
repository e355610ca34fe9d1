//! The list: its filters, its order, its pages, and that it shows exactly what can be opened.

use std::collections::BTreeSet;

use chrono::Duration;
use reqwest::multipart::Form;
use serde_json::{Value, json};

use super::{Gallery, STATES, file, pictures, post_form};
use crate::harness::{Client, lobby};

/// All ids of a list, page by page.
async fn pages(client: &Client, query: &str, limit: usize) -> Vec<String> {
    let mut ids = Vec::new();
    let mut path = format!("/images?limit={limit}{query}");
    loop {
        let page = client.get(&path).await.expect(200);
        ids.extend(page.each("id").into_iter().map(str::to_owned));
        let Some(next) = page.json["next"].as_str() else { return ids };
        assert_eq!(page.items().len(), limit, "a page that is not the last is full");
        assert!(page.header("link").contains("rel=\"next\""));
        path = format!("/images?limit={limit}{query}&cursor={next}");
    }
}

#[test]
fn a_list_is_sorted_and_cut_into_pages_without_gap_or_double() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut ids = Vec::new();
        for number in 0..11 {
            // Some share their instant: the order is total all the same.
            if number % 3 == 0 {
                lobby.clock.advance(Duration::seconds(1));
            }
            ids.push(gallery.image("draft").await);
        }
        for limit in [1, 4, 11, 200] {
            assert_eq!(pages(&gallery.admin, "&sort=created_at", limit).await, ids, "{limit} on a page");
            let newest_first: Vec<_> = ids.iter().rev().cloned().collect();
            assert_eq!(pages(&gallery.admin, "", limit).await, newest_first, "{limit} on a page");
        }
        // What comes in between does not shift the pages.
        let first = gallery.admin.get("/images?limit=3").await.expect(200);
        let newer = gallery.image("draft").await;
        let second = gallery.admin.get(&format!("/images?limit=3&cursor={}", first.text("next"))).await.expect(200);
        assert_eq!(second.each("id"), [&ids[7], &ids[6], &ids[5]]);
        assert!(!second.each("id").contains(&&*newer));
        let counted = gallery.admin.get("/images?limit=1&count=true").await.expect(200);
        assert_eq!(counted.json["count"], 12);
        assert_eq!(gallery.company.get("/images?count=true").await.expect(200).json["count"], 0);

        for (query, pointer) in [
            ("sort=description", "?sort"),
            ("status=lost", "?status"),
            ("uploader=nobody", "?uploader"),
            ("search=%00", "?search"),
            ("cursor=AAAA", "?cursor"),
            ("limit=0", "?limit"),
            ("colour=red", "?colour"),
        ] {
            gallery.admin.get(&format!("/images?{query}")).await.faults(&[pointer]);
        }
        let foreign = format!("/images?sort=created_at&limit=3&cursor={}", first.text("next"));
        gallery.admin.get(&foreign).await.faults(&["?cursor"]);
    });
}

async fn described(client: &Client, workspace: &str, description: &str, tags: &str) -> String {
    let form = Form::new()
        .text("workspace", workspace.to_owned())
        .text("description", description.to_owned())
        .text("tags", tags.to_owned())
        .part("file", file(pictures::fresh(), "a.png"));
    post_form(client, "", form).await.expect(201).id()
}

#[test]
fn filters_find_what_fits_and_nothing_else() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let workspace = &gallery.workspace;
        let lake = described(&gallery.player, workspace, "Zürich am See", "sun, lake").await;
        let percent = described(&gallery.player, workspace, "100% _wool_ \\ 'quoted'", "wool").await;
        let night = described(&gallery.admin, workspace, "At night", "sunset, lake").await;
        gallery.bring(&lake, "approved").await;
        gallery.bring(&night, "pending").await;
        let found = async |query: &str| {
            let answer = gallery.admin.get(&format!("/images?sort=created_at&{query}")).await.expect(200);
            answer.each("id").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(found("status=approved").await, [&*lake]);
        assert_eq!(found("status=draft").await, [&*percent]);
        assert_eq!(found(&format!("uploader={}", gallery.player.user)).await, [&*lake, &*percent]);
        assert_eq!(found("tag=lake").await, [&*lake, &*night]);
        assert_eq!(found("tag=%20SUN%20").await, [&*lake], "a tag is found whole, whatever its case");
        assert_eq!(found("tag=su").await, [""; 0]);
        assert_eq!(found("tag=").await, [""; 0]);
        assert_eq!(found("search=Z%C3%9CRICH").await, [&*lake]);
        assert_eq!(found("search=100%25").await, [&*percent]);
        for wildcard in ["search=1%25w", "search=_oo_l", "search=%25%25", "search=%27%27"] {
            assert_eq!(found(wildcard).await, [""; 0], "{wildcard}");
        }
        assert_eq!(found("search=%5C").await, [&*percent]);
        assert_eq!(found("tag=lake&status=pending&search=night").await, [&*night]);
        assert_eq!(found("tag=lake&status=rejected").await, [""; 0]);

        // A filter never shows what is not to be seen.
        let seen = async |query: &str| {
            let answer = gallery.company.get(&format!("/images?{query}")).await.expect(200);
            answer.each("id").into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(seen("status=pending").await, [""; 0]);
        assert_eq!(seen("tag=lake").await, [&*lake]);
        assert_eq!(seen(&format!("uploader={}", gallery.admin.user)).await, [""; 0]);
        assert_eq!(seen("search=night&count=true").await, [""; 0]);
    });
}

/// Roles of every kind, by what they grant.
fn grants() -> [(&'static str, Value); 7] {
    [
        ("looks", json!({ "can_view_images": true })),
        ("looks_at_own", json!({ "can_view_images": "own", "can_upload_images": true })),
        ("uploads", json!({ "can_view_images": true, "can_upload_images": true })),
        ("edits_own", json!({ "can_view_images": true, "can_upload_images": true, "can_edit_images": "own" })),
        ("edits", json!({ "can_view_images": true, "can_upload_images": true, "can_edit_images": true })),
        ("reviews", json!({ "can_view_images": true, "can_upload_images": true, "can_review_images": true })),
        (
            "looks_at_own_and_reviews",
            json!({ "can_view_images": "own", "can_upload_images": true, "can_review_images": true }),
        ),
    ]
}

#[test]
fn a_list_has_exactly_what_can_be_opened_whatever_the_role() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let mut people = vec![gallery.admin.clone(), gallery.player.clone(), gallery.company.clone()];
        for (role, permissions) in grants() {
            people.push(gallery.member_who(lobby, role, permissions).await);
        }
        // Of another workspace, and a member of this one as well.
        let (elsewhere, other) = lobby.workspace("gallery").await;
        gallery.admin.bring(&gallery.workspace, &elsewhere, "company_user").await;
        let foreign = elsewhere.upload(&other, pictures::fresh(), "foreign").await.expect(201).id();
        people.push(elsewhere);

        let seed = uuid::Uuid::new_v4();
        let mut images = vec![(foreign, "draft")];
        for (number, byte) in seed.as_bytes().iter().chain(uuid::Uuid::new_v4().as_bytes()).enumerate() {
            let state = STATES[usize::from(*byte) % STATES.len()];
            let uploader = &people[number % people.len()];
            let answer = uploader.upload(&gallery.workspace, pictures::fresh(), "one").await;
            if answer.status == 201 {
                gallery.bring(&answer.id(), state).await;
                images.push((answer.id(), state));
            }
        }
        let (mut shown, mut hidden) = (0, 0);
        for client in &people {
            let listed: BTreeSet<String> = pages(client, "", 7).await.into_iter().collect();
            let mut opened = BTreeSet::new();
            for (id, _) in &images {
                let (facts, content) =
                    (client.get(&format!("/images/{id}")).await, client.get(&format!("/images/{id}/content")).await);
                assert_eq!(facts.status, content.status, "facts and bytes of {id} disagree");
                if facts.status == 200 {
                    opened.insert(id.clone());
                    shown += 1;
                } else {
                    // Who reviews knows of it, and is told what is missing.
                    assert!(matches!(facts.status.as_u16(), 403 | 404), "{}", facts.status);
                    hidden += 1;
                }
            }
            assert_eq!(listed, opened, "the list of {} in {images:?}", client.user);
        }
        assert!(shown > 50 && hidden > 30, "{shown} {hidden}");
    });
}

#[test]
fn a_member_with_the_platforms_role_besides_is_shown_what_their_seat_shows() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let image = gallery.image("approved").await;
        let viewer = gallery.member_who(lobby, "viewer", json!({ "can_view_images": true })).await;
        let before = viewer.get("/images").await.expect(200);
        assert_eq!(before.each("id"), [image.as_str()]);
        let user = kernel::ids::UserId(viewer.user.parse().unwrap());
        lobby.services().provision().ensure_platform_admin(user).await.unwrap();
        assert_eq!(viewer.get("/images").await.expect(200).items(), before.items());
    });
}

#[test]
fn who_uploads_but_may_not_edit_is_answered_what_they_are_shown_later() {
    lobby(async |lobby| {
        let gallery = Gallery::open(lobby).await;
        let permissions = json!({ "can_upload_images": true, "can_view_images": true });
        let person = gallery.member_who(lobby, "uploader", permissions).await;
        let made = person.upload(&gallery.workspace, pictures::fresh(), "a picture").await.expect(201);
        assert_eq!(made.json, person.get(&format!("/images/{}", made.id())).await.expect(200).json);
    });
}
