//! Stretches of the log, newest first: one statement each.

use kernel::{
    db::System,
    guard::{Permit, Tenant},
    ids::{UserId, WorkspaceId},
    trail::{Mark, Stretch},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    Schema,
    actions::ViewAudit,
    dto::ResourceRef,
    entity::events::{Column, Entity, Model},
};

/// What is asked of a workspace's log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) actor: Option<UserId>,
    pub(crate) action: Option<String>,
    pub(crate) resource: Option<ResourceRef>,
}

/// What happened in the permit's workspace.
pub(crate) async fn of_workspace(
    permit: &Permit<ViewAudit>,
    asked: &Asked,
    stretch: &Stretch,
) -> Result<Vec<Model>, DbErr> {
    let Asked { actor, action, resource } = asked;
    let condition = Condition::all()
        .add(Column::WorkspaceId.eq(permit.target().workspace().0))
        .add_option(actor.map(|actor| Column::ActorId.eq(actor)))
        .add_option(action.as_deref().map(is_action))
        .add_option(resource.as_ref().map(|resource| match resource {
            ResourceRef::Id(id) => Column::ResourceId.eq(*id),
            ResourceRef::Kind(kind) => Column::ResourceKind.eq(kind),
        }));
    read(&permit.db(), condition, stretch).await
}

/// A whole action, or all whose part before the dot it is.
fn is_action(action: &str) -> SimpleExpr {
    if action.contains('.') {
        return Column::Action.eq(action);
    }
    // As a range, which an index leads to: `/` comes after `.`.
    Column::Action.gte(format!("{action}.")).and(Column::Action.lt(format!("{action}/")))
}

/// What happened to one thing of a workspace.
pub(crate) async fn of_resource(
    system: &System<Schema>,
    workspace: WorkspaceId,
    (kind, id): (&str, Uuid),
    stretch: &Stretch,
) -> Result<Vec<Model>, DbErr> {
    let condition = Condition::all()
        .add(Column::WorkspaceId.eq(workspace.0))
        .add(Column::ResourceId.eq(id))
        .add(Column::ResourceKind.eq(kind));
    read(&system.db(), condition, stretch).await
}

/// What somebody did: in these workspaces, or anywhere.
pub(crate) async fn of_person(
    system: &System<Schema>,
    user: UserId,
    among: Option<&[WorkspaceId]>,
    stretch: &Stretch,
) -> Result<Vec<Model>, DbErr> {
    let condition = Condition::all()
        .add(Column::ActorId.eq(user))
        .add_option(among.map(|among| Column::WorkspaceId.is_in(among.iter().map(|workspace| workspace.0))));
    read(&system.db(), condition, stretch).await
}

async fn read(db: &impl ConnectionTrait, condition: Condition, stretch: &Stretch) -> Result<Vec<Model>, DbErr> {
    let is_older = |Mark(at, id): Mark| {
        let row = Expr::tuple([Expr::col((Entity, Column::At)), Expr::col((Entity, Column::Id))]);
        row.lt(Expr::tuple([Expr::value(at), Expr::value(id)]))
    };
    Entity::find()
        .filter(condition)
        .filter(
            Condition::all()
                .add_option(stretch.span.from.map(|from| Column::At.gte(from)))
                .add_option(stretch.span.to.map(|to| Column::At.lt(to)))
                .add_option(stretch.after.map(is_older)),
        )
        .order_by_desc(Column::At)
        .order_by_desc(Column::Id)
        .limit(stretch.limit)
        .all(db)
        .await
}
