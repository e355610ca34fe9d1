//! Codes for phone numbers, counted. Every rule is in a statement's own condition, which the row's lock makes others wait for.

use chrono::{DateTime, Utc};
use kernel::ids::UserId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, Statement,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    entity::phone_code::{Column, Entity, Model},
    ports::phone_codes::{Attempt, Begun, DAY, LIFETIME, PAUSE, PER_DAY, TRIES, Tried},
};

const BEGIN: &str = "INSERT INTO accounts.phone_codes AS held (user_id, attempt_id, phone, sent_at, expires_at, day_began) \
    VALUES ($1, $2, $3, $4, $5, $4) ON CONFLICT (user_id) DO UPDATE SET \
    attempt_id = excluded.attempt_id, phone = excluded.phone, sent_at = excluded.sent_at, \
    expires_at = excluded.expires_at, tries = 0, used_at = NULL, \
    day_began = CASE WHEN held.day_began <= $6 THEN excluded.day_began ELSE held.day_began END, \
    sent_today = CASE WHEN held.day_began <= $6 THEN 1 ELSE held.sent_today + 1 END \
    WHERE held.sent_at <= $7 AND (held.sent_today < $8 OR held.day_began <= $6)";

/// Begins an attempt if the counts allow it.
pub(crate) async fn begin(
    db: &impl ConnectionTrait,
    user: UserId,
    attempt: &Attempt,
    now: DateTime<Utc>,
) -> Result<Begun, DbErr> {
    let values = [
        user.into(),
        attempt.id.into(),
        attempt.phone.as_str().into(),
        now.into(),
        (now + LIFETIME).into(),
        (now - DAY).into(),
        (now - PAUSE).into(),
        PER_DAY.into(),
    ];
    let begun = db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, BEGIN, values)).await?;
    if begun.rows_affected() > 0 {
        return Ok(Begun::Yes);
    }
    let held = Entity::find_by_id(user).one(db).await?;
    let wait = held.map_or(PAUSE, |held| {
        let pause = held.sent_at + PAUSE - now;
        if held.sent_today < PER_DAY { pause } else { pause.max(held.day_began + DAY - now) }
    });
    Ok(Begun::TooSoon(wait))
}

/// Counts a try, if one is left of a code that is good.
pub(crate) async fn try_once(
    db: &impl ConnectionTrait,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<Tried>, DbErr> {
    let counted = Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .filter(Column::UserId.eq(user))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::Tries.lt(TRIES));
    let row = counted.exec_with_returning(db).await?.into_iter().next();
    Ok(row.map(|row| Tried { tries: row.tries, attempt: attempt_of(row) }))
}

/// Uses an attempt up, if nobody has.
pub(crate) async fn spend(
    db: &impl ConnectionTrait,
    user: UserId,
    attempt: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let spent = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::value(now))
        .filter(Column::UserId.eq(user))
        .filter(Column::AttemptId.eq(attempt))
        .filter(Column::UsedAt.is_null());
    Ok(spent.exec(db).await?.rows_affected > 0)
}

/// The attempt that is out and good still.
pub(crate) async fn current(
    db: &impl ConnectionTrait,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<Attempt>, DbErr> {
    let good = Entity::find_by_id(user).filter(Column::UsedAt.is_null()).filter(Column::ExpiresAt.gt(now));
    Ok(good.one(db).await?.map(attempt_of))
}

/// Forgets someone.
pub(crate) async fn forget(db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    Entity::delete_by_id(user).exec(db).await?;
    Ok(())
}

/// Deletes what limits nothing any more; answers how many rows.
pub(crate) async fn sweep(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<u64, DbErr> {
    let over = Entity::delete_many().filter(Column::SentAt.lt(now - DAY)).filter(Column::DayBegan.lt(now - DAY));
    Ok(over.exec(db).await?.rows_affected)
}

fn attempt_of(row: Model) -> Attempt {
    Attempt { id: row.attempt_id, phone: row.phone }
}
