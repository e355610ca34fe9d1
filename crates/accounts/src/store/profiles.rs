//! Profiles: found with their accounts, locked, changed, and sealed anew.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    guard::{Identified, Lookup, Tx},
    ids::UserId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Schema,
    entity::{
        profile::{Column, Entity, Model, Sealed},
        user,
    },
};

/// The profile of a target, with its account.
pub(crate) async fn find(lookup: &Lookup<'_>, id: UserId) -> Result<Option<(Model, user::Model)>, DbErr> {
    let found = Entity::find_by_id(id).find_also_related(user::Entity).one(&lookup.db()).await?;
    Ok(found.and_then(|(profile, user)| Some((profile, user?))))
}

/// The profile as it is now and stays until the transaction ends. Whatever decides about someone's onboarding holds it.
pub(crate) async fn lock<A: Identified>(tx: &Tx<'_, A>, id: UserId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// The account of a locked profile, as it is committed now.
pub(crate) async fn account_of<A: Identified>(tx: &Tx<'_, A>, id: UserId) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).one(tx).await
}

/// Writes a locked profile back, as its next version.
pub(crate) async fn update<A: Identified>(tx: &Tx<'_, A>, mut row: Model, now: DateTime<Utc>) -> Result<Model, DbErr> {
    row.version += 1;
    row.updated_at = now;
    row.into_active_model().reset_all().update(tx).await
}

/// Notes of a locked profile since when nothing is missing. It is no part of the profile that people edit, so the
/// version stays.
pub(crate) async fn note_onboarded<A: Identified>(
    tx: &Tx<'_, A>,
    id: UserId,
    since: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    let noted = Entity::update_many().col_expr(Column::OnboardedAt, Expr::value(since)).filter(Column::UserId.eq(id));
    noted.exec(tx).await?;
    Ok(())
}

/// Whether nothing is missing.
pub(crate) async fn is_onboarded(system: &System<Schema>, id: UserId) -> Result<bool, DbErr> {
    let onboarded = Entity::find_by_id(id).filter(Column::OnboardedAt.is_not_null());
    Ok(onboarded.one(&system.db()).await?.is_some())
}

/// Profiles with something that another secret sealed than the one with this mark, past `after`, at most `limit`.
pub(crate) async fn sealed_otherwise(
    system: &System<Schema>,
    mark: &[u8],
    after: Option<UserId>,
    limit: u64,
) -> Result<Vec<(UserId, Sealed)>, DbErr> {
    let mark = Expr::cust_with_values("substring(\"national_id\" from 2 for 4) <> $1", [mark.to_vec()]);
    let mut wanted = Entity::find()
        .select_only()
        .columns([Column::UserId, Column::NationalId])
        .filter(Column::NationalId.is_not_null())
        .filter(mark);
    if let Some(after) = after {
        wanted = wanted.filter(Column::UserId.gt(after));
    }
    wanted.order_by_asc(Column::UserId).limit(limit).into_tuple().all(&system.db()).await
}

/// Puts `new` where `old` still is; answers whether it was.
pub(crate) async fn reseal(system: &System<Schema>, id: UserId, old: &Sealed, new: Sealed) -> Result<bool, DbErr> {
    let replaced = Entity::update_many()
        .col_expr(Column::NationalId, Expr::value(new))
        .filter(Column::UserId.eq(id))
        .filter(Expr::col(Column::NationalId).eq(old.clone()));
    Ok(replaced.exec(&system.db()).await?.rows_affected > 0)
}
