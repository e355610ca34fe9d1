//! `lobby openapi`

use std::process::ExitCode;

use super::{fail, say};
use crate::{http, modules};

pub(super) fn print() -> ExitCode {
    match http::document(modules::routes(), modules::routes_beside()).to_pretty_json() {
        Ok(json) => {
            say(json);
            ExitCode::SUCCESS
        }
        Err(error) => fail(&error),
    }
}
