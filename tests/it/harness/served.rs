//! The `lobby` binary serving, in a process of its own that can be killed.

use std::{path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

use super::{binary::binary, cluster::Database};

/// No start takes as long as this.
const START: Duration = Duration::from_secs(120);

/// A serving process; it ends with this.
pub struct Served {
    /// The process.
    pub process: Child,
    /// Where it listens.
    pub base: String,
}

impl Served {
    /// Starts one with this data folder, on a test's database or on a private one in the folder; answers when it serves.
    pub async fn start(folder: &Path, database: Option<&Database>, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(binary());
        command.arg("serve").env("LOBBY__DATA_DIR", folder).env("LOBBY__SERVER__LISTEN", "127.0.0.1:0");
        if let Some(database) = database {
            command.env("LOBBY__DATABASE__URL", &database.url).envs(database.modules());
        }
        command.env("LOBBY__LOG__LEVEL", "warn").envs(variables.iter().copied());
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let told = async {
            loop {
                let line = lines.next_line().await.unwrap().expect("the server ended before it served");
                if let Some(at) = line.find("http://") {
                    break line[at..].split_whitespace().next().unwrap().to_owned();
                }
            }
        };
        let base = tokio::time::timeout(START, told).await.expect("the server does not serve");
        // Keep reading, or a full pipe would stop the server.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { process, base }
    }
}
