//! Where attempts are counted: a port, and PostgreSQL behind it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{db::System, ids::UserId};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use serde_json::json;
use uuid::Uuid;

use super::bounds::Bounds;
use crate::Schema;

/// For how long a network stays familiar to who has signed in from it.
const FAMILIAR: chrono::Duration = chrono::Duration::days(30);
/// For how long a device is known that isn't used.
const KNOWN: chrono::Duration = chrono::Duration::days(180);
/// By when every failure is forgiven, whatever the bounds.
const FORGIVEN: chrono::Duration = chrono::Duration::days(1);

/// One count.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) key: Vec<u8>,
    pub(crate) bounds: Bounds,
}

/// In what an attempt counts, depending on who it comes from.
#[derive(Debug)]
pub(crate) struct Buckets {
    pub(crate) stranger: Vec<Bucket>,
    pub(crate) familiar: Vec<Bucket>,
    pub(crate) device: Vec<Bucket>,
}

impl Buckets {
    pub(crate) fn of(&self, standing: Standing) -> &[Bucket] {
        match standing {
            Standing::Stranger => &self.stranger,
            Standing::Familiar => &self.familiar,
            Standing::Device => &self.device,
        }
    }
}

/// By what the owner of an account would be recognised.
#[derive(Debug)]
pub(crate) struct Recognition {
    /// An e-mail address, a username or an id, as it is looked up.
    pub(crate) account: String,
    pub(crate) device: Option<Uuid>,
    /// The marks of the account's familiar network, if it is one.
    pub(crate) networks: Vec<Vec<u8>>,
}

/// An attempt that wants to be let in.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) buckets: Buckets,
    pub(crate) recognition: Recognition,
}

/// Who an attempt comes from, as far as one can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Stranger,
    /// From a network from which the account's owner has signed in lately.
    Familiar,
    /// From a device with which the account's owner has signed in.
    Device,
}

/// Whether an attempt is let in.
#[derive(Debug)]
pub(crate) enum Verdict {
    Admitted(Standing),
    /// Not for so many seconds.
    Refused(u64),
}

/// Counts attempts, exactly, however many come at once; and knows devices and networks again. Each call is one round
/// trip. A store in memory, shared by all instances, can stand behind it as well.
#[async_trait]
pub(crate) trait Counters: Send + Sync {
    /// Counts an attempt as failed in all of its buckets, or in none if one of them refuses it.
    async fn take(&self, asked: &Asked, now: DateTime<Utc>) -> Result<Verdict, DbErr>;

    /// Takes one failure back from each bucket.
    async fn give_back(&self, buckets: &[Bucket]) -> Result<(), DbErr>;

    /// Knows a device and the networks of these marks from now on, and takes one failure back from each bucket.
    async fn know(
        &self,
        user: UserId,
        device: Uuid,
        networks: Vec<Vec<u8>>,
        release: &[Bucket],
        now: DateTime<Utc>,
    ) -> Result<(), DbErr>;
}

/// Counts in PostgreSQL.
#[derive(Debug)]
pub(crate) struct PostgresCounters(System<Schema>);

impl PostgresCounters {
    pub(crate) fn new(system: System<Schema>) -> Self {
        Self(system)
    }
}

const TAKE: &str = "\
WITH own AS MATERIALIZED (SELECT CASE \
    WHEN EXISTS (SELECT FROM accounts.devices device JOIN accounts.users person ON person.id = device.user_id \
        WHERE device.id = $3 AND $4 IN (person.email_key, person.username, person.id::text)) THEN 'device' \
    WHEN EXISTS (SELECT FROM accounts.familiar_networks WHERE seen_at > $6 AND mark IN \
        (SELECT decode(mark, 'hex') FROM unnest(string_to_array($5, ',')) AS marks (mark))) THEN 'familiar' \
    ELSE 'stranger' END AS standing) \
SELECT standing, accounts.brake_attempt($1::jsonb -> standing, $2) AS wait FROM own";

const KNOW: &str = "\
WITH person AS (SELECT id FROM accounts.users WHERE id = $3 FOR KEY SHARE), \
    known_device AS (INSERT INTO accounts.devices (id, user_id, created_at, last_used_at) \
        SELECT $2, id, $4, $4 FROM person \
        ON CONFLICT (id) DO UPDATE SET last_used_at = excluded.last_used_at), \
    known_networks AS (INSERT INTO accounts.familiar_networks (mark, user_id, seen_at) \
        SELECT decode(mark, 'hex'), person.id, $4 FROM person, unnest(string_to_array($5, ',')) AS marks (mark) ORDER BY 1 \
        ON CONFLICT (mark) DO UPDATE SET seen_at = excluded.seen_at, user_id = excluded.user_id) \
SELECT accounts.brake_release($1::jsonb)";

#[async_trait]
impl Counters for PostgresCounters {
    async fn take(&self, asked: &Asked, now: DateTime<Utc>) -> Result<Verdict, DbErr> {
        let Asked { buckets, recognition } = asked;
        let by_standing = json!({
            "stranger": described(&buckets.stranger),
            "familiar": described(&buckets.familiar),
            "device": described(&buckets.device),
        });
        let values: [Value; 6] = [
            by_standing.into(),
            now.into(),
            recognition.device.into(),
            recognition.account.clone().into(),
            listed(&recognition.networks).into(),
            (now - FAMILIAR).into(),
        ];
        let row = self.0.db().query_one_raw(statement(TAKE, values)).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("the brake said nothing".to_owned()))?;
        let wait: f64 = row.try_get("", "wait")?;
        if wait > 0.0 {
            return Ok(Verdict::Refused(whole_seconds(wait)));
        }
        let standing: String = row.try_get("", "standing")?;
        Ok(Verdict::Admitted(match standing.as_str() {
            "device" => Standing::Device,
            "familiar" => Standing::Familiar,
            _ => Standing::Stranger,
        }))
    }

    async fn give_back(&self, buckets: &[Bucket]) -> Result<(), DbErr> {
        let sql = "SELECT accounts.brake_release($1::jsonb)";
        self.0.db().execute_raw(statement(sql, [described(buckets).into()])).await?;
        Ok(())
    }

    async fn know(
        &self,
        user: UserId,
        device: Uuid,
        networks: Vec<Vec<u8>>,
        release: &[Bucket],
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let values: [Value; 5] =
            [described(release).into(), device.into(), user.0.into(), now.into(), listed(&networks).into()];
        self.0.db().execute_raw(statement(KNOW, values)).await?;
        Ok(())
    }
}

/// Forgets the devices and networks of a person.
pub(crate) async fn forget(db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    let sql = "WITH devices AS (DELETE FROM accounts.devices WHERE user_id = $1) \
               DELETE FROM accounts.familiar_networks WHERE user_id = $1";
    db.execute_raw(statement(sql, [user.0.into()])).await?;
    Ok(())
}

/// Deletes what is forgiven or forgotten by `now`; answers how many rows.
pub(crate) async fn sweep(system: &System<Schema>, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let mut rows = 0;
    for (sql, before) in [
        // Never in the way of an attempt, which locks several.
        (
            "DELETE FROM accounts.brake_buckets WHERE key IN \
             (SELECT key FROM accounts.brake_buckets WHERE counted_at < $1 FOR UPDATE SKIP LOCKED)",
            now - FORGIVEN,
        ),
        ("DELETE FROM accounts.familiar_networks WHERE seen_at < $1", now - FAMILIAR),
        ("DELETE FROM accounts.devices WHERE last_used_at < $1", now - KNOWN),
    ] {
        rows += system.db().execute_raw(statement(sql, [before.into()])).await?.rows_affected();
    }
    Ok(rows)
}

fn statement(sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

fn described(buckets: &[Bucket]) -> serde_json::Value {
    let each = buckets.iter().map(|Bucket { key, bounds }| {
        json!({ "key": hex::encode(key), "free": bounds.free, "first": bounds.first, "forgive": bounds.forgive })
    });
    each.collect()
}

fn listed(marks: &[Vec<u8>]) -> String {
    marks.iter().map(hex::encode).collect::<Vec<_>>().join(",")
}

/// Rounded up: who waits as long is let in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "bounded by the longest wait, and positive"
)]
fn whole_seconds(wait: f64) -> u64 {
    wait.ceil().clamp(1.0, 86_400.0) as u64
}
