//! Bodies as streams: ones that are far too large, and ones that break off.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::timeout,
};

use super::{IMAGES, assert_nothing_stored, eventually, pictures, spooled};
use crate::harness::{Client, Lobby, PASSWORD, lobby, lobby_with};

const GIGABYTE: usize = 1024 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;
const FORM: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";

/// Opens an upload whose body is still to come.
async fn begin(lobby: &Lobby, client: &Client, workspace: &str, framing: &str) -> (OwnedReadHalf, OwnedWriteHalf) {
    let (read, mut write) = TcpStream::connect(lobby.base().trim_start_matches("http://")).await.unwrap().into_split();
    let token = client.token.as_deref().unwrap();
    let head = format!(
        "POST /api/v1/images?workspace={workspace} HTTP/1.1\r\nHost: lobby\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n{framing}\r\n\r\n"
    );
    write.write_all(head.as_bytes()).await.unwrap();
    (read, write)
}

/// Bytes of memory that this process has, the server in it.
#[cfg(target_os = "linux")]
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[cfg(not(target_os = "linux"))]
fn memory() -> usize {
    0
}

/// Sends a gigabyte, or as much of it as is taken; answers the most memory there was meanwhile.
async fn pour(mut write: OwnedWriteHalf, chunked: bool) -> usize {
    let framed = |bytes: &[u8]| match chunked {
        true => [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat(),
        false => bytes.to_vec(),
    };
    let mut most = memory();
    if write.write_all(&framed(FORM)).await.is_err() {
        return most;
    }
    let chunk = framed(&[b'a'; CHUNK]);
    for number in 0..GIGABYTE / CHUNK {
        if write.write_all(&chunk).await.is_err() {
            break;
        }
        if number % 64 == 0 {
            most = most.max(memory());
        }
    }
    most
}

/// The answer, as far as it tells its code.
async fn answer(mut read: OwnedReadHalf) -> String {
    let mut bytes = Vec::new();
    let told = async {
        while !String::from_utf8_lossy(&bytes).contains("\"code\":") && read.read_buf(&mut bytes).await.unwrap() > 0 {}
    };
    timeout(Duration::from_secs(120), told).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_gigabyte_is_refused_and_never_held_in_memory() {
    // A limit that would be seen if a body were gathered up to it.
    lobby_with(&[("LOBBY__GALLERY__MAX_BYTES", "536870912")], async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let announced = format!("Content-Length: {GIGABYTE}");
        for (framing, chunked) in [("Transfer-Encoding: chunked", true), (announced.as_str(), false)] {
            let before = memory();
            let (read, write) = begin(lobby, &owner, &workspace, framing).await;
            let pouring = tokio::spawn(pour(write, chunked));
            let answer = answer(read).await;
            assert!(answer.starts_with("HTTP/1.1 413"), "{framing}: {answer}");
            assert!(answer.contains("\"code\":\"file_too_large\""), "{framing}: {answer}");
            let most = pouring.await.unwrap();
            let grown = most.max(memory()).saturating_sub(before) / 1024 / 1024;
            assert!(grown < 256, "{framing}: memory grew by {grown} MB");
            eventually("the spool folder is not cleared", async || spooled(lobby) == 0).await;
            assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, framing);
        }
        owner.upload(&workspace, pictures::fresh(), "the server goes on").await.expect(201);
    });
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for (framing, content) in [
            ("Content-Length: 1000000", [FORM, &[b'a'; 400_000]].concat()),
            ("Transfer-Encoding: chunked", [b"f4240\r\n", FORM, &[b'a'; 400_000]].concat()),
        ] {
            let mut open = Vec::new();
            for _ in 0..5 {
                let (read, mut write) = begin(lobby, &owner, &workspace, framing).await;
                write.write_all(&content).await.unwrap();
                open.push((read, write));
            }
            eventually("nothing was spooled", async || spooled(lobby) == 5).await;
            drop(open);
            eventually("the spool folder is not cleared", async || spooled(lobby) == 0).await;
            assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, framing);
        }
        owner.upload(&workspace, pictures::fresh(), "the server goes on").await.expect(201);
    });
}

#[test]
fn a_client_that_leaves_while_its_picture_is_decoded_leaves_no_half_image() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        for _ in 0..5 {
            let body = [FORM, &pictures::fresh()[..], b"\r\n--x--\r\n"].concat();
            let framing = format!("Content-Length: {}", body.len());
            let (read, mut write) = begin(lobby, &owner, &workspace, &framing).await;
            write.write_all(&body).await.unwrap();
            drop((read, write));
        }
        eventually("the spool folder is not cleared", async || spooled(lobby) == 0).await;
        // Each is there whole or not at all; what was stored for those that are not harms nobody.
        let images = owner.get("/images").await.expect(200);
        for id in images.each("id") {
            owner.get(&format!("/images/{id}/content")).await.expect(200);
        }
    });
}

#[test]
fn an_upload_that_ends_after_its_session_did_is_refused_and_leaves_nothing() {
    lobby(async |lobby| {
        let (owner, workspace) = lobby.workspace("lobby").await;
        let email = owner.get("/users/me").await.expect(200).text("email");
        // By what ends the session in which the upload began.
        for end in ["/auth/logout", "/auth/sessions"] {
            let uploader = owner.sign_in(&email, PASSWORD).await;
            let body = [FORM, &pictures::fresh()[..], b"\r\n--x--\r\n"].concat();
            let (half, rest) = body.split_at(body.len() / 2);
            let framing = format!("Content-Length: {}", body.len());
            let (read, mut write) = begin(lobby, &uploader, &workspace, &framing).await;
            write.write_all(half).await.unwrap();
            eventually("nothing was spooled", async || spooled(lobby) == 1).await;
            match end {
                "/auth/logout" => uploader.act(end).await.expect(204),
                _ => owner.delete(end).await.expect(204),
            };
            write.write_all(rest).await.unwrap();
            let answer = answer(read).await;
            assert!(answer.starts_with("HTTP/1.1 401") || answer.starts_with("HTTP/1.1 403"), "{end}: {answer}");
            eventually("the spool folder is not cleared", async || spooled(lobby) == 0).await;
            assert_nothing_stored(lobby, lobby.database.number(IMAGES).await, end);
        }
        owner.upload(&workspace, pictures::fresh(), "the server goes on").await.expect(201);
    });
}
