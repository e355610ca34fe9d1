//! `lobby config …`

use std::{path::Path, process::ExitCode};

use super::{fail, say};
use crate::settings;

pub(super) fn defaults() -> ExitCode {
    say(settings::DEFAULTS.trim_end());
    ExitCode::SUCCESS
}

pub(super) fn check(file: Option<&Path>) -> ExitCode {
    match settings::load(file, std::env::vars().collect()) {
        Ok(_) => {
            say("The configuration is sound.");
            ExitCode::SUCCESS
        }
        Err(faults) => fail(&faults),
    }
}
