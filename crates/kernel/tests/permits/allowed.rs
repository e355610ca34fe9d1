//! The way it is meant.
#![allow(dead_code)]

#[path = "shop.rs"]
mod shop;

use kernel::guard::Guarded;
use shop::{EditThing, rename};

fn handler(guard: &Guarded<EditThing>) {
    rename(guard.permit(), "new");
}

fn main() {}
