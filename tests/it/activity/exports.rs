//! The audit as a file: whole, in order, and harmless to whoever opens it in a spreadsheet.

use reqwest::Method;
use serde_json::json;

use super::{entries, project};
use crate::harness::{Client, lobby};

/// The rows of a CSV file (RFC 4180).
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut is_quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if is_quoted && characters.peek() == Some(&'"') => cell.push(characters.next().unwrap()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            other => cell.push(other),
        }
    }
    assert!(cell.is_empty() && row.is_empty() && !is_quoted, "the file breaks off: {text:?}");
    rows
}

/// Asks for a file that is longer than what the sockets between hold, ends the right to it when it has begun to come, and
/// reads on. Whether it broke off.
pub async fn breaks_off(reader: &Client, path: &str, end: impl AsyncFnOnce()) -> bool {
    let mut answer = reader.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.chunk().await.unwrap().is_some());
    end().await;
    loop {
        match answer.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
}

#[test]
fn an_audit_that_is_being_sent_breaks_off_where_the_right_to_it_ends() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let reader = lobby.member(&owner, &workspace, "admin").await;
        let many = format!(
            "INSERT INTO activity.events (workspace_id, id, actor_id, as_platform, action, resource_kind, resource_id, \
             changes, facts, at) SELECT '{workspace}', gen_random_uuid(), '{}', false, 'thing.made', 'thing', \
             gen_random_uuid(), '{{}}', jsonb_build_object('text', repeat('x', 4000)), now() \
             FROM generate_series(1, 8000)",
            owner.user
        );
        lobby.database.execute(&many).await;
        let path = format!("/workspaces/{workspace}/audit?format=csv");
        assert!(!breaks_off(&reader, &path, async || ()).await);
        let removal = format!("/workspaces/{workspace}/members/{}", reader.user);
        let end = async || {
            owner.delete(&removal).await.expect(204);
        };
        assert!(breaks_off(&reader, &path, end).await);
    });
}

#[test]
fn an_audit_is_exported_whole_with_the_same_filters() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        // More than is read at once, made as the program makes them.
        let many = format!(
            "INSERT INTO activity.events (workspace_id, id, actor_id, as_platform, action, resource_kind, resource_id, \
             changes, facts, at) SELECT '{workspace}', gen_random_uuid(), '{}', false, 'thing.made', 'thing', \
             gen_random_uuid(), '{{}}', '{{}}', now() - n % 7 * interval '1 second' FROM generate_series(1, 1203) n",
            owner.user
        );
        lobby.database.execute(&many).await;
        let id = project(&owner, &workspace, "=cmd|' /C calc'!A0, \"quoted\"").await;
        owner.patch(&format!("/projects/{id}"), json!({ "name": "Plain" })).await.expect(200);
        lobby.services().settle().await.unwrap();

        let path = format!("/workspaces/{workspace}/audit?format=csv");
        let file = owner.get(&path).await.expect(200);
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(file.header("content-disposition"), "attachment; filename=\"audit.csv\"");
        let all = rows(std::str::from_utf8(&file.bytes).unwrap());
        assert_eq!(all[0][..4], ["seq", "id", "at", "action"]);
        let total = lobby.database.number("SELECT max(length) FROM activity.chains").await;
        assert_eq!(all.len() - 1, usize::try_from(total).unwrap());
        let mut numbers: Vec<i64> = all[1..].iter().map(|row| row[0].parse().unwrap()).collect();
        let times: Vec<&String> = all[1..].iter().map(|row| &row[2]).collect();
        assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "newest first");
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=total).collect::<Vec<_>>());
        for cell in all[1..].iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell} would be a formula");
        }
        assert!(all[1..].iter().any(|row| row[10].contains("=cmd|' /C calc'!A0")), "what was written is there");

        let some = owner.get(&format!("{path}&action=project&resource={id}")).await.expect(200);
        let some = rows(std::str::from_utf8(&some.bytes).unwrap());
        let told: Vec<&str> = some[1..].iter().map(|row| row[3].as_str()).collect();
        assert_eq!(told, ["project.updated", "project.created"]);
        let shown = entries(lobby, &owner, &format!("/workspaces/{workspace}/audit?resource={id}")).await;
        assert_eq!(shown[0]["hash"], some[1][12].as_str());
        let none = owner.get(&format!("{path}&actor=nobody")).await.expect(200);
        assert_eq!(rows(std::str::from_utf8(&none.bytes).unwrap()).len(), 1);

        let client = lobby.member(&owner, &workspace, "client").await;
        client.get(&path).await.problem(403, "permission_denied");
        owner.get(&format!("{path}&from=never")).await.faults(&["?from"]);
    });
}
