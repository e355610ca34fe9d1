//! Configuration: commented defaults, a file over them, environment variables over that; checked whole at start.

mod check;
mod credentials;
mod listen;
mod load;
pub(crate) mod parts;
mod shape;
mod telemetry;

pub use listen::Listen;
pub use load::{ConfigurationError, DEFAULTS, load};
pub use telemetry::TelemetrySettings;

use std::{collections::BTreeMap, path::PathBuf};

use kernel::proxies::ForwardingHeader;
use policy::Vocabulary;
use secrecy::SecretString;
use serde::Deserialize;
use workspace::{BlueprintError, Blueprints};

/// Everything that can be configured. `config/default.toml` says what each key means.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    /// What kind of installation this is.
    pub profile: Profile,
    /// Where Lobby keeps what it makes.
    pub data_dir: PathBuf,
    /// The HTTP server.
    pub server: ServerSettings,
    /// The databases.
    pub database: DatabaseSettings,
    /// The log.
    pub log: LogSettings,
    /// Sign-in.
    pub auth: AuthSettings,
    /// Workspaces.
    pub workspaces: WorkspaceSettings,
    /// Mail.
    pub mail: MailSettings,
    /// Text messages.
    pub sms: SmsSettings,
    /// Redis or Valkey.
    pub redis: RedisSettings,
    /// Numbers for whoever watches.
    pub metrics: MetricsSettings,
    /// Traces for whoever follows requests.
    pub telemetry: TelemetrySettings,
    /// What else is looked at when something may be wrong.
    pub doctor: DoctorSettings,
    /// Backups.
    pub backup: BackupSettings,
    /// Media.
    pub media: MediaSettings,
    /// Limits of pictures.
    pub gallery: GalleryLimits,
    /// Event streams.
    pub events: EventSettings,
    /// Jobs.
    pub jobs: JobSettings,
    /// Subscriptions.
    pub billing: BillingSettings,
}

/// What kind of installation this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// A developer's machine or a test: demo people are welcome.
    Development,
    /// The real thing.
    Production,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
pub struct ServerSettings {
    /// An address and port, or a unix socket.
    pub listen: Listen,
    /// The address that people use; empty when unknown.
    pub public_url: String,
    /// Worker threads; 0 means one per core.
    pub workers: usize,
    /// Seconds that a request may take.
    pub request_seconds: u64,
    /// Seconds that an upload may take.
    pub upload_seconds: u64,
    /// Seconds that running requests get at shutdown.
    pub shutdown_seconds: u64,
    /// Seals cursors, refresh tokens, codes and private fields; empty to have one made.
    pub secret: SecretString,
    /// Secrets of before, which still open what they sealed.
    pub former_secrets: Vec<SecretString>,
    /// Origins that browsers may call from.
    pub cors_origins: Vec<String>,
    /// Proxies that are believed whom they were called by.
    pub trusted_proxies: Vec<String>,
    /// In which header they say so.
    pub proxy_header: ForwardingHeader,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
pub struct DatabaseSettings {
    /// The database of every module without one of its own; empty for the private PostgreSQL.
    pub url: SecretString,
    /// Connections, at most.
    pub max_connections: u32,
    /// Seconds that a request waits for a connection.
    pub acquire_seconds: u64,
    /// Where PostgreSQL's programs are; empty to look for them.
    pub postgres_bin: String,
    /// Modules with a database of their own.
    pub modules: BTreeMap<String, ModuleDatabase>,
}

/// `[database.modules.NAME]`
#[derive(Clone, Debug, Deserialize)]
pub struct ModuleDatabase {
    /// Where it is.
    pub url: SecretString,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
pub struct LogSettings {
    /// A level or directives.
    pub level: String,
    /// How lines look.
    pub format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Pretty,
    /// For programs.
    Json,
}

/// `[auth]`
#[derive(Clone, Debug, Deserialize)]
pub struct AuthSettings {
    /// Minutes that an access token lives.
    pub access_minutes: u32,
    /// Days that an unused sign-in lives.
    pub refresh_days: u32,
    /// Hashes at the same time; 0 means one per core.
    pub hash_parallelism: usize,
    /// Hashes that may wait.
    pub hash_queue: usize,
    /// Whether nobody signs in who has not proven their e-mail address.
    pub require_verified_email: bool,
}

/// `[workspaces]`
#[derive(Clone, Debug, Deserialize)]
pub struct WorkspaceSettings {
    /// A folder of blueprints beside the built-in ones; none when empty.
    pub blueprints: PathBuf,
}

impl WorkspaceSettings {
    /// The role models that a workspace of this installation can start with.
    pub fn blueprints(&self, vocabulary: &Vocabulary) -> Result<Blueprints, BlueprintError> {
        let folder = (!self.blueprints.as_os_str().is_empty()).then_some(self.blueprints.as_path());
        Blueprints::load(vocabulary, folder)
    }
}

/// `[mail]`
#[derive(Clone, Debug, Deserialize)]
pub struct MailSettings {
    /// How mail leaves.
    pub transport: MailTransport,
    /// The mail server.
    pub smtp_url: SecretString,
    /// A certificate to trust beside the public ones; empty for none.
    pub smtp_ca: String,
    /// The sender.
    pub from: String,
    /// Where links lead.
    pub links: LinkSettings,
}

/// `[mail.links]`
#[derive(Clone, Debug, Deserialize)]
pub struct LinkSettings {
    /// Where a new password is chosen.
    pub reset_password: String,
    /// Where the first password is chosen.
    pub set_password: String,
    /// Where an address is proven.
    pub verify_email: String,
    /// Where a change of address is undone.
    pub undo_email: String,
    /// Where an invitation is accepted.
    pub accept_invitation: String,
    /// Where one signs in.
    pub sign_in: String,
}

/// How mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    /// It doesn't: it is printed.
    Console,
    /// Through a mail server.
    Smtp,
}

/// `[sms]`
#[derive(Clone, Debug, Deserialize)]
pub struct SmsSettings {
    /// How text messages leave.
    pub transport: SmsTransport,
    /// The file that they are written to.
    pub file: String,
}

/// How text messages leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmsTransport {
    /// They don't: they are printed.
    Console,
    /// Into a file, as lines of JSON.
    File,
}

/// `[redis]`
#[derive(Clone, Debug, Deserialize)]
pub struct RedisSettings {
    /// Where it is; empty to do without.
    pub url: SecretString,
    /// What keys begin with.
    pub prefix: String,
}

/// `[metrics]`
#[derive(Clone, Debug, Deserialize)]
pub struct MetricsSettings {
    /// Where they are told; empty for nowhere.
    pub listen: String,
}

/// `[doctor]`
#[derive(Clone, Debug, Deserialize)]
pub struct DoctorSettings {
    /// The certificate of the server in front; empty if it isn't here.
    pub certificate: String,
}

/// `[backup]`
#[derive(Clone, Debug, Deserialize)]
pub struct BackupSettings {
    /// Where they are put; empty for a folder in the data folder.
    pub folder: PathBuf,
    /// How many are kept.
    pub keep: usize,
}

/// `[media]`
#[derive(Clone, Debug, Deserialize)]
pub struct MediaSettings {
    /// Where media are kept.
    pub store: MediaStore,
    /// Where nginx finds the folder of the local store, for it to send images by itself; empty if it is not to.
    pub accel: String,
    /// The S3-compatible store.
    pub s3: S3Settings,
}

/// Where media are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaStore {
    /// In the data folder.
    Local,
    /// In an S3-compatible store.
    S3,
}

/// `[media.s3]`
#[derive(Clone, Debug, Deserialize)]
pub struct S3Settings {
    /// Empty for AWS itself.
    pub endpoint: String,
    /// The bucket.
    pub bucket: String,
    /// Its region.
    pub region: String,
    /// Whose.
    pub access_key_id: String,
    /// And their secret.
    pub secret_access_key: SecretString,
}

/// `[billing]`
#[derive(Clone, Debug, Deserialize)]
pub struct BillingSettings {
    /// How subscriptions are paid.
    pub gateway: GatewayKind,
    /// Days that what isn't paid is past due.
    pub past_due_days: u16,
    /// Days of grace after them.
    pub grace_days: u16,
    /// Days between two times of asking.
    pub retry_days: u16,
}

/// How subscriptions are paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayKind {
    /// Somebody says when an invoice is paid.
    Manual,
    /// Everything counts as paid at once; no money moves.
    Fake,
}

/// `[gallery]`
#[derive(Clone, Debug, Deserialize)]
pub struct GalleryLimits {
    /// Bytes of a file.
    pub max_bytes: u64,
    /// Width times height.
    pub max_pixels: u64,
    /// Each side.
    pub max_side: u32,
    /// Frames of an animation.
    pub max_frames: u32,
    /// Pictures decoded at the same time; 0 means one per core.
    pub decode_parallelism: usize,
    /// Bytes that the images of a workspace may have; 0 for as many as there are.
    pub workspace_bytes: u64,
}

/// `[events]`
#[derive(Clone, Debug, Deserialize)]
pub struct EventSettings {
    /// Streams that one person may have open on an instance.
    pub streams_per_person: usize,
    /// Streams that an instance serves.
    pub streams: usize,
    /// Seconds between two signs of life of a stream on which nothing comes.
    pub heartbeat_seconds: u64,
}

/// `[jobs]`
#[derive(Clone, Debug, Deserialize)]
pub struct JobSettings {
    /// Jobs that an instance does at the same time.
    pub parallelism: usize,
    /// How often a job is begun before it waits for a person.
    pub attempts: u32,
}
