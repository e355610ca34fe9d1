//! The queries about notifications. Each names the person that it is about, and the workspaces that may be read.

use chrono::{DateTime, Utc};
use kernel::{
    db::{System, SystemTx},
    guard::{Lookup, Permit, Tx},
    ids::{UserId, WorkspaceId},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Set, Statement,
    sea_query::{Expr, SimpleExpr},
};

use super::{
    kinds::Kind,
    notice::{Notice, NotificationId},
};
use crate::{
    Schema,
    actions::{CountUnread, FollowEvents, MarkAllAsRead, MarkAsRead, ViewNotifications},
    entity::notifications::{Column, Entity, Model},
    targets::Within,
};

/// Tells `users` something, each once, by the channels that they want; answers who is to get it by mail and didn't before.
/// One statement. Everybody's feed is locked until the transaction ends, in one order: batches never wait for each other
/// in a circle.
pub(super) async fn deliver(
    tx: &SystemTx<'_>,
    (notice, kind): (&Notice, &Kind),
    users: &[UserId],
) -> Result<Vec<NotificationId>, DbErr> {
    let sql = "WITH wanted AS ( \
            SELECT person.user_id, person.id, coalesce(shown.is_on, $3) AS in_app, coalesce(mailed.is_on, $4) AS mail \
            FROM unnest($1::uuid[], $2::uuid[]) AS person (user_id, id) \
            LEFT JOIN activity.preferences shown \
                ON shown.user_id = person.user_id AND shown.kind = $5 AND shown.channel = 'in_app' \
            LEFT JOIN activity.preferences mailed \
                ON mailed.user_id = person.user_id AND mailed.kind = $5 AND mailed.channel = 'mail' \
            WHERE NOT EXISTS (SELECT FROM activity.notifications known \
                WHERE known.user_id = person.user_id AND known.cause = $6) \
        ), placed AS ( \
            INSERT INTO activity.feeds AS feed (user_id, last) \
            SELECT user_id, 1 FROM wanted WHERE in_app OR mail ORDER BY user_id \
            ON CONFLICT (user_id) DO UPDATE SET last = feed.last + 1 RETURNING feed.user_id, feed.last \
        ), told AS ( \
            INSERT INTO activity.notifications (id, workspace_id, user_id, seq, kind, cause, subject_kind, subject_id, \
                title, body, data, in_app, mail, created_at) \
            SELECT wanted.id, $7, wanted.user_id, placed.last, $5, $6, $8, $9, $10, $11, $12, wanted.in_app, wanted.mail, \
                $13 \
            FROM wanted JOIN placed USING (user_id) ON CONFLICT DO NOTHING RETURNING id, mail \
        ) SELECT id FROM told WHERE mail ORDER BY id";
    let people: Vec<uuid::Uuid> = users.iter().map(|user| user.0).collect();
    let ids: Vec<uuid::Uuid> = users.iter().map(|user| NotificationId::of(notice.cause, *user, notice.at).0).collect();
    let values = [
        people.into(),
        ids.into(),
        kind.in_app.into(),
        kind.mail.unwrap_or_default().into(),
        notice.kind.clone().into(),
        notice.cause.into(),
        notice.workspace.into(),
        notice.subject_kind.clone().into(),
        notice.subject_id.into(),
        notice.title.clone().into(),
        notice.body.clone().into(),
        notice.data.clone().into(),
        notice.at.into(),
    ];
    let rows = tx.query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
    rows.iter().map(|row| row.try_get("", "id").map(NotificationId)).collect()
}

/// The notification that a path names.
pub(crate) async fn find(lookup: &Lookup<'_>, id: NotificationId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::InApp.eq(true)).one(&lookup.db()).await
}

/// What is shown of one person's.
fn shown(user: UserId, within: &Within) -> Condition {
    // Said as the indexes say it: a parameter would be true only when it is run.
    let all = Condition::all().add(Column::UserId.eq(user.0)).add(Expr::col((Entity, Column::InApp)));
    match within {
        Within::Anywhere => all,
        Within::These(workspaces) => all.add(is_from(workspaces)),
    }
}

fn is_from(workspaces: &[WorkspaceId]) -> SimpleExpr {
    Column::WorkspaceId.is_in(workspaces.iter().map(|workspace| workspace.0))
}

/// A page of somebody's, newest first: older than `after`.
pub(super) async fn page(
    permit: &Permit<ViewNotifications>,
    unread: Option<bool>,
    after: Option<i64>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let target = permit.target();
    Entity::find()
        .filter(shown(target.user, &target.within))
        .filter(
            Condition::all()
                .add_option(unread.map(
                    |unread| {
                        if unread { Column::ReadAt.is_null() } else { Column::ReadAt.is_not_null() }
                    },
                ))
                .add_option(after.map(|after| Column::Seq.lt(after))),
        )
        .order_by_desc(Column::Seq)
        .limit(limit)
        .all(&permit.db())
        .await
}

/// How many of one's own aren't read.
pub(super) async fn unread(permit: &Permit<CountUnread>) -> Result<i64, DbErr> {
    let counted = Entity::find()
        .select_only()
        .column_as(Expr::cust("count(*)"), "unread")
        .filter(shown(permit.caller(), &Within::These(permit.target().viewed.clone())))
        .filter(Column::ReadAt.is_null());
    Ok(counted.into_tuple().one(&permit.db()).await?.unwrap_or_default())
}

/// Marks the one as read, unless it is; answers it as it is then.
pub(super) async fn mark(tx: &Tx<'_, MarkAsRead>) -> Result<Option<Model>, DbErr> {
    let known = &tx.permit().target().0;
    let locked = Entity::find_by_id(known.id)
        .filter(Column::WorkspaceId.eq(known.workspace_id.0))
        .lock_exclusive()
        .one(tx)
        .await?;
    let Some(row) = locked else { return Ok(None) };
    if row.read_at.is_some() {
        return Ok(Some(row));
    }
    let mut changed = row.into_active_model();
    changed.read_at = Set(Some(tx.permit().now()));
    changed.update(tx).await.map(Some)
}

/// The place of one of the caller's own.
pub(super) async fn place(tx: &Tx<'_, MarkAllAsRead>, id: NotificationId) -> Result<Option<i64>, DbErr> {
    let permit = tx.permit();
    Entity::find_by_id(id)
        .select_only()
        .column(Column::Seq)
        .filter(shown(permit.caller(), &Within::These(permit.target().marked.clone())))
        .into_tuple()
        .one(tx)
        .await
}

/// Marks one's own as read, as far as `up_to`; answers how many weren't.
pub(super) async fn mark_all(tx: &Tx<'_, MarkAllAsRead>, up_to: Option<i64>) -> Result<u64, DbErr> {
    let permit = tx.permit();
    let marked = Entity::update_many()
        .col_expr(Column::ReadAt, Expr::value(permit.now()))
        .filter(shown(permit.caller(), &Within::These(permit.target().marked.clone())))
        .filter(Column::ReadAt.is_null())
        .filter(Condition::all().add_option(up_to.map(|up_to| Column::Seq.lte(up_to))))
        .exec(tx)
        .await?;
    Ok(marked.rows_affected)
}

/// Where one's own end. What comes later comes after it.
pub(crate) async fn end(permit: &Permit<FollowEvents>) -> Result<i64, DbErr> {
    let sql = "SELECT last FROM activity.feeds WHERE user_id = $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [permit.caller().into()]);
    permit.db().query_one_raw(statement).await?.map_or(Ok(0), |row| row.try_get("", "last"))
}

/// One's own after a place, oldest first.
pub(crate) async fn since(permit: &Permit<FollowEvents>, after: i64, limit: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(shown(permit.caller(), &Within::These(permit.target().viewed.clone())))
        .filter(Column::Seq.gt(after))
        .order_by_asc(Column::Seq)
        .limit(limit)
        .all(&permit.db())
        .await
}

/// Those that are to be mailed, of these.
pub(super) async fn to_mail(system: &System<Schema>, ids: &[NotificationId]) -> Result<Vec<Model>, DbErr> {
    let ids = ids.iter().map(|id| id.0);
    Entity::find().filter(Column::Id.is_in(ids)).filter(Column::Mail.eq(true)).all(&system.db()).await
}

/// Forgets everything of a person.
pub(super) async fn forget(tx: &SystemTx<'_>, user: UserId) -> Result<(), DbErr> {
    for table in ["notifications", "preferences", "feeds"] {
        let sql = format!("DELETE FROM activity.{table} WHERE user_id = $1");
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, [user.into()])).await?;
    }
    Ok(())
}

/// Forgets what was told before `before`; answers how many there were.
pub(super) async fn forget_old(system: &System<Schema>, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let sql = "/* hourly */ DELETE FROM activity.notifications WHERE created_at < $1";
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [before.into()]);
    Ok(system.db().execute_raw(statement).await?.rows_affected())
}
