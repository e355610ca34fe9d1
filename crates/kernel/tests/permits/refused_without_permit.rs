//! A store call without a permit.
#![allow(dead_code, unused_imports)]

#[path = "shop.rs"]
mod shop;

use shop::*;

fn handler() {
    rename("new");
}

fn main() {}
