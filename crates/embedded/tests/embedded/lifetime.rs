//! From nothing to a running server, and back again with the data kept.

use std::{fs, os::unix::fs::MetadataExt as _};

use embedded::{EmbeddedError, Options};

use crate::support::{Data, read, run, write};

#[tokio::test]
async fn data_outlive_a_restart() {
    let data = Data::new();
    let server = data.start().await;
    assert!(!server.adopted());
    write(&server).await;
    server.stop().await.unwrap();
    assert_eq!(data.postmaster(), None);
    assert!(read(&server).await.is_err(), "a stopped server doesn't answer");
    server.stop().await.unwrap();

    let server = data.start().await;
    assert!(!server.adopted());
    assert_eq!(read(&server).await.unwrap(), ["kept"]);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn only_the_owner_reaches_the_data() {
    let data = Data::new();
    let server = data.start().await;
    for private in ["postgres", "run"] {
        let folder = fs::metadata(data.path().join(private)).unwrap();
        assert_eq!(folder.mode() & 0o777, 0o700, "{private}");
    }
    server.ensure_database("notes").await.unwrap();
    let quiet =
        "DO $$ BEGIN ASSERT current_setting('listen_addresses') = '' AND current_setting('fsync') = 'off'; END $$";
    run(&server, quiet).await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn signals_of_the_terminal_do_not_reach_the_server() {
    let data = Data::new();
    let server = data.start().await;
    let group = |pid: String| {
        let output = std::process::Command::new("ps").args(["-o", "pgid=", "-p", &pid]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let pid = data.postmaster().unwrap().to_string();
    assert_eq!(group(pid.clone()), pid);
    assert_ne!(group(std::process::id().to_string()), pid);
    server.stop().await.unwrap();
}

#[tokio::test]
async fn settings_of_the_caller_win() {
    let data = Data::new();
    let settings =
        vec![("fsync".to_owned(), "on".to_owned()), ("application_name".to_owned(), "it's \"odd\"".to_owned())];
    let options = Options { settings, ..Options::for_tests() };
    let server = embedded::Embedded::start(data.path(), options).await.unwrap();
    server.ensure_database("notes").await.unwrap();
    run(&server, "DO $$ BEGIN ASSERT current_setting('fsync') = 'on'; END $$").await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn an_impossible_setting_is_told_with_the_server_s_own_words() {
    let data = Data::new();
    let settings = vec![("shared_buffers".to_owned(), "plenty".to_owned())];
    let options = Options { settings, ..Options::for_tests() };
    let error = embedded::Embedded::start(data.path(), options).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NotStarted { .. }), "{error}");
    assert!(error.to_string().contains("shared_buffers"), "{error}");
}

#[tokio::test]
async fn databases_are_made_once_whatever_their_name_and_whoever_asks() {
    let data = Data::new();
    let server = data.start().await;
    let name = "we\"ird; näme/?";
    let (one, two, three) =
        tokio::join!(server.ensure_database(name), server.ensure_database(name), server.ensure_database("other"));
    one.and(two).and(three).unwrap();
    let mut session = <sqlx::PgConnection as sqlx::Connection>::connect(&server.url(name)).await.unwrap();
    let current: String = sqlx::query_scalar("SELECT current_database()::text").fetch_one(&mut session).await.unwrap();
    assert_eq!(current, name);
    drop(session);
    for name in [String::new(), "x".repeat(64), "zero\0".to_owned()] {
        assert!(matches!(server.ensure_database(&name).await, Err(EmbeddedError::DatabaseName { .. })));
    }
    server.stop().await.unwrap();
}
