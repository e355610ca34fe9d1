//! Servers and starts that were killed.

use std::{fs, sync::Arc, time::Duration};

use nix::sys::signal::{Signal, kill};

use crate::support::{Data, back_after, read, run, write};

#[tokio::test]
async fn the_watch_brings_a_killed_server_back() {
    let data = Data::new();
    let server = Arc::new(data.start_durable().await);
    write(&server).await;
    let watched = Arc::clone(&server);
    let watch = tokio::spawn(async move { watched.watch().await });

    for _ in 0..2 {
        let killed = data.kill_server();
        let took = back_after(&server, Duration::from_secs(10)).await;
        eprintln!("back after {took:?}");
        assert_ne!(data.postmaster(), Some(killed));
    }
    server.stop().await.unwrap();
    watch.await.unwrap();
    assert_eq!(data.postmaster(), None, "the watch doesn't bring back what was stopped");
}

#[tokio::test]
async fn the_watch_waits_for_sessions_of_the_dead_server() {
    let data = Data::new();
    let server = Arc::new(data.start_durable().await);
    write(&server).await;
    let watched = Arc::clone(&server);
    tokio::spawn(async move { watched.watch().await });
    let busy = Arc::clone(&server);
    // A session at work in the processor notices the server's death late, and keeps the memory that it shared.
    tokio::spawn(async move { run(&busy, "DO $$ BEGIN FOR i IN 1..50000000 LOOP END LOOP; END $$").await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    data.kill_server();
    back_after(&server, Duration::from_mins(1)).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_adopted_server_is_brought_back_too() {
    let data = Data::new();
    let killed_lobby = data.start_durable().await;
    write(&killed_lobby).await;
    drop(killed_lobby);
    let server = Arc::new(data.start_durable().await);
    assert!(server.adopted());
    let watched = Arc::clone(&server);
    tokio::spawn(async move { watched.watch().await });
    data.kill_server();
    back_after(&server, Duration::from_secs(10)).await;
    server.stop().await.unwrap();
    assert_eq!(data.postmaster(), None);
}

#[tokio::test]
async fn a_start_after_a_crash_of_both_recovers() {
    let data = Data::new();
    let server = data.start_durable().await;
    write(&server).await;
    drop(server);
    data.kill_server();
    let server = data.start_durable().await;
    assert_eq!(read(&server).await.unwrap(), ["kept"]);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_stale_file_with_a_stranger_s_process_is_no_server() {
    let data = Data::new();
    let server = data.start().await;
    write(&server).await;
    let file = data.path().join("postgres/postmaster.pid");
    let stale = fs::read_to_string(&file).unwrap();
    server.stop().await.unwrap();
    // After a reboot the number belongs to anybody, here to a process that runs for as long as this test.
    let mut stranger = std::process::Command::new("sleep").arg("600").spawn().unwrap();
    let (_, rest) = stale.split_once('\n').unwrap();
    fs::write(&file, format!("{}\n{rest}", stranger.id())).unwrap();
    let server = data.start().await;
    assert!(!server.adopted());
    assert_eq!(read(&server).await.unwrap(), ["kept"]);
    server.stop().await.unwrap();
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger was left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[tokio::test]
async fn an_interrupted_first_start_heals() {
    let data = Data::new();
    // What a killed `initdb` leaves: a part of a cluster, under the name of an unfinished one.
    let unfinished = data.path().join("postgres.new-1");
    fs::create_dir_all(unfinished.join("base")).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    let server = data.start().await;
    assert!(!unfinished.exists());
    write(&server).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_first_start_that_is_cut_off_anywhere_heals() {
    let data = Data::new();
    for limit in [30, 200, 500] {
        // Dropping the future ends its `initdb`, or leaves a server to adopt.
        let _ = tokio::time::timeout(Duration::from_millis(limit), data.start()).await;
    }
    let server = data.start().await;
    write(&server).await;
    assert_eq!(read(&server).await.unwrap(), ["kept"]);
    server.stop().await.unwrap();
    assert_eq!(data.postmaster(), None);
}

#[tokio::test]
async fn a_stop_takes_a_server_that_someone_else_is_stopping() {
    let data = Data::new();
    let server = data.start().await;
    kill(data.postmaster().unwrap(), Signal::SIGINT).unwrap();
    server.stop().await.unwrap();
    let server = data.start().await;
    kill(data.postmaster().unwrap(), Signal::SIGINT).unwrap();
    let next = data.start().await;
    next.ensure_database("notes").await.unwrap();
    next.stop().await.unwrap();
    server.stop().await.unwrap();
    assert_eq!(data.postmaster(), None);
}
