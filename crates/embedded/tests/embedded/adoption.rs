//! Several Lobbies, one after the other or at once, on one data folder.

use std::{env, path::Path, process::Command, time::Duration};

use embedded::{Embedded, Options};

use crate::support::{Data, read, write};

/// Says to a copy of this program where it is to be a Lobby that gets killed.
const PLACE: &str = "LOBBY_TO_BE_KILLED_IN";

/// Nothing by itself; what the next test kills.
#[tokio::test]
async fn a_lobby_to_be_killed() {
    let Some(place) = env::var_os(PLACE) else { return };
    let _server = Embedded::start(Path::new(&place), Options::for_tests()).await.unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
}

#[tokio::test]
async fn a_killed_lobby_leaves_the_server_to_the_living() {
    let data = Data::new();
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "adoption::a_lobby_to_be_killed"]).env(PLACE, data.path());
    let mut lobby = command.spawn().unwrap();
    while !data.path().join("postgres.users").exists() {
        assert!(lobby.try_wait().unwrap().is_none(), "it should be starting");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let server = data.start().await;
    assert!(server.adopted());
    write(&server).await;
    lobby.kill().unwrap();
    lobby.wait().unwrap();
    assert_eq!(read(&server).await.unwrap(), ["kept"], "the server outlives who started it");
    server.stop().await.unwrap();
    assert_eq!(data.postmaster(), None, "a dead Lobby doesn't count as a user");
}

#[tokio::test]
async fn a_server_that_was_left_behind_is_adopted_and_then_stopped() {
    let data = Data::new();
    let killed_lobby = data.start().await;
    write(&killed_lobby).await;
    let pid = data.postmaster();
    drop(killed_lobby);
    let server = data.start().await;
    assert!(server.adopted());
    assert_eq!(data.postmaster(), pid);
    assert_eq!(read(&server).await.unwrap(), ["kept"]);
    server.stop().await.unwrap();
    assert_eq!(data.postmaster(), None);
}

#[tokio::test]
async fn the_last_one_stops_the_server() {
    let data = Data::new();
    let first = data.start().await;
    write(&first).await;
    let second = data.start().await;
    assert!(second.adopted());
    assert_eq!(first.url("notes"), second.url("notes"));
    first.stop().await.unwrap();
    assert_eq!(read(&second).await.unwrap(), ["kept"]);
    second.stop().await.unwrap();
    assert_eq!(data.postmaster(), None);
}

#[tokio::test]
async fn starts_at_once_share_one_server() {
    let data = Data::new();
    let (one, two, three) = tokio::join!(data.start(), data.start(), data.start());
    let servers = [one, two, three];
    assert_eq!(servers.iter().filter(|server| !server.adopted()).count(), 1);
    write(&servers[0]).await;
    for server in &servers {
        assert_eq!(read(server).await.unwrap(), ["kept"]);
    }
    for server in &servers {
        server.stop().await.unwrap();
    }
    assert_eq!(data.postmaster(), None);
}
