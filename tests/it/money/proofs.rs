//! The files that show that an operation happened.

use reqwest::{Method, multipart};
use serde_json::json;

use super::{project, recorded};
use crate::harness::{Answer, Client, lobby, picture};

async fn send(client: &Client, project: &str, key: &str, form: multipart::Form) -> Answer {
    let request = client.request(Method::POST, &format!("/projects/{project}/operations"));
    client.send(request.header("Idempotency-Key", key).multipart(form)).await
}

fn form(bytes: Vec<u8>, name: &str) -> multipart::Form {
    let file = multipart::Part::bytes(bytes).file_name(name.to_owned());
    multipart::Form::new().text("type", "withdrawal").text("amount", "1250").part("proof", file)
}

#[test]
fn a_proof_is_kept_and_given_back_as_it_came() {
    lobby(async |lobby| {
        let (owner, workspace, project) = project(lobby).await;
        let pdf = b"%PDF-1.7 a receipt".to_vec();
        let made = send(&owner, &project, "a", form(pdf.clone(), "../re\u{e7}u 1.pdf")).await.expect(201);
        let told = json!({ "media_type": "application/pdf", "name": "re\u{e7}u 1.pdf", "bytes": pdf.len() });
        assert_eq!((&made.json["proof"], &made.json["amount"]), (&told, &json!(1250)));
        let path = format!("/operations/{}/proof", made.id());
        let proof = owner.get(&path).await.expect(200);
        assert_eq!(proof.bytes, pdf);
        assert_eq!(proof.header("content-type"), "application/pdf");
        assert_eq!(proof.header("content-disposition"), "attachment; filename*=UTF-8''re%C3%A7u%201.pdf");
        assert_eq!(proof.header("x-content-type-options"), "nosniff");
        // The same again is the same; another file with the key isn't.
        let again = send(&owner, &project, "a", form(pdf, "../re\u{e7}u 1.pdf")).await.expect(201);
        assert_eq!(again.id(), made.id());
        let other = form(b"%PDF-1.7 another".to_vec(), "../re\u{e7}u 1.pdf");
        send(&owner, &project, "a", other).await.problem(422, "idempotency_key_reused");
        assert_eq!(owner.get(&path).await.expect(200).bytes, b"%PDF-1.7 a receipt");
        let user = lobby.member(&owner, &workspace, "user").await;
        user.get(&path).await.problem(404, "not_found");
        let plain = recorded(&owner, &project, "deposit", 1).await;
        owner.get(&format!("/operations/{plain}/proof")).await.problem(404, "not_found");
    });
}

#[test]
fn what_is_no_proof_is_refused_and_nothing_of_it_stays() {
    lobby(async |lobby| {
        let (owner, _, project) = project(lobby).await;
        let html = form(b"<html><script>alert(1)</script>".to_vec(), "receipt.pdf");
        send(&owner, &project, "a", html).await.problem(415, "unsupported_media_type");
        let huge = [b"%PDF-".to_vec(), vec![b' '; 10 * 1024 * 1024]].concat();
        send(&owner, &project, "b", form(huge, "a.pdf")).await.problem(413, "file_too_large");
        let wrong = form(picture(1), "a.jpg").text("colour", "red");
        send(&owner, &project, "c", wrong).await.faults(&["/colour"]);
        let twice = form(picture(1), "a.jpg").text("amount", "7");
        send(&owner, &project, "d", twice).await.faults(&["/amount"]);
        let words = multipart::Form::new().text("type", "deposit").text("amount", "ten");
        send(&owner, &project, "e", words).await.faults(&["/amount"]);
        super::bill(&owner, &project, json!({ "type": "fixed", "limit": 1 })).await.expect(200);
        send(&owner, &project, "f", form(picture(1), "a.jpg")).await.problem(409, "budget_exceeded");
        assert_eq!(lobby.database.number("SELECT count(*) FROM project.operations").await, 0);
        let media = lobby.folder.path().join("media/project");
        let left = std::process::Command::new("find").arg(&media).args(["-type", "f"]).output().unwrap();
        assert!(left.stdout.is_empty(), "{}", String::from_utf8_lossy(&left.stdout));
    });
}
