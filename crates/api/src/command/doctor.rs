//! `lobby doctor`

use anyhow::bail;
use clap::Args;
use kernel::clock::Clock;

use super::say;
use crate::{
    doctor::{self, Finding, State},
    settings::Settings,
};

/// Looks at databases and their schema, the disk, the clock, storage, mail, Redis, backups; and where they are here, at the
/// certificate, the service's unit and nginx. Ends with a failure if something failed.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// As JSON, for programs.
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let findings = doctor::look_over(&settings, &Clock::system()).await;
        if self.json {
            say(serde_json::to_string_pretty(&findings)?);
        } else {
            for finding in &findings {
                say(told(finding));
            }
        }
        match findings.iter().filter(|finding| finding.state == State::Failed).count() {
            0 => Ok(()),
            1 => bail!("one check failed"),
            failed => bail!("{failed} checks failed"),
        }
    }
}

fn told(finding: &Finding) -> String {
    let state = match finding.state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Failed => "FAILED",
        State::Skipped => "-",
    };
    let mend = finding.mend.as_ref().map(|mend| format!("\n{:24}mend: {mend}", "")).unwrap_or_default();
    format!("{state:8} {:14} {}{mend}", finding.check, finding.found)
}
