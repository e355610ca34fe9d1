//! Accounts: found, made, changed and erased, one at a time.

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::{Identified, Lookup, Permit, Public, Tx},
    ids::UserId,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    sea_query::OnConflict,
};

use crate::{
    Schema,
    actions::{ChangePassword, EditAccount, EditMe, SendPasswordMail},
    dto::AccountStatus,
    entity::{profile, proof, user},
};

/// What changes an account.
pub(crate) trait ChangesAccount: Identified {}
impl ChangesAccount for EditMe {}
impl ChangesAccount for EditAccount {}
impl ChangesAccount for ChangePassword {}
impl ChangesAccount for SendPasswordMail {}

/// By what someone signs in, as it is looked up.
pub(crate) enum LoginName {
    Email(String),
    Username(String),
}

impl LoginName {
    /// What was typed, folded.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Email(key) | Self::Username(key) => key,
        }
    }
}

/// The account of a target.
pub(crate) async fn find(lookup: &Lookup<'_>, id: UserId) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).one(&lookup.db()).await
}

/// The account that someone says is theirs.
pub(crate) async fn by_login(permit: &Permit<Public<Schema>>, name: LoginName) -> Result<Option<user::Model>, DbErr> {
    let named = match name {
        LoginName::Email(key) => user::Column::EmailKey.eq(key),
        LoginName::Username(key) => user::Column::Username.eq(key),
    };
    user::Entity::find().filter(named).one(&permit.db()).await
}

/// Whether the account still is as it was when its password was verified; it stays so until the transaction ends.
pub(crate) async fn still_signs_in(tx: &Tx<'_, Public<Schema>>, row: &user::Model) -> Result<bool, DbErr> {
    let same = user::Entity::find_by_id(row.id)
        .filter(user::Column::Status.eq(AccountStatus::Active))
        .filter(user::Column::PasswordHash.eq(row.password_hash.clone()))
        .lock_shared();
    Ok(same.one(tx).await?.is_some())
}

/// Whether someone may still be signed in; it stays so until the transaction ends.
pub(crate) async fn is_active(tx: &Tx<'_, Public<Schema>>, id: UserId) -> Result<bool, DbErr> {
    let active = user::Entity::find_by_id(id).filter(user::Column::Status.eq(AccountStatus::Active)).lock_shared();
    Ok(active.one(tx).await?.is_some())
}

/// Makes an account with its empty profile.
pub(crate) async fn insert(db: &impl ConnectionTrait, row: &user::Model) -> Result<(), DbErr> {
    user::Entity::insert(row.clone().into_active_model()).exec_without_returning(db).await?;
    insert_profile(db, row).await
}

/// Makes an account unless there is one with its e-mail address; answers whether it did.
pub(crate) async fn insert_if_new(db: &impl ConnectionTrait, row: &user::Model) -> Result<bool, DbErr> {
    let unless_known = OnConflict::column(user::Column::EmailKey).do_nothing().to_owned();
    let insertion = user::Entity::insert(row.clone().into_active_model()).on_conflict(unless_known);
    let is_new = insertion.exec_without_returning(db).await? > 0;
    if is_new {
        insert_profile(db, row).await?;
    }
    Ok(is_new)
}

async fn insert_profile(db: &impl ConnectionTrait, row: &user::Model) -> Result<(), DbErr> {
    let empty = profile::Model {
        user_id: row.id,
        bio: String::new(),
        description: String::new(),
        locale: None,
        timezone: None,
        avatar_emoji: None,
        avatar_color: None,
        national_id: None,
        phone: None,
        phone_confirmed_at: None,
        avatar_image: None,
        avatar_hash: None,
        avatar_type: None,
        onboarded_at: None,
        version: 1,
        updated_at: row.created_at,
    };
    profile::Entity::insert(empty.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The account as it is now and stays until the transaction ends.
pub(crate) async fn lock<A: ChangesAccount>(tx: &Tx<'_, A>, id: UserId) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Writes a locked account back, as its next version.
pub(crate) async fn update<A: ChangesAccount>(
    tx: &Tx<'_, A>,
    row: user::Model,
    now: DateTime<Utc>,
) -> Result<user::Model, DbErr> {
    next_version(tx, row, now).await
}

async fn next_version(
    db: &impl ConnectionTrait,
    mut row: user::Model,
    now: DateTime<Utc>,
) -> Result<user::Model, DbErr> {
    row.version += 1;
    row.updated_at = now;
    row.into_active_model().reset_all().update(db).await
}

/// The account that a proof is of.
pub(crate) async fn of_proof(
    permit: &Permit<Public<Schema>>,
    proof: &proof::Model,
) -> Result<Option<user::Model>, DbErr> {
    let Some(user) = proof.user_id else { return Ok(None) };
    user::Entity::find_by_id(user).one(&permit.db()).await
}

/// The account as it is now and stays until the transaction ends, for who proved by mail that it is theirs.
pub(crate) async fn lock_publicly(tx: &Tx<'_, Public<Schema>>, id: UserId) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Writes such an account back, as its next version.
pub(crate) async fn write(
    tx: &Tx<'_, Public<Schema>>,
    row: user::Model,
    now: DateTime<Utc>,
) -> Result<user::Model, DbErr> {
    next_version(tx, row, now).await
}

/// Whether someone has the address.
pub(crate) async fn email_is_taken(db: &impl ConnectionTrait, key: &str) -> Result<bool, DbErr> {
    Ok(user::Entity::find().filter(user::Column::EmailKey.eq(key)).one(db).await?.is_some())
}

/// Erases an account and its profile; answers whether there was one. Done before its sessions are ended: a sign-in that
/// holds the account is waited for, and one that comes later doesn't find it.
pub(crate) async fn erase(tx: &SystemTx<'_>, id: UserId) -> Result<bool, DbErr> {
    Ok(user::Entity::delete_by_id(id).exec(tx).await?.rows_affected > 0)
}
