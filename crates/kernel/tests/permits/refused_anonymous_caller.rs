//! Asking who came in through a public door.
#![allow(dead_code, unused_imports)]

#[path = "shop.rs"]
mod shop;

use shop::*;

fn who(guard: &kernel::guard::Guarded<kernel::guard::Public<Schema>>) {
    guard.permit().caller();
}

fn main() {}
