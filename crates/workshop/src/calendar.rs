//! iCalendar (RFC 5545): workshops as events that calendar programs read.
//!
//! Times are UTC, so no time zone has to be described. An event keeps its UID; its SEQUENCE grows with each change of the
//! workshop, so that programs know which they have is older.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::entity::workshops::{Model, Stage};

/// The octets of a line, at most (RFC 5545 section 3.1).
const LINE: usize = 75;

/// A workshop in somebody's calendar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) row: &'a Model,
    /// Whether they wait for a seat.
    pub(crate) is_waiting: bool,
}

/// A calendar, which prints as a file.
#[derive(Debug)]
pub(crate) struct Calendar {
    text: String,
}

impl Calendar {
    /// With one workshop in it. Of a cancelled one it asks programs to take it out (RFC 5546 section 3.2.5).
    pub(crate) fn of_one(row: &Model) -> Self {
        let method = if row.status == Stage::Cancelled { "CANCEL" } else { "PUBLISH" };
        let mut calendar = Self::begun(method);
        calendar.event(Entry { row, is_waiting: false });
        calendar.ended()
    }

    /// With all of these in it.
    pub(crate) fn of_many<'a>(entries: impl IntoIterator<Item = Entry<'a>>) -> Self {
        let mut calendar = Self::begun("PUBLISH");
        calendar.text("X-WR-CALNAME", "Workshops");
        calendar.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        for entry in entries {
            calendar.event(entry);
        }
        calendar.ended()
    }

    fn begun(method: &str) -> Self {
        let mut calendar = Self { text: String::new() };
        calendar.line("BEGIN:VCALENDAR");
        calendar.line("VERSION:2.0");
        calendar.line("PRODID:-//Lobby//Workshops//EN");
        calendar.line("CALSCALE:GREGORIAN");
        calendar.line(&format!("METHOD:{method}"));
        calendar
    }

    fn ended(mut self) -> Self {
        self.line("END:VCALENDAR");
        self
    }

    fn event(&mut self, Entry { row, is_waiting }: Entry<'_>) {
        let status = match row.status {
            Stage::Cancelled => "CANCELLED",
            Stage::Published if !is_waiting => "CONFIRMED",
            Stage::Draft | Stage::Published => "TENTATIVE",
        };
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}@workshops.lobby", row.id));
        self.line(&format!("SEQUENCE:{}", row.version - 1));
        self.line(&format!("DTSTAMP:{}", utc(row.updated_at)));
        self.line(&format!("CREATED:{}", utc(row.created_at)));
        self.line(&format!("LAST-MODIFIED:{}", utc(row.updated_at)));
        self.line(&format!("DTSTART:{}", utc(row.starts_at)));
        self.line(&format!("DTEND:{}", utc(row.ends_at)));
        self.text("SUMMARY", &row.title);
        if !row.description.is_empty() {
            self.text("DESCRIPTION", &row.description);
        }
        if !row.location.is_empty() {
            self.text("LOCATION", &row.location);
        }
        self.line(&format!("STATUS:{status}"));
        self.line("END:VEVENT");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    /// Adds a line, folded after so many octets and never within a character.
    fn line(&mut self, line: &str) {
        let mut room = LINE;
        for character in line.chars() {
            if character.len_utf8() > room {
                self.text.push_str("\r\n ");
                // The space counts.
                room = LINE - 1;
            }
            self.text.push(character);
            room -= character.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn utc(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as a value (section 3.3.11). Control characters, which it can't have, are left out: one of them would end the
/// line, and what follows would be read as another property.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use kernel::ids::{UserId, WorkspaceId};
    use uuid::Uuid;

    use super::*;
    use crate::WorkshopId;

    fn row() -> Model {
        let at = |text: &str| text.parse().unwrap();
        Model {
            id: WorkshopId(Uuid::from_u128(7)),
            workspace_id: WorkspaceId(Uuid::nil()),
            creator_id: UserId(Uuid::nil()),
            title: "Paper, scissors; stone".into(),
            title_sort: String::new(),
            description: "One\r\ntwo\\three\nfour\u{7}".into(),
            starts_at: at("2026-03-29T00:30:00Z"),
            ends_at: at("2026-03-29T16:00:00Z"),
            timezone: "Europe/Berlin".into(),
            location: String::new(),
            capacity: None,
            registration_opens_at: None,
            registration_closes_at: None,
            status: Stage::Published,
            version: 3,
            created_at: at("2026-01-01T00:00:00Z"),
            updated_at: at("2026-01-02T00:00:00Z"),
        }
    }

    /// The lines as they were before they were folded.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_workshop_is_an_event_with_escaped_texts() {
        let lines = unfolded(&Calendar::of_one(&row()).to_string());
        for line in [
            "METHOD:PUBLISH",
            "UID:00000000-0000-0000-0000-000000000007@workshops.lobby",
            "SEQUENCE:2",
            "DTSTART:20260329T003000Z",
            "DTEND:20260329T160000Z",
            "SUMMARY:Paper\\, scissors\\; stone",
            "DESCRIPTION:One\\ntwo\\\\three\\nfour",
            "STATUS:CONFIRMED",
        ] {
            assert!(lines.iter().any(|known| known == line), "{line} is not in {lines:?}");
        }
        assert!(!lines.iter().any(|line| line.starts_with("LOCATION")));
        assert_eq!((lines[0].as_str(), lines.last().unwrap().as_str()), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
    }

    #[test]
    fn a_cancelled_workshop_is_to_be_taken_out() {
        let lines = unfolded(&Calendar::of_one(&Model { status: Stage::Cancelled, ..row() }).to_string());
        assert!(lines.contains(&"METHOD:CANCEL".to_owned()) && lines.contains(&"STATUS:CANCELLED".to_owned()));
    }

    #[test]
    fn nobody_writes_properties_of_their_own() {
        let row = Model { title: "A\r\nATTENDEE:mailto:x\rB\u{85}\u{b}".into(), ..row() };
        let lines = unfolded(&Calendar::of_one(&row).to_string());
        assert!(lines.contains(&"SUMMARY:A\\nATTENDEE:mailto:x\\nB".to_owned()), "{lines:?}");
    }

    #[test]
    fn lines_are_folded_by_octets_and_never_within_a_character() {
        for length in 60..90 {
            let title = "ü🎨a".repeat(length);
            let text = Calendar::of_one(&Model { title: title.clone(), ..row() }).to_string();
            assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
            assert!(unfolded(&text).contains(&format!("SUMMARY:{title}")));
        }
        let exact = "x".repeat(LINE - "SUMMARY:".len());
        let text = Calendar::of_one(&Model { title: exact.clone(), ..row() }).to_string();
        assert!(text.contains(&format!("SUMMARY:{exact}\r\n")), "a line that fits is not folded");
    }
}
