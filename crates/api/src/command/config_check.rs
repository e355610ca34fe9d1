//! `lobby config …`

use std::{path::Path, process::ExitCode};

use super::{fail, say};
use crate::{
    modules,
    settings::{self, Settings},
};

pub(super) fn defaults() -> ExitCode {
    say(settings::DEFAULTS.trim_end());
    ExitCode::SUCCESS
}

pub(super) fn check(file: Option<&Path>) -> ExitCode {
    let settings = match settings::load(file, std::env::vars().collect()) {
        Ok(settings) => settings,
        Err(faults) => return fail(&faults),
    };
    if let Err(error) = blueprints(&settings) {
        return fail(&format!("workspaces.blueprints: {error:#}"));
    }
    say("The configuration is sound.");
    ExitCode::SUCCESS
}

fn blueprints(settings: &Settings) -> anyhow::Result<()> {
    settings.workspaces.blueprints(&modules::vocabulary()?)?;
    Ok(())
}
