//! As root, which PostgreSQL refuses to run as, and as an ordinary user.

use std::{
    fs::{self, Permissions},
    os::unix::{
        fs::{PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    process::Command,
};

use embedded::{EmbeddedError, Options};
use nix::unistd::{User, geteuid};

use crate::support::{Data, read, write};

#[tokio::test]
async fn root_is_told_which_folder_bars_the_way() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root hands the server to another account");
        return;
    }
    let data = Data::below("private/data");
    let private = data.root().join("private");
    fs::create_dir(&private).unwrap();
    fs::set_permissions(&private, Permissions::from_mode(0o700)).unwrap();
    let error = embedded::Embedded::start(data.path(), Options::for_tests()).await.unwrap_err();
    assert!(matches!(&error, EmbeddedError::Unreachable { blocked, .. } if *blocked == private), "{error}");
    assert!(error.to_string().contains(&format!("chmod o+x {}", private.display())), "{error}");

    fs::set_permissions(&private, Permissions::from_mode(0o711)).unwrap();
    let server = data.start().await;
    write(&server).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn root_takes_over_data_that_it_restored_itself() {
    if !geteuid().is_root() {
        eprintln!("skipped: only root can own what it shouldn't");
        return;
    }
    let data = Data::new();
    let server = data.start().await;
    write(&server).await;
    server.stop().await.unwrap();
    let status = Command::new("chown").arg("-R").arg("0:0").arg(data.path()).status().unwrap();
    assert!(status.success());
    let server = data.start().await;
    assert_eq!(read(&server).await.unwrap(), ["kept"]);
    server.stop().await.unwrap();
}

#[test]
fn all_of_it_works_as_an_ordinary_user() {
    if !geteuid().is_root() {
        eprintln!("skipped: all tests run as an ordinary user already");
        return;
    }
    let Some(user) = User::from_name("nobody").unwrap() else {
        eprintln!("skipped: there is no account `nobody`");
        return;
    };
    // A copy, since the build folder may be closed to others. Another process makes it: were the file open for writing
    // in this one, a server that another test starts at that moment would inherit it, and a program that someone still
    // may write to cannot be run (ETXTBSY, execve(2)).
    let folder = tempfile::tempdir().unwrap();
    chown(folder.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw())).unwrap();
    let program = folder.path().join("tests");
    let copied = Command::new("cp").arg(std::env::current_exe().unwrap()).arg(&program).status().unwrap();
    assert!(copied.success());
    let mut command = Command::new(&program);
    command.args(["adoption::", "data_outlive_a_restart", "killed_server_back", "too_long", "--test-threads=2"]);
    command.current_dir(folder.path()).env("TMPDIR", folder.path()).env_remove("XDG_RUNTIME_DIR");
    let output = command.uid(user.uid.as_raw()).gid(user.gid.as_raw()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("8 passed"), "{said}");
}
