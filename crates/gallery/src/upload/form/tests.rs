//! Forms as clients send them, well and badly.

use actix_web::{http::header::CONTENT_TYPE, test::TestRequest};
use chrono::DateTime;

use super::*;

const BOUNDARY: &str = "----x";

fn part(headers: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {headers}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

fn text(name: &str, value: &str) -> Vec<u8> {
    part(&format!("name=\"{name}\""), value.as_bytes())
}

fn file(content: &[u8]) -> Vec<u8> {
    part("name=\"file\"; filename=\"C:\\\\Bilder\\\\Grüße.jpg\"\r\nContent-Type: text/html", content)
}

fn body(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), format!("--{BOUNDARY}--\r\n").into_bytes()].concat()
}

struct Outcome {
    result: Result<Upload, Problem>,
    /// The workspaces that were asked about, and how many files were spooled at the time.
    asked: Vec<(Option<String>, usize)>,
}

/// Receives a form with room for files of 1,000 bytes.
async fn receive(query: &str, body: Vec<u8>) -> Outcome {
    receive_of(true, query, body).await
}

/// The same of somebody for whom it is possible, or not, to upload anywhere.
async fn receive_of(is_possible: bool, query: &str, body: Vec<u8>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().into(), 1000, DateTime::UNIX_EPOCH).unwrap();
    let (request, mut payload) = TestRequest::post()
        .uri(&format!("/images{query}"))
        .insert_header((CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")))
        .set_payload(body)
        .to_http_parts();
    let form = UploadForm::from_request(&request, &mut payload).await.unwrap();
    let asked = std::cell::RefCell::new(Vec::new());
    let decide = async |workspace: Option<&WorkspaceRef>| {
        let spooled = std::fs::read_dir(folder.path()).unwrap().count();
        asked.borrow_mut().push((workspace.map(ToString::to_string), spooled));
        if workspace.is_some_and(|named| named.to_string() == "closed") { Err(Problem::not_found()) } else { Ok(()) }
    };
    let result = form.receive(&spool, is_possible, decide).await.map(|((), upload)| upload);
    Outcome { result, asked: asked.into_inner() }
}

async fn refusal(parts: &[Vec<u8>]) -> (u16, String) {
    let problem = receive("", body(parts)).await.result.unwrap_err();
    (problem.status().as_u16(), problem.code().to_owned())
}

#[actix_web::test]
async fn parts_come_in_any_order() {
    let parts = [
        text("workspace", "acme"),
        text("description", "Zürich\r\nam See"),
        text("tags", "Sun, SEA,"),
        text("tags", "sun"),
        file(b"bytes"),
    ];
    for turn in 0..parts.len() {
        let mut parts = parts.clone();
        parts.rotate_left(turn);
        let Outcome { result, asked } = receive("?allow_duplicate=true", body(&parts)).await;
        let upload = result.unwrap();
        assert_eq!(upload.description, "Zürich\r\nam See");
        assert_eq!(upload.original_name.as_deref(), Some("Grüße.jpg"));
        assert_eq!((upload.file.length(), upload.allow_duplicate), (5, true));
        let mut tags = upload.tags.clone();
        tags.sort();
        assert_eq!(tags, ["sea", "sun"]);
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].0.as_deref(), Some("acme"));
    }
}

#[actix_web::test]
async fn nothing_is_kept_of_a_file_for_whoever_may_upload_nowhere() {
    let Outcome { result, asked } = receive_of(false, "", body(&[file(b"x"), text("workspace", "closed")])).await;
    assert_eq!((result.unwrap_err().status().as_u16(), asked), (404, vec![(Some("closed".to_owned()), 0)]));
    let Outcome { result, asked } = receive_of(true, "", body(&[file(b"x"), text("workspace", "closed")])).await;
    assert_eq!((result.unwrap_err().status().as_u16(), asked), (404, vec![(Some("closed".to_owned()), 1)]));
    let Outcome { asked, .. } = receive_of(false, "", body(&[text("workspace", "closed"), file(b"x")])).await;
    assert_eq!(asked, [(Some("closed".to_owned()), 0)]);
    let Outcome { asked, .. } = receive_of(false, "?workspace=closed", body(&[file(b"x")])).await;
    assert_eq!(asked, [(Some("closed".to_owned()), 0)]);
}

#[actix_web::test]
async fn it_is_decided_before_a_byte_of_the_file_is_kept() {
    let Outcome { result, asked } = receive("", body(&[text("workspace", "closed"), file(&[b'x'; 5000])])).await;
    assert_eq!(result.unwrap_err().status(), 404);
    assert_eq!(asked, [(Some("closed".to_owned()), 0)]);

    let Outcome { result, asked } = receive("?workspace=closed", body(&[file(b"x")])).await;
    assert_eq!(result.unwrap_err().status(), 404);
    assert_eq!(asked, [(Some("closed".to_owned()), 0)]);

    // The file came first: it waits in the spool folder.
    let Outcome { result, asked } = receive("", body(&[file(b"x"), text("workspace", "closed")])).await;
    assert_eq!(result.unwrap_err().status(), 404);
    assert_eq!(asked, [(Some("closed".to_owned()), 1)]);

    // Nothing named: that is known at the end only.
    let Outcome { result, asked } = receive("", body(&[file(b"x")])).await;
    assert!(result.is_ok());
    assert_eq!(asked, [(None, 1)]);
}

#[actix_web::test]
async fn a_file_has_as_many_bytes_as_are_taken_and_no_more() {
    assert!(receive("", body(&[file(&[b'x'; 1000])])).await.result.is_ok());
    assert_eq!(refusal(&[file(&[b'x'; 1001])]).await, (413, "file_too_large".to_owned()));
    let huge = usize::try_from(FORM_ROOM).unwrap() + 2000;
    assert_eq!(refusal(&[file(&vec![b'\r'; huge])]).await.0, 413);
    // Rubbish before the first part counts as well.
    let rubbish = b"rubbish\r\n".repeat(huge / 9 + 1);
    let problem = receive("", [rubbish, body(&[file(b"x")])].concat()).await.result.unwrap_err();
    assert_eq!(problem.status(), 413);
}

#[actix_web::test]
async fn a_body_announced_too_large_is_not_read() {
    let (request, mut payload) = TestRequest::post()
        .insert_header((CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}")))
        .insert_header((header::CONTENT_LENGTH, 1_000_000_000))
        .to_http_parts();
    let form = UploadForm::from_request(&request, &mut payload).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().into(), 1000, DateTime::UNIX_EPOCH).unwrap();
    let problem = form.receive(&spool, true, async |_| Ok(())).await.unwrap_err();
    assert_eq!((problem.status().as_u16(), problem.code()), (413, "file_too_large"));
}

#[actix_web::test]
async fn bad_forms_are_refused_with_their_reason() {
    let invalid = (422, "validation_failed".to_owned());
    for parts in [
        vec![text("description", "no file")],
        vec![file(b"x"), file(b"y")],
        vec![file(b"x"), text("workspace", "a"), text("workspace", "a")],
        vec![file(b"x"), text("image", "y")],
        vec![file(b"x"), text("description", "nul\0")],
        vec![file(b"x"), part("name=\"description\"", b"\xff\xfe")],
        vec![file(b"x"), text("description", &"ä".repeat(2001))],
        vec![file(b"x"), text("description", &"ä".repeat(20_000))],
        vec![file(b"x"), text("tags", &"a".repeat(51))],
        vec![file(b"x"), text("workspace", "no workspace!")],
        vec![text("tags", "a"); 17],
    ] {
        assert_eq!(refusal(&parts).await, invalid);
    }
    let whole = body(&[file(b"0123456789")]);
    for length in 0..whole.len() - BOUNDARY.len() - 8 {
        let problem = receive("", whole[..length].to_vec()).await.result.unwrap_err();
        assert!([400, 422].contains(&problem.status().as_u16()), "cut off at {length}: {problem}");
    }
    assert_eq!(receive("?nonsense=1", whole).await.result.unwrap_err().status(), 422);
}

#[actix_web::test]
async fn what_is_no_form_is_told_so() {
    let (request, mut payload) = TestRequest::post().insert_header((CONTENT_TYPE, "image/png")).to_http_parts();
    let form = UploadForm::from_request(&request, &mut payload).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let spool = Spool::open(folder.path().into(), 1000, DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(form.receive(&spool, true, async |_| Ok(())).await.unwrap_err().status(), 415);
}

#[actix_web::test]
async fn a_fingerprint_is_of_what_is_asked_for() {
    let fingerprint = async |query: &str, parts: &[Vec<u8>]| {
        let upload = receive(query, body(parts)).await.result.unwrap();
        upload.fingerprint(WorkspaceId(uuid::Uuid::nil()))
    };
    let one = fingerprint("", &[file(b"x"), text("description", "a"), text("tags", "b")]).await;
    assert_eq!(one, fingerprint("", &[text("tags", "B"), text("description", "a"), file(b"x")]).await);
    assert_ne!(one, fingerprint("", &[file(b"x"), text("description", "ab")]).await);
    assert_ne!(one, fingerprint("", &[file(b"y"), text("description", "a"), text("tags", "b")]).await);
    assert_ne!(
        one,
        fingerprint("?allow_duplicate=true", &[file(b"x"), text("description", "a"), text("tags", "b")]).await
    );
}
