//! Photos that are asked for under a key of the caller's: what the first request with it added, written where it is added.

use chrono::{DateTime, Utc};
use kernel::{authority::Caller, db::SystemTx, failure::Failure, ids::ImageId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, prelude::Uuid};
use sha2::{Digest, Sha256};

use crate::{Part, error::GalleryError};

/// One request, however often it is sent.
pub(crate) struct Once {
    hash: Vec<u8>,
    fingerprint: Vec<u8>,
}

impl Once {
    /// The request of `by` with this key, for a photo in this part of the workshop.
    pub(crate) fn of(by: &Caller, workshop: Uuid, part: Part, key: &str, fingerprint: [u8; 32]) -> Self {
        let token = by.token().map(|token| token.to_string()).unwrap_or_default();
        let text = format!("photo\n{}{token}\n{workshop}\n{}\n{key}", by.user, part.as_str());
        Self { hash: Sha256::digest(text).to_vec(), fingerprint: fingerprint.to_vec() }
    }
}

/// Takes the key until the transaction ends; answers what was added under it before, if anything was.
pub(crate) async fn claim(tx: &SystemTx<'_>, once: &Once) -> Result<Option<ImageId>, GalleryError> {
    let lock = i64::from_be_bytes(std::array::from_fn(|byte| once.hash[byte]));
    // Two statements: the second sees what whoever had the lock before has written.
    let taken = tx.query_one_raw(statement("SELECT pg_try_advisory_xact_lock($1) AS taken", [lock.into()])).await?;
    if !taken.is_some_and(|row| row.try_get("", "taken").unwrap_or(false)) {
        return Err(Failure::KeyInProgress.into());
    }
    let sql = "SELECT body_hash, (reply ->> 'image')::uuid AS image FROM gallery.idempotency WHERE key_hash = $1";
    let Some(row) = tx.query_one_raw(statement(sql, [once.hash.clone().into()])).await? else { return Ok(None) };
    if row.try_get::<Vec<u8>>("", "body_hash")? != once.fingerprint {
        return Err(Failure::KeyReused.into());
    }
    Ok(Some(row.try_get("", "image")?))
}

/// Writes down what was added under the key.
pub(crate) async fn keep(tx: &SystemTx<'_>, once: &Once, image: ImageId, at: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "INSERT INTO gallery.idempotency (key_hash, body_hash, reply, created_at) \
               VALUES ($1, $2, jsonb_build_object('image', $3::text), $4)";
    let values = [once.hash.clone().into(), once.fingerprint.clone().into(), image.to_string().into(), at.into()];
    tx.execute_raw(statement(sql, values)).await.map(drop)
}

fn statement(sql: &str, values: impl IntoIterator<Item = sea_orm::Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}
