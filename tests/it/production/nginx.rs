//! A real nginx with the shipped configuration, on ports of loopback; only names, places and ports are others.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;
use tokio::process::Child;

use super::{eventually, free_port};

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// What a script of ours prints: the path of a program. None where it can't be had.
pub fn program(script: &str, arguments: &[&str]) -> Option<PathBuf> {
    let output =
        Command::new(root().join("scripts").join(script)).args(arguments).stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    Some(String::from_utf8(output.stdout).unwrap().trim().into())
}

/// The nginx program; says so loudly where there is none.
pub fn nginx() -> Option<&'static PathBuf> {
    static NGINX: OnceLock<Option<PathBuf>> = OnceLock::new();
    let found = NGINX.get_or_init(|| program("nginx", &[]));
    if found.is_none() {
        println!("!!! SKIPPED: WITHOUT NGINX THE TESTS BEHIND IT DON'T RUN !!!");
    }
    found.as_ref()
}

/// A running nginx.
pub struct Front {
    process: Child,
    folder: TempDir,
    /// The port that speaks TLS.
    pub port: u16,
    /// The port that doesn't.
    pub plain_port: u16,
}

impl Front {
    /// Starts nginx before the socket, with more replacements in its configuration.
    pub async fn of(nginx: &Path, socket: &Path, replaced: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let (port, plain_port) = (free_port(), free_port());
        let file = lay_out(folder.path(), socket, (port, plain_port), replaced);
        let process = tokio::process::Command::new(nginx)
            .args(["-p", folder.path().to_str().unwrap(), "-c", file.to_str().unwrap(), "-g", "daemon off;"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        eventually("nginx listens", async || tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()).await;
        Self { process, folder, port, plain_port }
    }

    /// Where media are that Lobby may point to.
    pub fn media(&self) -> PathBuf {
        self.folder.path().join("media")
    }

    /// What it wrote down of requests.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("access.log")).unwrap()
    }

    /// Changes its configuration, and waits until nobody serves by the old one any more.
    pub async fn reload(&self, from: &str, to: &str) {
        let file = self.folder.path().join("lobby.conf");
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "the configuration has no {from}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let main = self.process.id().unwrap().to_string();
        let before = workers(&main);
        assert!(Command::new("kill").args(["-HUP", &main]).status().unwrap().success());
        eventually("nginx serves by its new configuration alone", async || {
            let now = workers(&main);
            !now.is_empty() && now.iter().all(|worker| !before.contains(worker))
        })
        .await;
    }

    /// An address behind it.
    pub fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port)
    }

    /// A client that takes the certificate of the tests.
    pub fn client() -> reqwest::Client {
        let builder = reqwest::Client::builder().tls_danger_accept_invalid_certs(true);
        builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
    }
}

impl Drop for Front {
    /// The whole group: workers outlive a main process that is killed before it could tell them to end.
    fn drop(&mut self) {
        let Some(pid) = self.process.id() else { return };
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{pid}")]).stderr(Stdio::null()).status();
    }
}

/// The processes that serve for nginx's main one.
fn workers(main: &str) -> Vec<String> {
    let output = Command::new("pgrep").args(["-P", main]).stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Writes the shipped configuration, fitted to a folder; answers the main file.
pub fn lay_out(folder: &Path, socket: &Path, ports: (u16, u16), replaced: &[(&str, &str)]) -> PathBuf {
    let shipped = root().join("deploy/nginx");
    std::fs::create_dir(folder.join("snippets")).unwrap();
    for snippet in std::fs::read_dir(shipped.join("snippets")).unwrap().map(Result::unwrap) {
        std::fs::copy(snippet.path(), folder.join("snippets").join(snippet.file_name())).unwrap();
    }
    for (folder, name) in [(folder, "media"), (folder, "temporary")] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    let certificate = root().join("tests/it/mail/localhost.pem");
    let key = root().join("tests/it/mail/localhost.key");
    let media = format!("{}/media/", folder.display());
    let (tls, plain) = (format!("listen 127.0.0.1:{}", ports.0), format!("listen 127.0.0.1:{}", ports.1));
    let mut text = std::fs::read_to_string(shipped.join("lobby.conf")).unwrap();
    text = text.lines().filter(|line| !line.contains("listen [::]")).collect::<Vec<_>>().join("\n");
    let fitted = [
        ("/run/lobby/lobby.sock", socket.to_str().unwrap()),
        ("/etc/letsencrypt/live/lobby.example.com/fullchain.pem", certificate.to_str().unwrap()),
        ("/etc/letsencrypt/live/lobby.example.com/privkey.pem", key.to_str().unwrap()),
        ("/var/lib/lobby/media/", media.as_str()),
        ("/var/log/nginx/access.log", "access.log"),
        ("listen 443", tls.as_str()),
        ("listen 80", plain.as_str()),
        ("server_name lobby.example.com", "server_name localhost"),
    ];
    for (from, to) in fitted.into_iter().chain(replaced.iter().copied()) {
        assert!(text.contains(from), "the shipped configuration has no {from}");
        text = text.replace(from, to);
    }
    std::fs::write(folder.join("lobby.conf"), text).unwrap();
    // Root's workers would be somebody else, who can't enter the folder of a test.
    let as_root = std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    let user = if as_root { "user root;\n" } else { "" };
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("  {kind}_temp_path temporary/{kind};\n"))
        .concat();
    let main = format!(
        "{user}worker_processes 1;\nworker_rlimit_nofile 4096;\npid nginx.pid;\nerror_log errors.log info;\n\
         events {{ worker_connections 2048; }}\nhttp {{\n{temporary}  access_log off;\n  include lobby.conf;\n}}\n"
    );
    let file = folder.join("nginx.conf");
    std::fs::write(&file, main).unwrap();
    file
}
