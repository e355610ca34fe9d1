//! Second factors and recovery codes. What must happen once happens by a condition in the statement that does it.

use chrono::{DateTime, Duration, Utc};
use kernel::{
    db::System,
    guard::{Permit, Tx},
    ids::{UserId, uuid_v7},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};

use crate::{
    Schema,
    actions::{ConfirmFactor, EnrolFactor, ViewFactors},
    entity::{recovery_code, second_factor},
};
use second_factor::{Column, Entity, Model};

/// Codes of an account that are looked at within [`WINDOW`] of the first wrong one, through whichever door.
const TRIES: i32 = 20;
const WINDOW: Duration = Duration::hours(1);

/// The caller's factor, confirmed or not, and how many recovery codes are left.
pub(crate) async fn of_caller(permit: &Permit<ViewFactors>) -> Result<(Option<Model>, u64), DbErr> {
    let factor = Entity::find_by_id(permit.caller()).one(&permit.db()).await?;
    Ok((factor, codes_left(&permit.db(), permit.caller()).await?))
}

/// The factor that somebody has confirmed.
pub(crate) async fn confirmed(db: &impl ConnectionTrait, user: UserId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(user).filter(Column::ConfirmedAt.is_not_null()).one(db).await
}

/// The factor that the caller is to confirm.
pub(crate) async fn to_confirm(tx: &Tx<'_, ConfirmFactor>) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(tx.permit().caller()).filter(Column::ConfirmedAt.is_null()).one(tx).await
}

/// Keeps a new secret of the caller's, in place of one that was never confirmed; answers whether it did.
pub(crate) async fn begin(tx: &Tx<'_, EnrolFactor>, secret: Vec<u8>) -> Result<bool, DbErr> {
    let (user, now) = (tx.permit().caller(), tx.permit().now());
    let row = Model {
        user_id: user,
        secret,
        confirmed_at: None,
        last_step: None,
        tries: 0,
        tries_since: now,
        created_at: now,
    };
    let unless_confirmed = OnConflict::column(Column::UserId)
        .update_columns([Column::Secret, Column::CreatedAt])
        .action_and_where(Expr::col((Entity, Column::ConfirmedAt)).is_null())
        .to_owned();
    let insertion = Entity::insert(row.into_active_model()).on_conflict(unless_confirmed);
    Ok(insertion.exec_without_returning(tx).await? > 0)
}

/// Confirms the factor that `row` is, with the step of its first code; of several who do it at once, one does.
pub(crate) async fn confirm(tx: &Tx<'_, ConfirmFactor>, row: &Model, step: i64) -> Result<bool, DbErr> {
    let now = tx.permit().now();
    let update = Entity::update_many()
        .col_expr(Column::ConfirmedAt, Expr::value(now))
        .col_expr(Column::LastStep, Expr::value(step))
        .col_expr(Column::Tries, Expr::value(0))
        .filter(Column::UserId.eq(row.user_id))
        .filter(Column::ConfirmedAt.is_null())
        .filter(Column::Secret.eq(row.secret.clone()));
    Ok(update.exec(tx).await?.rows_affected > 0)
}

/// Takes the code of a time step, unless it or a later one was taken before; answers whether it did.
pub(crate) async fn take_step(tx: &impl ConnectionTrait, user: UserId, step: i64) -> Result<bool, DbErr> {
    let update = Entity::update_many()
        .col_expr(Column::LastStep, Expr::value(step))
        .col_expr(Column::Tries, Expr::value(0))
        .filter(Column::UserId.eq(user))
        .filter(Column::ConfirmedAt.is_not_null())
        .filter(Column::LastStep.is_null().or(Column::LastStep.lt(step)));
    Ok(update.exec(tx).await?.rows_affected > 0)
}

/// Counts a try, before the code is looked at; answers whether it may be. Not in the transaction of what the code is
/// for: a wrong one rolls that back.
pub(crate) async fn take_try(system: &System<Schema>, user: UserId, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let is_over = || Expr::col(Column::TriesSince).lte(now - WINDOW);
    let update = Entity::update_many()
        .col_expr(Column::Tries, Expr::case(is_over(), Expr::value(1)).finally(Expr::col(Column::Tries).add(1)).into())
        .col_expr(
            Column::TriesSince,
            Expr::case(is_over(), Expr::value(now)).finally(Expr::col(Column::TriesSince)).into(),
        )
        .filter(Column::UserId.eq(user))
        .filter(Column::Tries.lt(TRIES).or(is_over()));
    Ok(update.exec(&system.db()).await?.rows_affected > 0)
}

/// Removes somebody's factor with its recovery codes; answers whether there was one that was confirmed.
pub(crate) async fn remove(tx: &impl ConnectionTrait, user: UserId) -> Result<bool, DbErr> {
    remove_since(tx, user, DateTime::UNIX_EPOCH).await
}

/// The same, of a factor that was confirmed at or after `since`.
pub(crate) async fn remove_since(tx: &impl ConnectionTrait, user: UserId, since: DateTime<Utc>) -> Result<bool, DbErr> {
    let removal = Entity::delete_many().filter(Column::UserId.eq(user)).filter(Column::ConfirmedAt.gte(since));
    Ok(removal.exec(tx).await?.rows_affected > 0)
}

/// Keeps these recovery codes in place of all others.
pub(crate) async fn replace_codes(
    tx: &impl ConnectionTrait,
    user: UserId,
    marks: Vec<Vec<u8>>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    recovery_code::Entity::delete_many().filter(recovery_code::Column::UserId.eq(user)).exec(tx).await?;
    let rows = marks
        .into_iter()
        .map(|mark| recovery_code::Model { id: uuid_v7(now), user_id: user, mark }.into_active_model());
    recovery_code::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Uses up the recovery code that one of these marks is of; of several who do it at once, one does.
pub(crate) async fn use_code(tx: &impl ConnectionTrait, user: UserId, marks: Vec<Vec<u8>>) -> Result<bool, DbErr> {
    let removal = recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::UserId.eq(user))
        .filter(recovery_code::Column::Mark.is_in(marks));
    Ok(removal.exec(tx).await?.rows_affected > 0)
}

/// How many recovery codes somebody has left.
pub(crate) async fn codes_left(db: &impl ConnectionTrait, user: UserId) -> Result<u64, DbErr> {
    recovery_code::Entity::find().filter(recovery_code::Column::UserId.eq(user)).count(db).await
}

/// Holds off whoever signs in while a factor comes or goes: they see it as it was or as it is, whole.
pub(crate) async fn hold_account(tx: &impl ConnectionTrait, user: UserId) -> Result<bool, DbErr> {
    let row = crate::entity::user::Entity::find_by_id(user).lock_exclusive().one(tx).await?;
    Ok(row.is_some())
}
