//! Queries for reports.

use chrono::{DateTime, Utc};
use kernel::guard::{Lookup, Scoped, Tx};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, DbBackend, DbErr, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, Select, SelectTwo, Statement, sea_query::Expr,
};
use serde::{Deserialize, Serialize};

use crate::{
    actions::{HandleReport, ImageRow, ListReports, ReportImage, ReportRow},
    entity::{
        image,
        report::{ActiveModel, Column, Entity, Model},
    },
    ids::ReportId,
    permissions::HANDLE_REPORTS,
};

/// A report's place in the list.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Key(pub(crate) DateTime<Utc>, pub(crate) ReportId);

/// The report of a path, with its image.
pub(crate) async fn find(lookup: &Lookup<'_>, id: ReportId) -> Result<Option<(Model, ImageRow)>, DbErr> {
    let found = Entity::find_by_id(id).find_also_related(image::Entity).one(&lookup.db()).await?;
    Ok(found.and_then(|(report, image)| Some((report, image?))))
}

/// A page of reports with their images, the oldest first.
pub(crate) async fn page(
    scoped: &Scoped<ListReports>,
    after: Option<Key>,
) -> Result<Vec<(Model, Option<ImageRow>)>, DbErr> {
    let beyond = after.map(|Key(at, id)| {
        let place = Expr::tuple([Expr::col(Column::CreatedAt.as_column_ref()), Expr::col(Column::Id.as_column_ref())]);
        place.gt(Expr::tuple([Expr::value(at), Expr::value(id)]))
    });
    let rows: SelectTwo<Entity, image::Entity> = listed(scoped)
        .filter(Condition::all().add_option(beyond))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(scoped.paging().limit() + 1)
        .find_also_related(image::Entity);
    rows.all(&scoped.db()).await
}

/// How many reports the list has, up to a cap.
pub(crate) async fn count(scoped: &Scoped<ListReports>) -> Result<u64, DbErr> {
    super::lists::count(&scoped.db(), listed(scoped).select_only().column(Column::Id)).await
}

fn listed(scoped: &Scoped<ListReports>) -> Select<Entity> {
    let (workspace, nobody) = (Expr::col(Column::WorkspaceId.as_column_ref()), Expr::value(false));
    let handled = scoped.reach(&HANDLE_REPORTS).condition(workspace, nobody.clone(), nobody);
    let asked = Condition::all()
        .add_option(scoped.filter().status.map(|status| Column::Status.eq(status)))
        .add_option(scoped.filter().image.map(|image| Column::ImageId.eq(image)));
    Entity::find().filter(handled).filter(asked)
}

/// Adds a report unless its reporter has an open one of this image; answers that which is there then, and whether it is
/// new. Two at once meet at the index: the second waits for the first, and finds it.
pub(crate) async fn open(tx: &Tx<'_, ReportImage>, row: Model) -> Result<Option<(Model, bool)>, DbErr> {
    let sql = "INSERT INTO gallery.reports \
            (id, workspace_id, image_id, reporter_id, reason_code, reason, status, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 'open', $7) \
        ON CONFLICT (workspace_id, image_id, reporter_id) WHERE status = 'open' DO NOTHING RETURNING *";
    let (workspace, image, reporter) = (row.workspace_id, row.image_id, row.reporter_id);
    let values = [
        row.id.into(),
        workspace.into(),
        image.into(),
        reporter.into(),
        row.reason_code.into(),
        row.reason.into(),
        row.created_at.into(),
    ];
    let added = Model::find_by_statement(Statement::from_sql_and_values(DbBackend::Postgres, sql, values));
    if let Some(added) = added.one(tx).await? {
        return Ok(Some((added, true)));
    }
    let there = Entity::find()
        .filter(Column::WorkspaceId.eq(workspace))
        .filter(Column::ImageId.eq(image))
        .filter(Column::ReporterId.eq(reporter))
        .filter(Column::Status.eq("open"));
    Ok(there.one(tx).await?.map(|there| (there, false)))
}

/// The report as it is now; nobody else handles it until the transaction ends.
pub(crate) async fn lock(tx: &Tx<'_, HandleReport>) -> Result<Option<Model>, DbErr> {
    let ReportRow { report, .. } = tx.permit().target();
    let found = Entity::find_by_id(report.id).filter(Column::WorkspaceId.eq(report.workspace_id));
    found.lock_exclusive().one(tx).await
}

/// Writes a locked report's changes.
pub(crate) async fn update(tx: &Tx<'_, HandleReport>, changed: ActiveModel) -> Result<Model, DbErr> {
    changed.update(tx).await
}
