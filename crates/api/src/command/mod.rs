//! The `lobby` command line.

mod audit;
mod backup;
mod config_check;
mod create_admin;
mod doctor;
mod health;
mod jobs;
mod mail;
mod media;
mod migrate;
mod openapi;
mod reset_mfa;
mod schema;
mod secrets;
mod seed;
mod serve;
mod set_role;

use std::{future::Future, path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};

use crate::{logging, settings::Settings};

/// How long threads that still work when a command is done may go on.
const STRAGGLERS: Duration = Duration::from_secs(10);

/// The backend that a multi-tenant product starts from.
///
/// Started with nothing configured, `lobby serve` brings up everything it needs in its data folder. Configuration is
/// read from commented defaults (`lobby config defaults`), a file given by --config, and environment variables such as
/// LOBBY__SERVER__LISTEN=127.0.0.1:8080 and LOBBY__DATA_DIR=/var/lib/lobby.
#[derive(Debug, Parser)]
#[expect(clippy::doc_markdown, reason = "help texts are shown as they are")]
#[command(name = "lobby", version, about, long_about, propagate_version = true)]
struct Cli {
    /// A TOML file that goes over the defaults.
    #[arg(long, global = true, value_name = "FILE", env = "LOBBY_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API: migrates, then listens until SIGINT or SIGTERM.
    Serve(serve::Serve),
    /// Bring the schema up to date and stop. Safe to run while instances serve, and by several at once.
    Migrate(migrate::Migrate),
    /// Ask the server that runs here whether it is well; for the health checks of containers.
    Health,
    /// Look over an installation: name what is wrong, and what mends it.
    Doctor(doctor::Doctor),
    /// Fill in the demo workspaces, people, projects and images; what is there already stays.
    Seed,
    /// People.
    #[command(subcommand, alias = "account")]
    User(User),
    /// Members of workspaces.
    #[command(subcommand)]
    Member(Member),
    /// The audit trail.
    #[command(subcommand)]
    Audit(Audit),
    /// Work that is done beside requests.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// Backups.
    #[command(subcommand)]
    Backup(backup::Backup),
    /// The server's secrets.
    #[command(subcommand)]
    Secrets(Secrets),
    /// The objects of the image gallery.
    #[command(subcommand)]
    Media(Media),
    /// Print the OpenAPI document.
    Openapi,
    /// Print the JSON Schema of a file that people write, for editors to complete and check it with.
    #[command(subcommand)]
    Schema(schema::Schema),
    /// Mail.
    #[command(subcommand)]
    Mail(MailCommand),
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum User {
    /// Make a platform administrator, or make one of an existing account.
    CreateAdmin(create_admin::CreateAdmin),
    /// Remove the second factor of somebody who has lost it. Make sure that it is they who ask.
    ResetMfa(reset_mfa::ResetMfa),
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Tell whether the audit trail is whole; name the first row that was altered, removed or slipped in.
    Verify(audit::Verify),
}

#[derive(Debug, Subcommand)]
enum Secrets {
    /// Seal anew, with the current secret, the private fields that a former one sealed, so that it can be dropped.
    Reseal,
}

#[derive(Debug, Subcommand)]
enum Media {
    /// Tell whether every image has its objects, whole, and which objects no image has.
    Check(media::Check),
    /// Remove objects that no image has.
    Sweep(media::Sweep),
}

#[derive(Debug, Subcommand)]
enum MailCommand {
    /// Print a mail, or all of them, with sample data.
    Preview(mail::Preview),
}

#[derive(Debug, Subcommand)]
enum Member {
    /// Give a member another role.
    SetRole(set_role::SetRole),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check the configuration and name every fault.
    Check,
    /// Print the defaults, with what every key does.
    Defaults,
}

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    // rustls takes its algorithms from the process; whoever is first decides, so nobody else gets to.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let Cli { config, command } = Cli::parse();
    match command {
        Command::Config(ConfigCommand::Defaults) => config_check::defaults(),
        Command::Config(ConfigCommand::Check) => config_check::check(config.as_deref()),
        Command::Openapi => openapi::print(),
        Command::Schema(schema) => schema.print(),
        Command::Mail(MailCommand::Preview(preview)) => preview.print(config.as_deref()),
        Command::Serve(serve) => with_settings(config, |settings| serve.run(settings)),
        Command::Migrate(migrate) => with_settings(config, |settings| migrate.run(settings)),
        Command::Health => with_settings(config, health::run),
        Command::Doctor(doctor) => with_settings(config, |settings| doctor.run(settings)),
        Command::Seed => with_settings(config, seed::run),
        Command::Member(Member::SetRole(set)) => with_settings(config, |settings| set.run(settings)),
        Command::Audit(Audit::Verify(verify)) => with_settings(config, |settings| verify.run(settings)),
        Command::Media(Media::Check(check)) => with_settings(config, |settings| check.run(settings)),
        Command::Media(Media::Sweep(sweep)) => with_settings(config, |settings| sweep.run(settings)),
        Command::Jobs(jobs) => with_settings(config, |settings| jobs.run(settings)),
        Command::Backup(backup) => with_settings(config, |settings| backup.run(settings)),
        Command::Secrets(Secrets::Reseal) => with_settings(config, secrets::reseal),
        Command::User(User::CreateAdmin(create)) => with_settings(config, |settings| create.run(settings)),
        Command::User(User::ResetMfa(reset)) => with_settings(config, |settings| reset.run(settings)),
    }
}

/// Loads the configuration, starts the log and runs `work` to its end.
fn with_settings<F>(config: Option<PathBuf>, work: impl FnOnce(Settings) -> F) -> ExitCode
where
    F: Future<Output = anyhow::Result<()>>,
{
    let settings = match crate::settings::load(config.as_deref(), std::env::vars().collect()) {
        Ok(settings) => settings,
        Err(faults) => return fail(&faults),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    let telemetry = {
        let _within = runtime.enter();
        match logging::init(&settings) {
            Ok(telemetry) => telemetry,
            Err(error) => return fail(&format!("{error:#}")),
        }
    };
    let outcome = runtime.block_on(work(settings));
    if let Some(telemetry) = telemetry {
        telemetry.end();
    }
    // A thread that hangs, say in a file system that is gone, must not keep the process.
    runtime.shutdown_timeout(STRAGGLERS);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("{error:#}")),
    }
}

#[expect(clippy::print_stderr, reason = "the command's own words to whoever typed it")]
fn fail(error: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("lobby: {error}");
    ExitCode::FAILURE
}

/// Prints what the command was asked for.
#[expect(clippy::print_stdout, reason = "the command's own answer to whoever typed it")]
fn say(text: impl std::fmt::Display) {
    println!("{text}");
}
