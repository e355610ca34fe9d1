//! `lobby jobs …`

use activity::Schema;
use anyhow::Context;
use clap::{Args, Subcommand, builder::PossibleValuesParser};
use kernel::{
    clock::Clock,
    jobs::{Desk, JobRecord},
};
use uuid::Uuid;

use super::say;
use crate::{data_folder, database::Servers, services, settings::Settings};

#[derive(Debug, Subcommand)]
pub(super) enum Jobs {
    /// List jobs, newest first: those that wait, run, or were given up.
    List(List),
    /// Show one job, with what it is to do, how far it is and why it failed.
    Show(One),
    /// Have a job tried again at once: one that was given up or discarded, or waits for its next turn.
    Retry(One),
    /// Give a job up for good.
    Discard(One),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Those in this state only.
    #[arg(long, value_parser = PossibleValuesParser::new(["waiting", "running", "done", "dead", "discarded"]))]
    state: Option<String>,
    /// So many at most.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    limit: u64,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct One {
    /// The job's id.
    id: Uuid,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Jobs {
    /// Looks and writes past the services: nothing of them is to run for that.
    pub(super) async fn run(self, settings: Settings) -> anyhow::Result<()> {
        let data_dir = data_folder::prepare(&settings.data_dir)
            .with_context(|| format!("the data folder {} can't be made", settings.data_dir.display()))?;
        let servers = Servers::start(&settings.database, &data_dir).await?;
        let outcome = async {
            let databases = services::open(&servers).await?;
            let desk = Desk::new(databases.system("command-line"), Clock::system());
            let outcome = self.at(&desk).await;
            databases.close().await;
            outcome
        };
        let outcome = outcome.await;
        servers.stop().await;
        outcome
    }

    async fn at(self, desk: &Desk<Schema>) -> anyhow::Result<()> {
        let One { id, json } = match self {
            Self::List(List { state, limit, json }) => {
                let jobs = desk.list(state.as_deref(), limit).await?;
                if json {
                    say(serde_json::to_string_pretty(&jobs)?);
                } else {
                    for job in &jobs {
                        say(line(job));
                    }
                }
                return Ok(());
            }
            Self::Show(one) => one,
            Self::Retry(one) => {
                desk.retry(one.id).await?;
                one
            }
            Self::Discard(one) => {
                desk.discard(one.id).await?;
                one
            }
        };
        let job = desk.find(id).await?;
        say(if json { serde_json::to_string_pretty(&job)? } else { told(&job) });
        Ok(())
    }
}

fn line(job: &JobRecord) -> String {
    let why = job.last_error.as_deref().map(|why| format!("  {why}")).unwrap_or_default();
    format!("{}  {:9}  {}  begun {}x  {}{why}", job.id, job.state, job.kind, job.attempts, job.created_at.to_rfc3339())
}

fn told(job: &JobRecord) -> String {
    let mut lines = vec![
        line(job),
        format!("key: {}", job.key),
        format!("due: {}", job.due_at.to_rfc3339()),
        format!("to do: {}", job.payload),
    ];
    lines.extend(job.workspace_id.map(|workspace| format!("workspace: {workspace}")));
    lines.extend(job.progress.as_ref().map(|progress| format!("progress: {progress}")));
    lines.extend(job.ended_at.map(|at| format!("ended: {}", at.to_rfc3339())));
    lines.join("\n")
}
