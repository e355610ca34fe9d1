//! Rows of projects: made, changed, deleted, counted.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use kernel::{
    db::SystemTx,
    guard::Tx,
    ids::{ProjectId, UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QuerySelect, Statement, sea_query::OnConflict,
};

use crate::{
    actions::{ChangeOwner, CreateProject, DeleteProject, EditProject, Switches},
    content::Content,
    entity::{
        members,
        projects::{ActiveModel, Column, Entity, Model},
    },
};

/// A project to be.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) id: ProjectId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) owner: UserId,
    pub(crate) content: Content,
    pub(crate) at: DateTime<Utc>,
}

/// Writes a new project; `None` if the workspace has its key already.
pub(crate) async fn insert(tx: &Tx<'_, CreateProject>, draft: Draft) -> Result<Option<Model>, DbErr> {
    insert_unless_taken(tx, Draft { workspace: tx.permit().workspace(), ..draft }).await
}

/// Writes a project of the program's own making, unless the workspace has its key; answers the project of that key, and
/// whether it is new.
pub(crate) async fn ensure(tx: &SystemTx<'_>, draft: Draft) -> Result<(Model, bool), DbErr> {
    let (workspace, key) = (draft.workspace, draft.content.key.clone());
    if let Some(row) = insert_unless_taken(tx, draft).await? {
        return Ok((row, true));
    }
    let known = Entity::find().filter(Column::WorkspaceId.eq(workspace)).filter(Column::Key.eq(&key)).one(tx).await?;
    known.map(|row| (row, false)).ok_or_else(|| DbErr::RecordNotFound(format!("project {key}")))
}

/// A project of a workspace, locked until the transaction ends.
pub(crate) async fn project_of(tx: &SystemTx<'_>, workspace: WorkspaceId, project: ProjectId) -> Result<Model, DbErr> {
    let row = Entity::find_by_id(project).filter(Column::WorkspaceId.eq(workspace)).lock_exclusive().one(tx).await?;
    row.ok_or_else(|| DbErr::RecordNotFound(format!("project {project}")))
}

async fn insert_unless_taken(db: &impl ConnectionTrait, draft: Draft) -> Result<Option<Model>, DbErr> {
    let Draft { id, workspace, owner, content, at } = draft;
    let row = ActiveModel {
        id: Set(id),
        workspace_id: Set(workspace),
        owner_id: Set(owner),
        is_active: Set(true),
        version: Set(1),
        created_at: Set(at),
        updated_at: Set(at),
        ..with_content(<ActiveModel as Default>::default(), &content)
    };
    let key = OnConflict::columns([Column::WorkspaceId, Column::Key]).do_nothing().to_owned();
    // As many rows as were inserted, one or none; asked for one, SeaORM takes none for an error.
    let mut inserted = Entity::insert_many([row]).on_conflict(key).exec_with_returning(db).await?;
    Ok(inserted.pop())
}

fn with_content(row: ActiveModel, content: &Content) -> ActiveModel {
    let avatar = content.avatar.clone();
    let (emoji, color) = avatar.map(|avatar| (avatar.emoji, avatar.color)).unzip();
    ActiveModel {
        key: Set(content.key.clone()),
        name: Set(content.name.clone()),
        description: Set(content.description.clone()),
        is_public: Set(content.is_public),
        is_billable: Set(content.is_billable),
        avatar_emoji: Set(emoji),
        avatar_color: Set(color),
        ..row
    }
}

/// Writes the fields of a locked project.
pub(crate) async fn save_content(tx: &Tx<'_, EditProject>, row: Model, content: &Content) -> Result<Model, DbErr> {
    with_content(next_version(row, tx.permit().now()), content).update(tx).await
}

/// Switches a locked project on or off.
pub(crate) async fn switch<A: Switches>(tx: &Tx<'_, A>, row: Model) -> Result<Model, DbErr> {
    let row = next_version(row, tx.permit().now());
    ActiveModel { is_active: Set(A::TO_ACTIVE), ..row }.update(tx).await
}

/// Gives a locked project another owner.
pub(crate) async fn save_owner(tx: &Tx<'_, ChangeOwner>, row: Model, owner: UserId) -> Result<Model, DbErr> {
    let row = next_version(row, tx.permit().now());
    ActiveModel { owner_id: Set(owner), ..row }.update(tx).await
}

fn next_version(row: Model, now: DateTime<Utc>) -> ActiveModel {
    let version = row.version + 1;
    ActiveModel { version: Set(version), updated_at: Set(now), ..row.into_active_model() }
}

/// Deletes a locked project; answers who took part in it.
pub(crate) async fn delete(tx: &Tx<'_, DeleteProject>, row: &Model) -> Result<Vec<UserId>, DbErr> {
    let parts = members::Entity::delete_many()
        .filter(members::Column::WorkspaceId.eq(row.workspace_id))
        .filter(members::Column::ProjectId.eq(row.id))
        .exec_with_returning(tx)
        .await?;
    Entity::delete_many()
        .filter(Column::WorkspaceId.eq(row.workspace_id))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    Ok(parts.into_iter().map(|part| part.user_id).collect())
}

/// Lets nobody else count and create projects of `owner` in the workspace until the transaction ends.
pub(crate) async fn lock_ownership(tx: &Tx<'_, CreateProject>, owner: UserId) -> Result<(), DbErr> {
    lock_name(tx, format!("project owner {} {owner}", tx.permit().workspace())).await
}

/// How many projects `owner` has in the workspace. Exact under [`lock_ownership`].
pub(crate) async fn count_owned(tx: &Tx<'_, CreateProject>, owner: UserId) -> Result<u64, DbErr> {
    let workspace = tx.permit().workspace();
    Entity::find().filter(Column::WorkspaceId.eq(workspace)).filter(Column::OwnerId.eq(owner)).count(tx).await
}

/// How many projects a locked project's workspace has of `owner`, whom nobody gets or creates another for until the transaction
/// ends: the lock is that of [`lock_ownership`].
pub(crate) async fn count_before_handover(tx: &Tx<'_, ChangeOwner>, row: &Model, owner: UserId) -> Result<u64, DbErr> {
    let workspace = row.workspace_id;
    lock_name(tx, format!("project owner {workspace} {owner}")).await?;
    Entity::find().filter(Column::WorkspaceId.eq(workspace)).filter(Column::OwnerId.eq(owner)).count(tx).await
}

/// Lets nobody else count and create projects of the workspace until the transaction ends. Taken before
/// [`lock_ownership`], where both are.
pub(crate) async fn lock_workspace(tx: &Tx<'_, CreateProject>) -> Result<(), DbErr> {
    lock_name(tx, format!("projects of {}", tx.permit().workspace())).await
}

/// How many projects the workspace has. Exact under [`lock_workspace`].
pub(crate) async fn count_all(tx: &Tx<'_, CreateProject>) -> Result<u64, DbErr> {
    Entity::find().filter(Column::WorkspaceId.eq(tx.permit().workspace())).count(tx).await
}

/// Lets nobody else make keys of `stem` in the workspace until the transaction ends.
pub(crate) async fn lock_keys(tx: &Tx<'_, CreateProject>, stem: &str) -> Result<(), DbErr> {
    lock_name(tx, format!("project key {} {stem}", tx.permit().workspace())).await
}

/// The keys of the workspace that begin with `stem`, which is letters and digits.
pub(crate) async fn taken_keys(tx: &Tx<'_, CreateProject>, stem: &str) -> Result<HashSet<String>, DbErr> {
    let keys: Vec<String> = Entity::find()
        .select_only()
        .column(Column::Key)
        .filter(Column::WorkspaceId.eq(tx.permit().workspace()))
        .filter(Column::Key.starts_with(stem))
        .into_tuple()
        .all(tx)
        .await?;
    Ok(keys.into_iter().collect())
}

async fn lock_name(db: &impl ConnectionTrait, name: String) -> Result<(), DbErr> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    db.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()])).await?;
    Ok(())
}
