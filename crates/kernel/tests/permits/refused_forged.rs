//! A permit made outside the guard.
#![allow(dead_code, unused_imports)]

#[path = "shop.rs"]
mod shop;

use shop::*;

fn forge(thing: Thing, other: &kernel::guard::Permit<ViewThing>) {
    let permit = kernel::guard::Permit::<EditThing>::mint(todo!(), todo!(), thing, todo!(), todo!());
    let permit = kernel::guard::Permit::<EditThing> { caller: other.acting().clone(), ..todo!() };
    rename(&permit, "new");
}

fn main() {}
