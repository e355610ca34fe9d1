//! A real Lobby per test: a server on a port of its own, a database of its own, clients with a role.

mod answer;
mod binary;
mod client;
mod cluster;
mod contract;
mod following;
mod proxy;
mod served;
mod statements;
mod waiting;
mod watch;

pub use answer::Answer;
pub use binary::{Said, binary, lobby_command};
pub use client::Client;
pub use cluster::{Cluster, Database};
pub use contract::Contract;
pub use following::{Following, SOON, come_and_go};
pub use proxy::Network;
pub use served::Served;
pub use statements::Statements;
pub use waiting::eventually;

use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
};

use api::{program::Program, settings::Settings};
use futures_util::FutureExt;
use kernel::clock::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use watch::{Watched, longest};

/// A password that is long enough and on no list.
pub const PASSWORD: &str = "correct-horse-42-battery";

/// The document is every instance's, and reading it takes a while.
static CONTRACT: LazyLock<Arc<Contract>> = LazyLock::new(|| Arc::new(Contract::new(document())));

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// Runs a test that needs no Lobby of its own.
#[track_caller]
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let _watched = Watched::begin();
    let done = RUNTIME.block_on(async { tokio::time::timeout(longest(), work).await });
    done.unwrap_or_else(|_| panic!("not done after {:?}: it hangs", longest()))
}

/// Runs a test with a Lobby of its own, and clears it away whatever happens.
#[track_caller]
pub fn lobby(test: impl AsyncFnOnce(&Lobby)) {
    lobby_with(&[], test);
}

/// The same, with settings: pairs of variable and value, as in `("LOBBY__AUTH__HASH_QUEUE", "1")`.
#[track_caller]
pub fn lobby_with(variables: &[(&str, &str)], test: impl AsyncFnOnce(&Lobby)) {
    run(async {
        let lobby = Lobby::start(variables).await;
        let outcome = AssertUnwindSafe(test(&lobby)).catch_unwind().await;
        lobby.stop().await;
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    });
}

/// A running Lobby.
pub struct Lobby {
    program: Program,
    /// Its database.
    pub database: Database,
    /// Its clock, to move.
    pub clock: Clock,
    /// What it promises.
    pub contract: Arc<Contract>,
    /// Its data folder.
    pub folder: TempDir,
    people: AtomicU32,
}

impl Lobby {
    async fn start(variables: &[(&str, &str)]) -> Self {
        let database = Cluster::get().await.create_whole().await;
        // Here, so that every connection of the program is opened with it.
        database.execute(&format!("ALTER DATABASE {} SET log_statement = 'all'", database.name)).await;
        for (_, own) in database.apart() {
            own.execute(&format!("ALTER DATABASE {} SET log_statement = 'all'", own.name)).await;
        }
        Self::on(database, variables).await
    }

    /// Another instance on the same database.
    pub async fn on(database: Database, variables: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let settings = settings(&database, &folder, variables);
        let clock = Clock::system();
        let program = Program::start(settings, clock.clone()).await.unwrap();
        let contract = Arc::clone(&CONTRACT);
        Self { program, database, clock, contract, folder, people: AtomicU32::new(0) }
    }

    /// Stops the server, leaving the database.
    pub async fn stop_serving(self) {
        self.program.stop().await;
    }

    async fn stop(self) {
        self.program.stop().await;
        Cluster::get().await.remove(&self.database).await;
    }

    /// Where it listens.
    pub fn base(&self) -> String {
        format!("http://{}", self.program.address())
    }

    /// Someone without a token.
    pub fn anonymous(&self) -> Client {
        Client::anonymous(self.base(), Arc::clone(&self.contract))
    }

    /// A new person, signed up and signed in.
    pub async fn person(&self) -> Client {
        let number = self.people.fetch_add(1, Ordering::Relaxed);
        self.sign_up(json!({ "email": format!("person{number}@example.org"), "password": PASSWORD })).await
    }

    /// A person who signs up with this.
    pub async fn sign_up(&self, body: Value) -> Client {
        let anonymous = self.anonymous();
        let answer = anonymous.post("/auth/signup", body).await.expect(201);
        let mut client = anonymous.holding(&answer.json["tokens"]);
        answer.json["user"]["id"].as_str().unwrap().clone_into(&mut client.user);
        client
    }

    /// A workspace of this blueprint, with its owner.
    pub async fn workspace(&self, blueprint: &str) -> (Client, String) {
        let owner = self.person().await;
        let name = format!("A {blueprint} workspace");
        let answer = owner.post("/workspaces", json!({ "name": name, "blueprint": blueprint })).await.expect(201);
        (owner, answer.id())
    }

    /// A new person with a role in a workspace.
    pub async fn member(&self, owner: &Client, workspace: &str, role: &str) -> Client {
        let person = self.person().await;
        owner.bring(workspace, &person, role).await;
        person
    }

    /// Gives somebody a role in a workspace without asking anybody, as the demo does.
    pub async fn seat(&self, workspace: &str, user: &str, role: &str) {
        let (workspace, user) = (workspace.parse().unwrap(), user.parse().unwrap());
        self.services().provision().ensure_member(workspace, user, role).await.unwrap();
    }

    /// From now on what is sent by new connections is not written to the log of PostgreSQL: for what sends a great deal.
    pub async fn unlogged(&self) {
        for name in self.database.names() {
            self.database.execute(&format!("ALTER DATABASE {name} RESET log_statement")).await;
        }
    }

    /// Counts the statements that the database gets.
    pub async fn statements(&self) -> Statements {
        // What is still to be told is not what is to be counted.
        self.services().settle().await.unwrap();
        Statements::of(&self.database).await
    }

    /// The program's services, past HTTP.
    pub fn services(&self) -> &api::services::Services {
        self.program.services()
    }
}

/// A number that a variable has, for tests that can be played longer, or again.
pub fn from_environment(name: &str) -> Option<u32> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}: {value} is no number")))
}

/// The settings of a test's Lobby.
pub fn settings(database: &Database, folder: &TempDir, variables: &[(&str, &str)]) -> Settings {
    let mut environment: HashMap<String, String> = [
        ("LOBBY__SERVER__LISTEN", "127.0.0.1:0"),
        ("LOBBY__SERVER__WORKERS", "1"),
        ("LOBBY__SERVER__SHUTDOWN_SECONDS", "1"),
        ("LOBBY__SERVER__SECRET", "a secret that all instances of the tests share"),
        ("LOBBY__DATABASE__URL", database.url.as_str()),
        ("LOBBY__DATA_DIR", folder.path().to_str().unwrap()),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into_iter()
    .chain(database.modules())
    .chain(variables.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())))
    .collect();
    environment.retain(|_, value| value != "-");
    api::settings::load(None, environment).unwrap()
}

/// The OpenAPI document.
pub fn document() -> Value {
    let document = api::http::document(api::modules::routes(), api::modules::routes_beside());
    serde_json::to_value(document).unwrap()
}

/// A small picture, another for every seed.
pub fn picture(seed: u8) -> Vec<u8> {
    let image = image::RgbImage::from_fn(64, 48, |x, y| {
        let (x, y) = (u8::try_from(x).unwrap(), u8::try_from(y).unwrap());
        image::Rgb([x.wrapping_mul(3), y.wrapping_mul(5), seed.wrapping_mul(37)])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
