//! A socket of one's own, and one that is handed over with secrets as files.

use std::{os::unix::fs::PermissionsExt, process::Stdio, time::Duration};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    process::Command,
};

use super::{Supervisor, eventually};
use crate::harness::{Cluster, Database, binary, run};

/// What a request through the socket is answered.
async fn ask(socket: &std::path::Path, path: &str) -> std::io::Result<String> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn with_database(test: impl AsyncFnOnce(&Database)) {
    run(async {
        let cluster = Cluster::get().await;
        let database = cluster.create().await;
        test(&database).await;
        cluster.remove(&database).await;
    });
}

#[test]
fn a_socket_of_its_own_is_for_the_group_and_goes_with_the_process() {
    with_database(async |database| {
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("own.sock");
        let mut process = Command::new(binary())
            .arg("serve")
            .env("LOBBY__SERVER__LISTEN", format!("unix:{}", socket.display()))
            .env("LOBBY__DATA_DIR", folder.path().join("data"))
            .env("LOBBY__DATABASE__URL", &database.url)
            .env("LOBBY__LOG__LEVEL", "warn")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        eventually("it serves", async || ask(&socket, "/ready").await.is_ok_and(|said| said.contains(" 200 "))).await;
        assert_eq!(std::fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o660);
        let pid = process.id().unwrap().to_string();
        std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(process.wait().await.unwrap().success());
        assert!(!socket.exists());
    });
}

#[test]
fn a_socket_that_was_handed_over_stays_open_and_callers_wait() {
    with_database(async |database| {
        let supervisor = Supervisor::open(database, &[]);
        let first = supervisor.start().await;
        assert!(ask(&supervisor.socket, "/ready").await.unwrap().contains(" 200 "));
        first.told("WATCHDOG=1").await;
        first.stop().await;
        assert!(supervisor.socket.exists());

        // Nobody serves: the call waits instead of being refused.
        let socket = supervisor.socket.clone();
        let waiting = tokio::spawn(async move { ask(&socket, "/health").await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!waiting.is_finished());
        let second = supervisor.start().await;
        assert!(waiting.await.unwrap().unwrap().contains(" 200 "));
        second.stop().await;
    });
}

#[test]
fn a_credential_that_is_no_setting_is_named() {
    with_database(async |database| {
        let supervisor = Supervisor::open(database, &[]);
        std::fs::write(supervisor.credentials.join("server.secrte"), "mistyped").unwrap();
        let mut command = Command::new(binary());
        command.args(["config", "check"]).env("CREDENTIALS_DIRECTORY", &supervisor.credentials);
        let output = command.output().await.unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && errors.contains("server.secrte"), "{errors}");
        assert!(!errors.contains("mistyped"));
    });
}
