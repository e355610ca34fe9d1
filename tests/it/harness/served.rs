//! The `lobby` binary serving, in a process of its own that can be killed.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader, Lines},
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
    said: Arc<Mutex<String>>,
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
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.kill_on_drop(true).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said = Arc::new(Mutex::new(String::new()));
        tokio::spawn(keep(BufReader::new(process.stderr.take().unwrap()).lines(), Arc::clone(&said)));
        let told = async {
            loop {
                let line = lines.next_line().await.unwrap().expect("the server ended before it served");
                if let Some(at) = line.find("http://") {
                    break line[at..].split_whitespace().next().unwrap().to_owned();
                }
            }
        };
        let base = tokio::time::timeout(START, told).await.expect("the server does not serve");
        tokio::spawn(keep(lines, Arc::clone(&said)));
        Self { process, base, said }
    }

    /// What it wrote: to its log from the start, to its output since it serves.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }
}

/// Keeps what is written, and tells it to whoever runs the tests. It goes on reading: a full pipe would stop the server.
async fn keep<R: AsyncRead + Unpin>(mut lines: Lines<BufReader<R>>, said: Arc<Mutex<String>>) {
    while let Ok(Some(line)) = lines.next_line().await {
        eprintln!("{line}");
        let mut said = said.lock().unwrap();
        said.push_str(&line);
        said.push('\n');
    }
}
