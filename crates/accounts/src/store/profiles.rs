//! Profiles: found with their accounts, locked, changed.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    guard::{Identified, Lookup, Tx},
    ids::UserId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr,
};

use crate::{
    Schema,
    entity::{
        profile::{Column, Entity, Model},
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
