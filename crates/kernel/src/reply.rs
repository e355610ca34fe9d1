//! A reply as it is kept for a repeated request (draft-ietf-httpapi-idempotency-key-header-07).

use actix_web::{HttpResponse, HttpResponseBuilder, http::StatusCode};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::db::Databases;

/// The first reply to an idempotent request, stored in the transaction of its effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReply {
    /// HTTP status.
    pub status: u16,
    /// The `Location` header, if it had one.
    pub location: Option<String>,
    /// The `ETag` header, if it had one.
    pub etag: Option<String>,
    /// The JSON body; null stands for none.
    pub body: Value,
}

impl StoredReply {
    /// The same answer again, marked as a repetition.
    pub fn respond(&self) -> HttpResponse {
        let mut builder = HttpResponseBuilder::new(StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK));
        builder.insert_header(("Idempotency-Replayed", "true"));
        if let Some(location) = &self.location {
            builder.insert_header(("Location", location.as_str()));
        }
        if let Some(etag) = &self.etag {
            builder.insert_header(("ETag", etag.as_str()));
        }
        if self.body.is_null() { builder.finish() } else { builder.json(&self.body) }
    }
}

/// Deletes the replies of `modules` that were kept before `before`; answers how many. A key may be used anew then.
pub async fn forget_replies(databases: &Databases, modules: &[&str], before: DateTime<Utc>) -> Result<u64, DbErr> {
    let mut forgotten = 0;
    for module in modules {
        let sql = format!("/* hourly */ DELETE FROM {module}.idempotency WHERE created_at < $1");
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [before.into()]);
        forgotten += databases.connection(module).execute_raw(statement).await?.rows_affected();
    }
    Ok(forgotten)
}
