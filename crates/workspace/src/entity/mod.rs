//! The tables of schema `workspace`.

pub(crate) mod invitation;
pub(crate) mod member;
pub(crate) mod platform_member;
pub(crate) mod role;
pub(crate) mod workspace;
