//! The rows of a list: one statement a page, whatever the filters, and one that counts.

use sea_orm::{
    Condition, ConnectionTrait, DbBackend, DbErr, EntityTrait, ExprTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, Query, SelectStatement, SimpleExpr},
};
use uuid::Uuid;

use super::{
    search::Search,
    sorting::{Listed, Position, Sorting},
};
use crate::ids::WorkspaceId;

/// The rows that are counted at most.
const COUNT_CAP: u64 = 10_000;

/// What the statement calls what was found by a search.
const FOUND: &str = "found";

/// A row, with how well it matches what was searched for; zero where nothing was.
pub struct Ranked<E: EntityTrait> {
    /// The row.
    pub row: E::Model,
    pub(super) score: i32,
}

impl<E: EntityTrait> std::fmt::Debug for Ranked<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ranked").field("row", &self.row).field("score", &self.score).finish()
    }
}

impl<E: EntityTrait> FromQueryResult for Ranked<E> {
    fn from_query_result(result: &QueryResult, prefix: &str) -> Result<Self, DbErr> {
        let row = E::Model::from_query_result(result, prefix)?;
        Ok(Self { row, score: result.try_get(prefix, "score")? })
    }
}

/// The rows that are wanted, in no order yet.
#[derive(Debug)]
pub struct Rows<E: Listed> {
    select: Select<E>,
    is_searched: bool,
}

impl<E: Listed> Rows<E> {
    /// The rows for which `condition` holds: what the caller may see, of that what they asked for.
    pub fn of(condition: Condition) -> Self {
        Self { select: E::find().filter(condition), is_searched: false }
    }

    /// Of those what `search` finds, if there is one; `places` are the workspaces in which rows may lie, none where
    /// that is not bounded.
    #[must_use]
    pub fn found_by(mut self, search: Option<&Search>, places: Option<&[WorkspaceId]>) -> Self {
        if let Some(search) = search {
            let is_row = Expr::col((FOUND, "id")).equals((E::default(), E::ID));
            let found = found(E::SEARCH, search, places);
            QueryTrait::query(&mut self.select).join_subquery(JoinType::InnerJoin, found, FOUND, is_row);
            self.is_searched = true;
        }
        self
    }

    /// The next `limit` rows after `after`, sorted by `sort`.
    pub async fn page(
        self,
        db: &impl ConnectionTrait,
        sort: &str,
        after: Option<Position>,
        limit: u64,
    ) -> Result<Vec<Ranked<E>>, DbErr> {
        self.in_order(sort, after).limit(limit).into_model().all(db).await
    }

    /// How many there are in all, up to a cap.
    pub async fn count(self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        count(db, self.select).await
    }

    fn in_order(self, sort: &str, after: Option<Position>) -> Select<E> {
        let (is_searched, sorting) = (self.is_searched, Sorting::<E>::by(sort));
        let beyond = after.map(|after| sorting.is_beyond(is_searched, after));
        let mut rows = self.select.expr_as(score(is_searched), "score").filter(Condition::all().add_option(beyond));
        if sorting.discerns(is_searched) {
            rows = rows.order_by(sorting.expression(is_searched), sorting.order.clone());
        }
        rows.order_by(E::ID, sorting.order)
    }
}

/// How many rows a list has in all, up to a cap.
pub async fn count<E: EntityTrait>(db: &impl ConnectionTrait, rows: Select<E>) -> Result<u64, DbErr> {
    #[derive(FromQueryResult)]
    struct Count {
        rows: i64,
    }
    let rows = rows.select_only().expr(Expr::value(1)).limit(COUNT_CAP);
    let mut count = Query::select();
    count.expr_as(Expr::cust("count(*)"), "rows").from_subquery(rows.into_query(), "listed");
    let counted = Count::find_by_statement(DbBackend::Postgres.build(&count)).one(db).await?;
    Ok(counted.map_or(0, |counted| u64::try_from(counted.rows).unwrap_or_default()))
}

pub(super) fn score(is_searched: bool) -> SimpleExpr {
    if is_searched { Expr::col((FOUND, "score")) } else { Expr::value(0) }
}

/// What a search finds, each row once, with its score.
fn found(function: &'static str, search: &Search, places: Option<&[WorkspaceId]>) -> SelectStatement {
    let places = match places {
        None => Expr::cust("NULL::uuid[]"),
        Some(workspaces) => Expr::value(workspaces.iter().map(|workspace| workspace.0).collect::<Vec<Uuid>>()),
    };
    let call = Func::cust(function).arg(places).arg(Expr::value(search.words().to_vec()));
    Query::select().column("id").column("score").from_function(call, "searched").to_owned()
}

/// A row of one of these workspaces. A single one stands alone, so that the planner sees an equality.
pub fn is_among(workspace: SimpleExpr, workspaces: &[WorkspaceId]) -> SimpleExpr {
    match workspaces {
        [only] => workspace.eq(only.0),
        several => workspace.is_in(several.iter().map(|id| id.0)),
    }
}

#[cfg(test)]
pub(super) mod examples {
    //! Rows of an imagined table.

    use chrono::{DateTime, Utc};
    use sea_orm::entity::prelude::*;

    use crate::listing::{Key, Listed};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(schema_name = "craft", table_name = "pots")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: Uuid,
        pub(crate) title: String,
        pub(crate) created_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Listed for Entity {
        const ID: Column = Column::Id;
        const KEYS: &'static [(&'static str, Key<Self>)] = &[
            ("created_at", Key::Time(Column::CreatedAt, |row: &Model| row.created_at)),
            ("title", Key::Text(Column::Title, |row: &Model| &row.title)),
        ];
        const SEARCH: &'static str = "craft.search";

        fn id(row: &Model) -> Uuid {
            row.id
        }
    }

    pub(crate) fn row(title: &str, id: u128) -> Model {
        Model { id: Uuid::from_u128(id), title: title.to_owned(), created_at: DateTime::UNIX_EPOCH }
    }
}

#[cfg(test)]
mod tests {
    use super::{examples::*, *};

    /// The statement of a page from its score on, with short names.
    fn page(sort: &str, after: Option<&Ranked<Entity>>, search: Option<&str>) -> String {
        let search = search.map(|text| Search::try_from(text.to_owned()).unwrap());
        let here = [WorkspaceId(Uuid::nil())];
        let rows = Rows::<Entity>::of(Condition::all().add(Expr::cust("seen"))).found_by(search.as_ref(), Some(&here));
        let rows = rows.in_order(sort, after.map(|ranked| Position::of(ranked, sort)));
        let sql = rows.build(DbBackend::Postgres).to_string();
        let (_, sql) = sql.split_once("\"created_at\", ").unwrap();
        let sql = sql.replace('"', "").replace("00000000-0000-0000-0000-00000000000", "").replace("craft.pots", "pots");
        sql.replace("(seen)", "seen")
    }

    #[test]
    fn a_page_begins_behind_the_last_row_of_the_one_before() {
        let last = Ranked { row: row("b", 3), score: 750 };
        let from = "0 AS score FROM pots WHERE seen";
        assert_eq!(page("title", None, None), format!("{from} ORDER BY pots.title ASC, pots.id ASC"));
        assert_eq!(
            page("title", Some(&last), None),
            format!("{from} AND (pots.title, pots.id) > ('b', '3') ORDER BY pots.title ASC, pots.id ASC")
        );
        assert_eq!(
            page("-title", Some(&last), None),
            format!("{from} AND (pots.title, pots.id) < ('b', '3') ORDER BY pots.title DESC, pots.id DESC")
        );
    }

    #[test]
    fn what_matches_best_comes_first() {
        let last = Ranked { row: row("b", 3), score: 750 };
        assert_eq!(
            page("relevance", Some(&last), Some("web design")),
            "found.score AS score FROM pots INNER JOIN (SELECT id, score FROM \
             craft.search(ARRAY ['0'], ARRAY ['web','design']) AS searched) AS found ON found.id = pots.id \
             WHERE seen AND (found.score, pots.id) < (750, '3') ORDER BY found.score DESC, pots.id DESC"
        );
        assert_eq!(
            page("relevance", Some(&last), None),
            "0 AS score FROM pots WHERE seen AND (0, pots.id) < (750, '3') ORDER BY pots.id DESC"
        );
    }
}
