//! Sessions: begun, listed, prolonged and ended.

use chrono::{DateTime, Utc};
use kernel::{
    db::System,
    guard::{Lookup, Permit, Public, Tx},
    ids::{SessionId, UserId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    Schema,
    actions::ListSessions,
    entity::session::{Column, Entity, Model},
};

/// Which sessions end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    /// This one of this person.
    One(UserId, SessionId),
    /// All of this person but this one.
    OthersThan(UserId, SessionId),
    /// All of this person.
    AllOf(UserId),
}

impl Ending {
    /// Whose they are.
    pub(crate) fn owner(self) -> UserId {
        match self {
            Self::One(user, _) | Self::OthersThan(user, _) | Self::AllOf(user) => user,
        }
    }
}

pub(crate) async fn insert(db: &impl ConnectionTrait, row: &Model) -> Result<(), DbErr> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

/// The session as it is now and stays until the transaction ends.
pub(crate) async fn lock(tx: &Tx<'_, Public<Schema>>, id: SessionId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// Writes a locked session back.
pub(crate) async fn update(tx: &Tx<'_, Public<Schema>>, row: Model) -> Result<(), DbErr> {
    row.into_active_model().reset_all().update(tx).await?;
    Ok(())
}

/// Ends sessions that still live; answers which did. The database tells every instance.
pub(crate) async fn end(
    db: &impl ConnectionTrait,
    ending: Ending,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, DbErr> {
    let (user, which) = match ending {
        Ending::One(user, session) => (user, Some(Column::Id.eq(session))),
        Ending::OthersThan(user, session) => (user, Some(Column::Id.ne(session))),
        Ending::AllOf(user) => (user, None),
    };
    let mut update = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(now))
        .filter(Column::UserId.eq(user))
        .filter(Column::RevokedAt.is_null());
    if let Some(which) = which {
        update = update.filter(which);
    }
    Ok(update.exec_with_returning(db).await?.into_iter().map(|row| row.id).collect())
}

/// Forgets from where an erased person signed in.
pub(crate) async fn blank(db: &impl ConnectionTrait, user: UserId) -> Result<(), DbErr> {
    let blanked = Entity::update_many()
        .col_expr(Column::UserAgent, Expr::value(Option::<String>::None))
        .col_expr(Column::Address, Expr::value(Option::<String>::None))
        .filter(Column::UserId.eq(user));
    blanked.exec(db).await?;
    Ok(())
}

/// The session's id, if it is the caller's and lives.
pub(crate) async fn is_own(lookup: &Lookup<'_>, id: SessionId) -> Result<Option<SessionId>, DbErr> {
    let own = Entity::find_by_id(id)
        .filter(Column::UserId.eq(lookup.caller().user))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(lookup.now()));
    Ok(own.one(&lookup.db()).await?.map(|row| row.id))
}

/// The caller's sessions that live, oldest first.
pub(crate) async fn of_caller(
    permit: &Permit<ListSessions>,
    after: Option<SessionId>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut own = Entity::find()
        .filter(Column::UserId.eq(permit.caller()))
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.gt(permit.now()));
    if let Some(after) = after {
        own = own.filter(Column::Id.gt(after));
    }
    own.order_by_asc(Column::Id).limit(limit).all(&permit.db()).await
}

/// Whether a session is known and not ended.
pub(crate) async fn lives(db: &impl ConnectionTrait, id: SessionId) -> Result<bool, DbErr> {
    let living = Entity::find_by_id(id).filter(Column::RevokedAt.is_null());
    Ok(living.one(db).await?.is_some())
}

/// A session, living or not.
pub(crate) async fn find(system: &System<Schema>, id: uuid::Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(SessionId(id)).one(&system.db()).await
}

/// The sessions that ended since `since`.
pub(crate) async fn ended_since(system: &System<Schema>, since: DateTime<Utc>) -> Result<Vec<SessionId>, DbErr> {
    let ended = Entity::find().select_only().column(Column::Id).filter(Column::RevokedAt.gte(since));
    ended.into_tuple().all(&system.db()).await
}

/// Deletes sessions that ended or expired before `before`, with their tokens; answers how many.
pub(crate) async fn sweep(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let over = Column::RevokedAt.lt(before).or(Column::ExpiresAt.lt(before));
    Ok(Entity::delete_many().filter(over).exec(&system.db()).await?.rows_affected)
}
