//! `lobby schema …`

use std::process::ExitCode;

use clap::Subcommand;

use super::{fail, say};
use crate::modules;

/// What people write.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum Schema {
    /// The permissions of a role.
    Role,
    /// A blueprint: the roles that a workspace starts with.
    Blueprint,
}

impl Schema {
    pub(super) fn print(self) -> ExitCode {
        let vocabulary = match modules::vocabulary() {
            Ok(vocabulary) => vocabulary,
            Err(error) => return fail(&error),
        };
        let schema = match self {
            Self::Role => vocabulary.role_schema(),
            Self::Blueprint => vocabulary.blueprint_schema(),
        };
        // Indented, as files are.
        say(format!("{schema:#}"));
        ExitCode::SUCCESS
    }
}
