//! A handler without a guard is not mounted.
#![allow(dead_code, unused_imports)]

#[path = "shop.rs"]
mod shop;

use shop::*;

#[utoipa::path(get, path = "/things", responses((status = 200)))]
pub async fn list() -> &'static str {
    "everything"
}

mod list {
    pub use super::{__path_list, list};
}

fn routes() -> kernel::http::Routes {
    kernel::routes![list::list]
}

fn main() {}
