//! What was mailed as proof: asked for, examined, ended. The rules that race are conditions of the statements.

use chrono::{DateTime, Utc};
use kernel::{db::System, ids::UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    Statement, Value, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    Schema,
    entity::proof::{Column, Entity, Model},
    proof::Purpose,
};

/// A mail to someone takes a minute since the one before, and there are five an hour and ten a day. `u` is the account
/// for which it is asked; `$2` the purpose, `$3` the address, `$4` the instant.
const SELDOM_ENOUGH: &str = "NOT EXISTS (SELECT FROM accounts.proofs p WHERE (p.email_key = $3 OR p.user_id = u.id) \
         AND p.purpose = $2 AND p.mailed_at > $4::timestamptz - interval '1 minute') \
     AND (SELECT coalesce(sum(p.mails), 0) FROM accounts.proofs p WHERE (p.email_key = $3 OR p.user_id = u.id) \
         AND p.purpose = $2 AND p.mailed_at > $4::timestamptz - interval '1 hour') < 5 \
     AND (SELECT coalesce(sum(p.mails), 0) FROM accounts.proofs p WHERE (p.email_key = $3 OR p.user_id = u.id) \
         AND p.purpose = $2 AND p.mailed_at > $4::timestamptz - interval '1 day') < 10";

/// The same for who has no account: no pause, because the first of two tries may be somebody else's.
const SELDOM_ENOUGH_FOR_NOBODY: &str = "(SELECT coalesce(sum(p.mails), 0) FROM accounts.proofs p \
         WHERE p.email_key = $3 AND p.purpose = $2 AND p.mailed_at > $4::timestamptz - interval '1 hour') < 5 \
     AND (SELECT coalesce(sum(p.mails), 0) FROM accounts.proofs p \
         WHERE p.email_key = $3 AND p.purpose = $2 AND p.mailed_at > $4::timestamptz - interval '1 day') < 10";

/// One that is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) id: Uuid,
    pub(crate) purpose: Purpose,
    /// The address, as it is unique.
    pub(crate) email_key: &'a str,
    pub(crate) now: DateTime<Utc>,
}

impl Asked<'_> {
    /// With a fresh id.
    pub(crate) fn new(purpose: Purpose, email_key: &str, now: DateTime<Utc>) -> Asked<'_> {
        Asked { id: kernel::ids::uuid_v7(now), purpose, email_key, now }
    }

    fn values(&self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.purpose.as_str().into(),
            self.email_key.into(),
            self.now.into(),
            (self.now + self.purpose.lifetime()).into(),
        ]
    }
}

fn sql(sql: impl Into<String>, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, sql, values)
}

/// Lets those who ask for one address in one at a time, until the transaction ends: they count what the others did.
pub(crate) async fn queue(db: &impl ConnectionTrait, email_key: &str) -> Result<(), DbErr> {
    let key = format!("proof of {email_key}");
    db.query_one_raw(sql("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", vec![key.into()])).await?;
    Ok(())
}

/// Asks for the account that has the address, if there is an active one and it is not asked too often; answers whether.
/// It is one statement whatever there is.
pub(crate) async fn ask_for_account(db: &impl ConnectionTrait, asked: Asked<'_>) -> Result<bool, DbErr> {
    let unless_proven = match asked.purpose {
        Purpose::EmailVerification => "AND u.email_verified_at IS NULL",
        _ => "",
    };
    let text = format!(
        "INSERT INTO accounts.proofs (id, purpose, user_id, email, email_key, mailed_at, created_at, expires_at) \
         SELECT $1, $2, u.id, u.email, u.email_key, $4, $4, $5 FROM accounts.users u \
         WHERE u.email_key = $3 AND u.status = 'active' {unless_proven} AND {SELDOM_ENOUGH}"
    );
    Ok(db.execute_raw(sql(text, asked.values())).await?.rows_affected() > 0)
}

/// Asks for another address of `user`; answers whether it is not asked too often.
pub(crate) async fn ask_for_change(
    db: &impl ConnectionTrait,
    asked: Asked<'_>,
    user: UserId,
    email: &str,
) -> Result<bool, DbErr> {
    let text = format!(
        "INSERT INTO accounts.proofs (id, purpose, user_id, email, email_key, mailed_at, created_at, expires_at) \
         SELECT $1, $2, u.id, $7, $3, $4, $4, $5 FROM (SELECT $6::uuid AS id) u WHERE {SELDOM_ENOUGH}"
    );
    let mut values = asked.values();
    values.extend([user.into(), email.into()]);
    Ok(db.execute_raw(sql(text, values)).await?.rows_affected() > 0)
}

/// Asks for an account to be.
pub(crate) async fn ask_for_nobody(db: &impl ConnectionTrait, asked: Asked<'_>, email: &str) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO accounts.proofs (id, purpose, email, email_key, mailed_at, created_at, expires_at) \
         SELECT $1, $2, $6, $3, $4, $4, $5 WHERE {SELDOM_ENOUGH_FOR_NOBODY}"
    );
    let mut values = asked.values();
    values.push(email.into());
    db.execute_raw(sql(text, values)).await?;
    Ok(())
}

/// The last that was asked for so and is still good is mailed once more, if that is not too often; answers which.
pub(crate) async fn mail_again(db: &impl ConnectionTrait, asked: Asked<'_>) -> Result<Option<Uuid>, DbErr> {
    let text = "UPDATE accounts.proofs SET mails = mails + 1, mailed_at = $3 WHERE id = \
           (SELECT id FROM accounts.proofs WHERE email_key = $2 AND purpose = $1 AND ended_at IS NULL \
            AND expires_at > $3 ORDER BY id DESC LIMIT 1) \
         AND mails < 5 AND mailed_at <= $3::timestamptz - interval '1 minute' RETURNING id";
    let values = vec![asked.purpose.as_str().into(), asked.email_key.into(), asked.now.into()];
    let row = db.query_one_raw(sql(text, values)).await?;
    row.map(|row| row.try_get("", "id")).transpose()
}

/// Keeps one that nobody had to ask for.
pub(crate) async fn insert(
    db: &impl ConnectionTrait,
    asked: Asked<'_>,
    user: UserId,
    email: &str,
) -> Result<(), DbErr> {
    let row = Model {
        id: asked.id,
        purpose: asked.purpose,
        user_id: Some(user),
        email: email.to_owned(),
        email_key: asked.email_key.to_owned(),
        tries: 0,
        mails: 1,
        mailed_at: asked.now,
        created_at: asked.now,
        expires_at: asked.now + asked.purpose.lifetime(),
        ended_at: None,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The last of these purposes that is good for the address, one guess poorer; none if there is none, or no guess left.
/// Of many at once each takes a guess of its own: the condition is looked at again under the row's lock.
pub(crate) async fn examine(
    db: &impl ConnectionTrait,
    purposes: &[Purpose],
    email_key: &str,
    now: DateTime<Utc>,
) -> Result<Option<Model>, DbErr> {
    let listed: Vec<String> = purposes.iter().map(|purpose| format!("'{}'", purpose.as_str())).collect();
    let text = format!(
        "UPDATE accounts.proofs SET tries = tries + 1 WHERE id = \
           (SELECT id FROM accounts.proofs WHERE email_key = $1 AND purpose IN ({}) AND ended_at IS NULL \
            AND expires_at > $2 ORDER BY id DESC LIMIT 1) \
         AND tries < 5 AND ended_at IS NULL RETURNING *",
        listed.join(", ")
    );
    Model::find_by_statement(sql(text, vec![email_key.into(), now.into()])).one(db).await
}

/// Gives a guess back that was right and used nothing up.
pub(crate) async fn give_back(db: &impl ConnectionTrait, id: Uuid) -> Result<(), DbErr> {
    let text = "UPDATE accounts.proofs SET tries = tries - 1 WHERE id = $1 AND tries > 0";
    db.execute_raw(sql(text, vec![id.into()])).await?;
    Ok(())
}

/// One that is still good.
pub(crate) async fn living(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<Option<Model>, DbErr> {
    let living = Entity::find_by_id(id).filter(Column::EndedAt.is_null()).filter(Column::ExpiresAt.gt(now));
    living.one(db).await
}

/// Uses one up; answers whether it was still good. Of many who try at once one does.
pub(crate) async fn end(db: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let ending = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now));
    Ok(ending.exec(db).await?.rows_affected > 0)
}

/// Makes all of these purposes worthless that someone still has.
pub(crate) async fn end_all(
    db: &impl ConnectionTrait,
    user: UserId,
    purposes: impl IntoIterator<Item = Purpose>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let ending = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::UserId.eq(user))
        .filter(Column::Purpose.is_in(purposes))
        .filter(Column::EndedAt.is_null());
    ending.exec(db).await?;
    Ok(())
}

/// Makes what came after a change of address worthless that is undone: to undo it, too, would be the thief's wish.
pub(crate) async fn end_later_undos(
    db: &impl ConnectionTrait,
    undone: &Model,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let later = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now))
        .filter(Column::UserId.eq(user))
        .filter(Column::Purpose.eq(Purpose::EmailUndo))
        .filter(Column::Id.gt(undone.id))
        .filter(Column::EndedAt.is_null());
    later.exec(db).await?;
    Ok(())
}

/// One, good or not.
pub(crate) async fn find(system: &System<Schema>, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(&system.db()).await
}

/// Deletes those that are over so long that no limit counts them any more; answers how many.
pub(crate) async fn sweep(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(&system.db()).await?.rows_affected)
}
