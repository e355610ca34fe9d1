//! Data folders with inconvenient paths.

use std::{fs, os::unix::fs::MetadataExt as _, path::PathBuf};

use embedded::{EmbeddedError, Options};

use crate::support::{Data, read, write};

#[tokio::test]
async fn a_path_too_long_for_a_socket_takes_a_private_folder_elsewhere() {
    let data = Data::below(&format!("{}/{}", "deep".repeat(20), "deeper".repeat(10)));
    let server = data.start().await;
    write(&server).await;
    let socket = fs::read_to_string(data.path().join("postgres/postmaster.pid")).unwrap();
    let socket = PathBuf::from(socket.lines().nth(4).unwrap());
    assert!(!socket.starts_with(data.root()));
    assert_eq!(fs::metadata(&socket).unwrap().mode() & 0o777, 0o700);
    let again = data.start().await;
    assert!(again.adopted());
    assert_eq!(read(&again).await.unwrap(), ["kept"]);
    again.stop().await.unwrap();
    server.stop().await.unwrap();
    assert!(!socket.exists(), "nothing is left behind");
}

#[tokio::test]
async fn odd_characters_are_just_characters() {
    let data = Data::below("it's, a \"data\" folder & so on/ü%20");
    let server = data.start().await;
    write(&server).await;
    let again = data.start().await;
    assert!(again.adopted());
    assert_eq!(read(&again).await.unwrap(), ["kept"]);
    again.stop().await.unwrap();
    server.stop().await.unwrap();
}

#[tokio::test]
async fn a_named_folder_without_programs_is_refused() {
    let data = Data::new();
    let options = Options { bin_dir: Some(data.root().to_owned()), ..Options::for_tests() };
    let error = embedded::Embedded::start(data.path(), options).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NotABinFolder { .. }), "{error}");
}

#[tokio::test]
async fn data_of_a_version_that_is_missing_are_left_alone() {
    let data = Data::new();
    let cluster = data.path().join("postgres");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "12\n").unwrap();
    let error = embedded::Embedded::start(data.path(), Options::for_tests()).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::VersionMissing { needed: 12, .. }), "{error}");
    assert_eq!(fs::read_to_string(cluster.join("PG_VERSION")).unwrap(), "12\n");
}
