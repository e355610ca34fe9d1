//! A pool taken from the databases or from the gate.
#![allow(dead_code, unused_imports)]

#[path = "shop.rs"]
mod shop;

use shop::*;

fn steal(databases: &kernel::db::Databases, gate: &kernel::guard::Gate, conn: kernel::db::Conn<'_>) {
    databases.connection("shop");
    let _ = &gate.databases;
    let _ = conn.0.clone();
}

fn main() {}
