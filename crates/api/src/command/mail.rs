//! `lobby mail …`

use std::{path::Path, process::ExitCode};

use clap::Args;
use kernel::clock::Clock;

use super::{fail, say};
use crate::{
    mail::{Links, NAMES, preview},
    settings,
};

/// Which mail to print, and how.
#[derive(Debug, Args)]
pub(super) struct Preview {
    /// The mail's name; all of them if left out.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(NAMES))]
    name: Option<String>,
    /// As HTML.
    #[arg(long)]
    html: bool,
}

impl Preview {
    /// Prints mails with sample data, with the links of the configuration.
    pub(super) fn print(self, file: Option<&Path>) -> ExitCode {
        let settings = match settings::load(file, std::env::vars().collect()) {
            Ok(settings) => settings,
            Err(faults) => return fail(&faults),
        };
        let (links, now) = (Links::new(&settings), Clock::system().now());
        let names = self.name.as_deref().map_or_else(|| NAMES.to_vec(), |name| vec![name]);
        for name in names {
            match preview(name, &links, now) {
                Some(Ok(mail)) if self.html => say(mail.html.unwrap_or_default().trim_end()),
                Some(Ok(mail)) => say(format!("[{name}]\nTo: {}\nSubject: {}\n\n{}", mail.to, mail.subject, mail.text)),
                Some(Err(error)) => return fail(&error),
                None => return fail(&format!("there is no mail {name}")),
            }
        }
        ExitCode::SUCCESS
    }
}
