//! What a list is sorted by, and where a page of it ended.

use chrono::{DateTime, Utc};
use sea_orm::{
    EntityTrait, ExprTrait, Order,
    sea_query::{Expr, SimpleExpr},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    rows::{Ranked, score},
    search::RELEVANCE,
};

/// Rows that are listed.
pub trait Listed: EntityTrait {
    /// The column that decides between equals.
    const ID: Self::Column;
    /// What they are sorted by, by the name it has in `sort`; the first where `sort` names none of them.
    const KEYS: &'static [(&'static str, Key<Self>)];
    /// The function that searches them, as in `project.search`; see the module's schema.
    const SEARCH: &'static str;

    /// What a row has in [`Listed::ID`].
    fn id(row: &Self::Model) -> Uuid;
}

/// A column that rows are sorted by, and what a row has in it.
#[derive(Debug)]
pub enum Key<E: EntityTrait> {
    /// An instant.
    Time(E::Column, fn(&E::Model) -> DateTime<Utc>),
    /// A text.
    Text(E::Column, fn(&E::Model) -> &str),
}

#[expect(clippy::expl_impl_clone_on_copy, reason = "derived, it would ask the entity to be one")]
impl<E: EntityTrait> Clone for Key<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E: EntityTrait> Copy for Key<E> {}

/// Where a page ended: the sort key of its last row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position(Mark, Uuid);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Mark {
    At(DateTime<Utc>),
    // As the lists called it that had cursors of their own; those are still about.
    #[serde(alias = "Name", alias = "Title")]
    Text(String),
    Score(i32),
}

impl Position {
    /// The position of `ranked` in a list sorted by `sort`.
    pub fn of<E: Listed>(ranked: &Ranked<E>, sort: &str) -> Self {
        let row = &ranked.row;
        let mark = match Sorting::<E>::by(sort).key {
            None => Mark::Score(ranked.score),
            Some(Key::Time(_, at)) => Mark::At(at(row)),
            Some(Key::Text(_, text)) => Mark::Text(text(row).to_owned()),
        };
        Self(mark, E::id(row))
    }
}

/// An order of rows: by a key, or by how well they match where that is `None`; the id decides between equals.
pub(super) struct Sorting<E: Listed> {
    key: Option<Key<E>>,
    pub(super) order: Order,
}

impl<E: Listed> Sorting<E> {
    pub(super) fn by(sort: &str) -> Self {
        let name = sort.trim_start_matches('-');
        if name == RELEVANCE {
            return Self { key: None, order: Order::Desc };
        }
        let key = E::KEYS.iter().find(|(own, _)| *own == name).or(E::KEYS.first()).map(|(_, key)| *key);
        Self { key, order: if sort.starts_with('-') { Order::Desc } else { Order::Asc } }
    }

    /// Whether the key tells rows apart: unsearched, all match equally well.
    pub(super) fn discerns(&self, is_searched: bool) -> bool {
        is_searched || self.key.is_some()
    }

    pub(super) fn expression(&self, is_searched: bool) -> SimpleExpr {
        match self.key {
            None => score(is_searched),
            Some(Key::Time(column, _) | Key::Text(column, _)) => Expr::col((E::default(), column)),
        }
    }

    /// Rows after `after`, with the id deciding between equals. A comparison of rows, so that an index leads there.
    pub(super) fn is_beyond(&self, is_searched: bool, after: Position) -> SimpleExpr {
        let Position(mark, id) = after;
        let mark = match mark {
            Mark::At(instant) => Expr::value(instant),
            Mark::Text(text) => Expr::value(text),
            Mark::Score(score) => Expr::value(score),
        };
        let row = Expr::tuple([self.expression(is_searched), Expr::col((E::default(), E::ID))]);
        let last = Expr::tuple([mark, Expr::value(id)]);
        if self.order == Order::Desc { row.lt(last) } else { row.gt(last) }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::rows::examples::*, *};

    #[test]
    fn a_row_has_its_place_by_what_the_list_is_sorted_by() {
        let ranked = Ranked { row: row("b", 3), score: 750 };
        let place = |sort: &str| serde_json::to_value(Position::of::<Entity>(&ranked, sort)).unwrap().to_string();
        let id = Uuid::from_u128(3);
        assert_eq!(place("title"), format!(r#"[{{"Text":"b"}},"{id}"]"#));
        assert_eq!(place("-title"), place("title"));
        assert_eq!(place("-created_at"), format!(r#"[{{"At":"1970-01-01T00:00:00Z"}},"{id}"]"#));
        assert_eq!(place("unheard_of"), place("created_at"));
        assert_eq!(place(RELEVANCE), format!(r#"[{{"Score":750}},"{id}"]"#));
    }

    #[test]
    fn a_place_by_its_former_name_is_the_same() {
        let id = Uuid::nil();
        for name in ["Name", "Title", "Text"] {
            let place: Position = serde_json::from_str(&format!(r#"[{{"{name}":"b"}},"{id}"]"#)).unwrap();
            assert_eq!(place, Position(Mark::Text("b".to_owned()), id));
        }
    }
}
