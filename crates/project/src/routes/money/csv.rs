//! A report as JSON or as a table (RFC 4180).

use std::fmt::Write;

use actix_web::{HttpResponse, http::header};
use kernel::{http::csv_cell, problem::Problem};

use crate::dto::{CurrencyTotal, Format, Report, ReportFilter};

const COLUMNS: &str = "currency,exponent,month,project_id,project_key,project_name,\
     issued,paid,credited,refunded,withdrawn,receivable,balance\r\n";

/// Refuses what asks for less than nothing.
pub(super) fn sound(filter: ReportFilter) -> Result<ReportFilter, Problem> {
    match (filter.from, filter.to) {
        (Some(from), Some(to)) if from > to => {
            Err(Problem::invalid_field("?from", "range", "The first day is later than the last."))
        }
        _ => Ok(filter),
    }
}

/// The answer in the format that was asked for.
pub(super) fn answer(format: Option<Format>, report: &Report) -> HttpResponse {
    match format {
        Some(Format::Csv) => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"report.csv\""))
            .body(table(report)),
        Some(Format::Json) | None => HttpResponse::Ok().json(report),
    }
}

fn table(report: &Report) -> String {
    let mut text = COLUMNS.to_owned();
    if report.group_by.is_none() {
        for total in &report.totals {
            line(&mut text, total, ["", "", "", ""]);
        }
    }
    for group in &report.groups {
        let id = group.project.as_ref().map(|project| project.id.to_string()).unwrap_or_default();
        let (key, name) = group.project.as_ref().map_or(("", ""), |project| (&project.key, &project.name));
        line(&mut text, &group.total, [group.month.as_deref().unwrap_or_default(), &id, key, name]);
    }
    text
}

fn line(text: &mut String, total: &CurrencyTotal, of: [&str; 4]) {
    let [month, id, key, name] = of;
    let amounts = &total.amounts;
    // Writing to a text can't fail.
    let _ = write!(
        text,
        "{},{},{month},{id},{key},{},{},{},{},{},{},{},{}\r\n",
        total.currency,
        total.exponent,
        csv_cell(name),
        amounts.issued,
        amounts.paid,
        amounts.credited,
        amounts.refunded,
        amounts.withdrawn,
        amounts.receivable,
        amounts.balance,
    );
}
