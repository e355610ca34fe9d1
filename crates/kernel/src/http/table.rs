//! Tables that are sent row by row: CSV (RFC 4180) for spreadsheets, JSON for programs. Never whole in memory, and no
//! connection is held between two stretches of rows, however slowly the client reads.

use std::{future::Future, io};

use actix_web::{HttpResponse, http::header};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;

/// As what a table is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableFormat {
    /// Comma-separated values, with a line of headings.
    Csv,
    /// A JSON array.
    #[default]
    Json,
}

/// Something that can be a row.
pub trait TableRow: Serialize + 'static {
    /// What the columns are called.
    const HEADINGS: &'static [&'static str];

    /// The cells, as many as there are headings.
    fn cells(&self) -> Vec<String>;
}

/// What reads a table, stretch by stretch: given where the last stretch ended, the rows after it, and where they end; no
/// end where nothing follows.
pub trait Stretches<R, K>: 'static {
    /// The rows after `after`.
    ///
    /// What follows the first stretch is read after a while, by whoever may see it still: an implementation asks for its
    /// authority again, and fails where that has ended.
    fn next(&mut self, after: Option<K>) -> impl Future<Output = Result<(Vec<R>, Option<K>), Problem>>;
}

/// Sends a table as a file of this name, without its ending. The first stretch is read before anything is sent, so that
/// what goes wrong by then is still told; after that the answer breaks off.
pub async fn send_table<R: TableRow, K: 'static>(
    name: &str,
    format: TableFormat,
    mut stretches: impl Stretches<R, K>,
) -> Result<HttpResponse, Problem> {
    let (rows, mark) = stretches.next(None).await?;
    let opening = match format {
        TableFormat::Csv => line(R::HEADINGS.iter().copied()),
        TableFormat::Json => "[".to_owned(),
    };
    let opening = opening + &written(format, &rows, true)?;
    let state = Reading { stretches, mark, is_empty: rows.is_empty(), is_over: false };
    let rest = stream::try_unfold(state, move |state| state.read_on(format));
    let body = stream::once(std::future::ready(Ok(Bytes::from(opening)))).chain(rest);
    let (kind, ending) = match format {
        TableFormat::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        TableFormat::Json => ("application/json", "json"),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, kind))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .streaming(body))
}

/// Where the reading of a table stands.
struct Reading<S, K> {
    stretches: S,
    mark: Option<K>,
    is_empty: bool,
    is_over: bool,
}

impl<S, K> Reading<S, K> {
    async fn read_on<R: TableRow>(mut self, format: TableFormat) -> Result<Option<(Bytes, Self)>, io::Error>
    where
        S: Stretches<R, K>,
    {
        if self.is_over {
            return Ok(None);
        }
        let Some(mark) = self.mark.take() else {
            self.is_over = true;
            let closing: &[u8] = if format == TableFormat::Json { b"]" } else { b"" };
            return Ok(Some((Bytes::from_static(closing), self)));
        };
        // Whoever reads it sees a body that ended early; the log says why.
        let broken = |_: Problem| io::Error::other("the table broke off");
        let (rows, mark) = self.stretches.next(Some(mark)).await.map_err(broken)?;
        let text = written(format, &rows, self.is_empty).map_err(broken)?;
        (self.mark, self.is_empty) = (mark, self.is_empty && rows.is_empty());
        Ok(Some((Bytes::from(text), self)))
    }
}

fn written<R: TableRow>(format: TableFormat, rows: &[R], is_first: bool) -> Result<String, Problem> {
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        match format {
            TableFormat::Csv => text.push_str(&line(row.cells().iter().map(String::as_str))),
            TableFormat::Json => {
                if at > 0 || !is_first {
                    text.push(',');
                }
                text.push_str(&serde_json::to_string(row).map_err(|error| Problem::internal(&error))?);
            }
        }
    }
    Ok(text)
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.map(csv_cell).collect();
    cells.join(",") + "\r\n"
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe before it, which makes it text there: whoever
/// can name a project must not run anything on the machine of whoever opens the export.
pub fn csv_cell(text: &str) -> String {
    let is_formula = text
        .trim_start_matches([' ', '\u{feff}'])
        .starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '|', '＝', '＋', '－', '＠']);
    let guard = if is_formula { "'" } else { "" };
    if is_formula || text.contains([',', '"', '\r', '\n']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(csv_cell(text), expected);
        }
        assert_eq!(line(["a", "b,c"].into_iter()), "a,\"b,c\"\r\n");
    }

    #[test]
    fn nothing_begins_as_a_formula_does() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "|calc", "＝1", "\u{feff}=1"] {
            let cell = csv_cell(text);
            assert!(cell.starts_with("\"'"), "{cell:?}");
        }
    }
}
