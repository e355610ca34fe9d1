//! The README's tour, run as it stands: every block of commands, against a server with the demo, compared with the
//! output that the page shows. `UPDATE_README=1` writes the real output into the page.

use std::{path::PathBuf, process::Stdio};

use tokio::process::Command;

use crate::harness::lobby;

/// A block of commands, and the output that is shown under it.
struct Step<'a> {
    commands: &'a str,
    shown: Option<&'a str>,
    /// Where the commands' block ends in the page.
    end: usize,
    /// Where the shown output's block ends.
    shown_end: usize,
}

fn page_path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md"))
}

/// The steps between the markers of the tour.
fn steps(page: &str) -> Vec<Step<'_>> {
    let (begin, end) = (page.find("<!-- tour -->").unwrap(), page.find("<!-- end of tour -->").unwrap());
    let mut steps = Vec::new();
    let mut at = begin;
    while let Some(open) = page[at..end].find("```sh\n").map(|open| at + open + 6) {
        let close = open + page[open..].find("```\n").unwrap();
        let after = close + 4;
        let shown = page[after..end].strip_prefix("\n```text\n").map(|rest| &rest[..rest.find("```\n").unwrap()]);
        let shown_end = shown.map_or(after, |shown| after + "\n```text\n".len() + shown.len() + 4);
        steps.push(Step { commands: &page[open..close], shown, end: after, shown_end });
        at = shown_end;
    }
    steps
}

/// Ids, tokens, times and the server's port differ every time; the rest must not.
fn normalised(output: &str) -> String {
    let mut text = String::new();
    let mut rest = output;
    while let Some(first) = rest.chars().next() {
        if let Some(length) = id_length(rest) {
            text.push_str("<id>");
            rest = &rest[length..];
        } else if let Some(length) = time_length(rest) {
            text.push_str("<time>");
            rest = &rest[length..];
        } else {
            text.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    text
}

/// The length of a UUID at the start.
fn id_length(text: &str) -> Option<usize> {
    text.get(..36).filter(|id| id.parse::<uuid::Uuid>().is_ok()).map(str::len)
}

/// The length of an RFC 3339 time at the start.
fn time_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let dated = bytes.len() > 19 && bytes[4] == b'-' && bytes[10] == b'T' && bytes[..4].iter().all(u8::is_ascii_digit);
    dated.then(|| text.find('"').unwrap_or(text.len()))
}

async fn run_in_bash(script: &str, folder: &std::path::Path) -> String {
    let mut bash = Command::new("bash");
    let output = bash.args(["-eu", "-c", script]).current_dir(folder).stdin(Stdio::null()).output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the tour stops with {}: {errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_tour_of_the_readme_happens_as_it_is_told() {
    if std::process::Command::new("curl").arg("--version").output().is_err() {
        println!("skipped: the tour is told with curl, which this machine doesn't have");
        return;
    }
    lobby(async |lobby| {
        api::seed::demo(lobby.services()).await.unwrap();
        let page = std::fs::read_to_string(page_path()).unwrap();
        let steps = steps(&page);
        assert!(steps.len() > 5, "the tour is not found");
        let commands: Vec<String> =
            steps.iter().map(|step| format!("{}\necho; echo '--8<--'", step.commands)).collect();
        let script = commands.join("\n").replace("http://127.0.0.1:8080", &lobby.base());
        let folder = tempfile::TempDir::new().unwrap();
        let output = run_in_bash(&script, folder.path()).await;
        let outputs: Vec<String> = output.split("--8<--\n").map(|told| told.trim().to_owned()).collect();

        if std::env::var_os("UPDATE_README").is_some() {
            std::fs::write(page_path(), updated(&page, &steps, &outputs)).unwrap();
            return;
        }
        for (step, told) in steps.iter().zip(&outputs) {
            let shown = step.shown.unwrap_or_default().trim();
            assert_eq!(normalised(told), normalised(shown), "after:\n{}", step.commands);
        }
    });
}

/// The page with the real output under each block that prints something.
fn updated(page: &str, steps: &[Step<'_>], outputs: &[String]) -> String {
    let mut text = String::new();
    let mut at = 0;
    for (step, told) in steps.iter().zip(outputs) {
        text.push_str(&page[at..step.end]);
        if !told.is_empty() {
            text.push_str(&format!("\n```text\n{told}\n```\n"));
        }
        at = step.shown_end;
    }
    text + &page[at..]
}
