//! Calendars: of one workshop, and at a secret address.

use serde_json::json;

use super::{enrol, studio, workshop};
use crate::harness::{Answer, Client, Lobby, lobby};

/// The lines of a calendar as they were before they were folded.
fn lines(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let text = String::from_utf8(answer.bytes.clone()).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

fn of<'a>(lines: &'a [String], name: &str) -> Vec<&'a str> {
    lines.iter().filter_map(|line| line.strip_prefix(&format!("{name}:"))).collect()
}

#[test]
fn a_changed_workshop_takes_the_place_of_what_a_calendar_has() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let like = json!({
            "title": "Paper; scissors, stone", "description": "ü".repeat(100), "starts_at": "2100-03-28T09:00:00+01:00",
            "ends_at": "2100-03-28T17:00:00+02:00",
        });
        let path = workshop(lobby, &admin, &workspace, like).await;
        let calendar = async || lines(&admin.get(&format!("{path}/calendar.ics")).await.expect(200));
        let first = calendar().await;
        assert_eq!(of(&first, "SUMMARY"), ["Paper\\; scissors\\, stone"]);
        assert_eq!((of(&first, "DTSTART"), of(&first, "DTEND")), (vec!["21000328T080000Z"], vec!["21000328T150000Z"]));
        assert_eq!((of(&first, "METHOD"), of(&first, "STATUS")), (vec!["PUBLISH"], vec!["CONFIRMED"]));
        admin.patch(&path, json!({ "location": "Attic" })).await.expect(200);
        let second = calendar().await;
        assert_eq!(of(&second, "UID"), of(&first, "UID"));
        let sequence = |lines: &[String]| of(lines, "SEQUENCE")[0].parse::<i32>().unwrap();
        assert!(sequence(&second) > sequence(&first));
        admin.act(&format!("{path}/cancel")).await.expect(200);
        let third = calendar().await;
        assert_eq!((of(&third, "METHOD"), of(&third, "STATUS")), (vec!["CANCEL"], vec!["CANCELLED"]));
        assert!(sequence(&third) > sequence(&second));
    });
}

/// Asks for a calendar as a program does that had one with this tag.
async fn again(client: &Client, path: &str, etag: &str) -> Answer {
    let request = client.request(reqwest::Method::GET, path).header("If-None-Match", etag);
    client.send(request).await
}

#[test]
fn a_program_that_has_a_calendar_is_sent_it_again_when_it_changed() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let path = workshop(lobby, &admin, &workspace, json!({})).await;
        let feed = address(&admin).await;
        for (client, calendar) in [(admin.clone(), format!("{path}/calendar.ics")), (lobby.anonymous(), feed)] {
            let etag = client.get(&calendar).await.expect(200).header("etag").to_owned();
            let unchanged = again(&client, &calendar, &etag).await.expect(304);
            assert_eq!((unchanged.header("etag"), unchanged.bytes.len()), (etag.as_str(), 0));
            admin.patch(&path, json!({ "location": format!("Room {}", calendar.len()) })).await.expect(200);
            let changed = again(&client, &calendar, &etag).await.expect(200);
            assert!(changed.header("etag") != etag && !changed.bytes.is_empty());
        }
    });
}

/// The path that an address names, without the API's base.
async fn address(person: &Client) -> String {
    let made = person.act("/workshops/feed").await.expect(201);
    made.text("address").trim_start_matches("/api/v1").to_owned()
}

async fn uids(lobby: &Lobby, address: &str) -> usize {
    of(&lines(&lobby.anonymous().get(address).await.expect(200)), "UID").len()
}

#[test]
fn a_secret_address_shows_what_its_owner_gives_and_attends_until_it_is_taken_away() {
    lobby(async |lobby| {
        let (admin, workspace) = studio(lobby).await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let attended = workshop(lobby, &creator, &workspace, json!({ "capacity": 1 })).await;
        let waited = workshop(lobby, &creator, &workspace, json!({ "capacity": 1 })).await;
        workshop(lobby, &creator, &workspace, json!({ "status": "draft" })).await;
        enrol(&admin, &attended, &assistant.user).await;
        enrol(&admin, &waited, &creator.user).await;
        enrol(&admin, &waited, &assistant.user).await;
        assert_eq!(assistant.get("/workshops/feed").await.expect(200).json["created_at"], json!(null));
        let (mine, theirs) = (address(&assistant).await, address(&creator).await);
        assert!(assistant.get("/workshops/feed").await.expect(200).json["created_at"].is_string());
        assert_eq!((uids(lobby, &mine).await, uids(lobby, &theirs).await), (2, 2));
        let told = lines(&lobby.anonymous().get(&mine).await.expect(200));
        let mut states = of(&told, "STATUS");
        states.sort_unstable();
        assert_eq!(states, ["CONFIRMED", "TENTATIVE"]);

        // Nobody finds the secret in the database.
        let token = mine.split_once("token=").unwrap().1;
        assert_eq!(token.len(), 43);
        let kept = format!("SELECT count(*) FROM workshop.feeds f WHERE f::text LIKE '%{token}%'");
        assert_eq!(lobby.database.number(&kept).await, 0);
        let told = format!("SELECT count(*) FROM workshop.outbox o WHERE o::text LIKE '%{token}%'");
        assert_eq!(lobby.database.number(&told).await, 0);

        let renewed = address(&assistant).await;
        lobby.anonymous().get(&mine).await.problem(404, "not_found");
        assert_eq!(uids(lobby, &renewed).await, 2);
        // What one may not see any more, one's calendar doesn't show either.
        admin.act(&format!("/workspaces/{workspace}/members/{}/deactivate", assistant.user)).await.expect(200);
        assert_eq!(uids(lobby, &renewed).await, 0);
        assistant.delete("/workshops/feed").await.expect(204);
        assistant.delete("/workshops/feed").await.expect(204);
        lobby.anonymous().get(&renewed).await.problem(404, "not_found");
        lobby.anonymous().get("/workshops/feed/calendar.ics?token=guessed").await.problem(404, "not_found");
    });
}
