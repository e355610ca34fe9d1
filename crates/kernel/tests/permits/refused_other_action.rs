//! A store call with the permit of another action.
#![allow(dead_code, unused_imports)]

#[path = "shop.rs"]
mod shop;

use shop::*;

fn handler(guard: &kernel::guard::Guarded<ViewThing>) {
    rename(guard.permit(), "new");
}

fn main() {}
