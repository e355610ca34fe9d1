//! What the last run saw, to read: `target/matrix/report.md` and `report.html`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::PathBuf,
    sync::Arc,
};

use super::{
    play::Seen,
    table::{COMMON, Cell, Row, Table},
};

type Played = [(Arc<Table>, Vec<Seen>)];

/// What stands in one cell of a report: each relation with the answer it should get and what was wrong.
type Cells<'a> = BTreeMap<(usize, usize), Vec<&'a Seen>>;

/// Writes both reports; answers where the one for browsers is.
pub fn write(played: &Played) -> PathBuf {
    let folder = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("target"), PathBuf::from);
    let folder = folder.join("matrix");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("report.md"), markdown(played)).unwrap();
    let page = folder.join("report.html");
    std::fs::write(&page, html(played)).unwrap();
    page
}

/// A line for everything that is not as the tables say.
pub fn faults(played: &Played) -> Vec<String> {
    let line = |table: &Table, seen: &Seen| {
        let row = &table.rows[seen.row];
        let fault = seen.fault.as_ref()?;
        Some(format!("{} {} {} {} ({}): {fault}", table.model, row.method, row.path, who(table, seen), seen.relation))
    };
    played.iter().flat_map(|(table, seen)| seen.iter().filter_map(|seen| line(table, seen))).collect()
}

fn who<'t>(table: &'t Table, seen: &Seen) -> &'t str {
    table.roles.get(seen.column).map_or("anonymous", String::as_str)
}

fn cells(seen: &[Seen]) -> Cells<'_> {
    let mut cells = Cells::new();
    for one in seen {
        cells.entry((one.row, one.column)).or_default().push(one);
    }
    cells
}

/// The columns of a row: each role's and that of who has no token.
fn columns(row: &Row) -> impl Iterator<Item = (usize, Cell)> + '_ {
    row.cells.iter().copied().chain([row.anonymous]).enumerate()
}

/// A line that sums up one table.
fn summary(table: &Table, seen: &[Seen]) -> String {
    let pending = table.rows.iter().filter(|row| row.pending).count();
    let faults = seen.iter().filter(|seen| seen.fault.is_some()).count();
    let (rows, requests) = (table.rows.len(), seen.len());
    format!("{rows} operations, {pending} of them pending; {requests} requests, {faults} not as they should be")
}

/// The routes that other models' tables speak of, and this one doesn't.
fn unsaid(played: &Played, table: &Table) -> BTreeSet<String> {
    let routes = |tables: &mut dyn Iterator<Item = &Table>| -> BTreeSet<String> {
        let rows = tables.flat_map(|table| &table.rows).filter(|row| !row.pending);
        rows.map(|row| format!("{} {}", row.method, row.path)).collect()
    };
    if table.model == COMMON {
        return BTreeSet::new();
    }
    let all = routes(&mut played.iter().map(|(table, _)| &**table));
    let is_said = |other: &&Table| other.model == table.model || other.model == COMMON;
    let said = routes(&mut played.iter().map(|(table, _)| &**table).filter(is_said));
    all.difference(&said).cloned().collect()
}

fn markdown(played: &Played) -> String {
    let mut text = String::from("# Who may do what\n\n🟢 as it should be · 🔴 not so · ⚪ not built yet\n");
    for (table, seen) in played {
        let cells = cells(seen);
        write!(text, "\n## {}\n\n{}.\n\n| Operation |", table.model, summary(table, seen)).unwrap();
        for role in table.roles.iter().map(String::as_str).chain(["anonymous"]) {
            write!(text, " {role} |").unwrap();
        }
        write!(text, " Note |\n|---|{}---|\n", "---|".repeat(table.roles.len() + 1)).unwrap();
        for (at, row) in table.rows.iter().enumerate() {
            write!(text, "| `{} {}` |", row.method, row.path).unwrap();
            for (column, cell) in columns(row) {
                let seen = cells.get(&(at, column)).map_or(&[][..], Vec::as_slice);
                let red = seen.iter().filter(|seen| seen.fault.is_some()).count();
                let told = match (row.pending, red) {
                    (true, _) => "⚪".to_owned(),
                    (false, 0) => format!("🟢 {}", seen.len()),
                    (false, red) => format!("🔴 {red}/{}", seen.len()),
                };
                write!(text, " {} {told} |", cell.word()).unwrap();
            }
            writeln!(text, " {} |", row.note).unwrap();
        }
        for route in unsaid(played, table) {
            writeln!(text, "\nNo row in this table: `{route}`").unwrap();
        }
    }
    let faults = faults(played);
    if !faults.is_empty() {
        text.push_str("\n## Not as it should be\n\n");
        for fault in faults {
            writeln!(text, "- {}", fault.replace('\n', " ")).unwrap();
        }
    }
    text
}

const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;margin:2rem;color:#1d2330;background:#fff}\
    table{border-collapse:collapse;margin:1rem 0 2rem}th,td{border:1px solid #d8dce4;padding:.35rem .6rem;\
    text-align:left;vertical-align:top}thead th{position:sticky;top:0;background:#f3f5f9}code{white-space:nowrap}\
    .rel{display:inline-block;margin:.1rem .2rem .1rem 0;padding:0 .4rem;border-radius:.6rem;font-size:12px;\
    white-space:nowrap}.green{background:#d6f3de;color:#114a24}.red{background:#c2261c;color:#fff}\
    .pending{background:#e8eaef;color:#5b6270}small{color:#5b6270}b{display:block}";

fn html(played: &Played) -> String {
    let mut page =
        String::from("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Who may do what</title>");
    write!(page, "<style>{STYLE}</style><h1>Who may do what</h1><p>Each cell: for whose resources it is allowed, and ")
        .unwrap();
    page.push_str("for every relation the answer that was expected. ");
    page.push_str("<span class=\"rel green\">as it should be</span><span class=\"rel red\">not so</span>");
    page.push_str("<span class=\"rel pending\">not built yet</span></p><p>");
    for (table, _) in played {
        write!(page, "<a href=\"#{0}\">{0}</a> ", table.model).unwrap();
    }
    page.push_str("</p>");
    let faults = faults(played);
    if !faults.is_empty() {
        page.push_str("<h2>Not as it should be</h2><ol>");
        for fault in &faults {
            write!(page, "<li>{}</li>", escaped(fault)).unwrap();
        }
        page.push_str("</ol>");
    }
    for (table, seen) in played {
        section(&mut page, table, seen);
        for route in unsaid(played, table) {
            write!(page, "<p>No row in this table: <code>{}</code></p>", escaped(&route)).unwrap();
        }
    }
    page.push_str("</html>\n");
    page
}

fn section(page: &mut String, table: &Table, seen: &[Seen]) {
    let cells = cells(seen);
    let summary = summary(table, seen);
    write!(page, "<h2 id=\"{0}\">{0}</h2><p>{summary}.</p><table><thead><tr><th>Operation</th>", table.model).unwrap();
    for role in table.roles.iter().map(String::as_str).chain(["anonymous"]) {
        write!(page, "<th>{}</th>", escaped(role)).unwrap();
    }
    page.push_str("<th>Note</th></tr></thead><tbody>");
    for (at, row) in table.rows.iter().enumerate() {
        write!(page, "<tr><td><code>{} {}</code></td>", row.method, escaped(&row.path)).unwrap();
        for (column, cell) in columns(row) {
            write!(page, "<td><b>{}</b>", cell.word()).unwrap();
            for seen in cells.get(&(at, column)).into_iter().flatten() {
                let colour = if seen.fault.is_some() { "red" } else { "green" };
                let told = escaped(seen.fault.as_deref().unwrap_or(&seen.expected));
                let short = seen.expected.split(' ').next().unwrap_or_default();
                let relation = escaped(&seen.relation);
                write!(page, "<span class=\"rel {colour}\" title=\"{told}\">{relation} {short}</span>").unwrap();
            }
            if row.pending {
                page.push_str("<span class=\"rel pending\">pending</span>");
            }
            page.push_str("</td>");
        }
        write!(page, "<td><small>{}</small></td></tr>", escaped(&row.note)).unwrap();
    }
    page.push_str("</tbody></table>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
