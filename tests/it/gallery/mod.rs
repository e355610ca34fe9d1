//! The gallery: pictures that come in, the approval that they wait for, and who sees what of them.

mod album_order;
mod albums;
mod appeals;
mod approvals;
mod authority;
mod bulk;
mod claims;
mod content;
mod deletion;
mod duplicates;
mod editing;
mod handover;
mod hostile;
mod keeping;
mod killed;
mod links;
mod lists;
mod metadata;
mod photos;
mod pictures;
mod queue;
mod quota;
mod reports;
mod s3;
mod said;
mod search;
mod streams;
mod trash;
mod uploads;
mod variants;

pub use self::s3::Store;
use std::path::Path;

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::harness::{Answer, Client, Lobby, eventually};

/// Rows of images.
const IMAGES: &str = "SELECT count(*) FROM gallery.images";
/// Every state that an image can be in.
const STATES: &[&str] = &["draft", "pending", "approved", "rejected"];

/// A gallery with someone of each role.
struct Gallery {
    workspace: String,
    admin: Client,
    player: Client,
    company: Client,
    subscriber: Client,
}

impl Gallery {
    async fn open(lobby: &Lobby) -> Self {
        let (admin, workspace) = lobby.workspace("gallery").await;
        let player = lobby.member(&admin, &workspace, "beta_player").await;
        let company = lobby.member(&admin, &workspace, "company_user").await;
        let subscriber = lobby.member(&admin, &workspace, "growth_plan_subscriber").await;
        Self { workspace, admin, player, company, subscriber }
    }

    /// Someone with a role that grants just this.
    async fn member_who(&self, lobby: &Lobby, role: &str, permissions: Value) -> Client {
        let body = json!({ "name": role, "permissions": permissions });
        self.admin.post(&format!("/workspaces/{}/roles", self.workspace), body).await.expect(201);
        lobby.member(&self.admin, &self.workspace, role).await
    }

    /// A new image in this state, uploaded by the player.
    async fn image(&self, state: &str) -> String {
        let id = self.player.upload(&self.workspace, pictures::fresh(), "a picture").await.expect(201).id();
        self.bring(&id, state).await;
        id
    }

    /// Brings a draft into a state.
    async fn bring(&self, id: &str, state: &str) {
        if state != "draft" {
            submit(&self.admin, id).await.expect(201);
        }
        match state {
            "approved" => approve(&self.admin, id).await.expect(200),
            "rejected" => reject(&self.admin, id, "blurred").await.expect(200),
            _ => return,
        };
    }
}

async fn submit(client: &Client, id: &str) -> Answer {
    client.act(&format!("/images/{id}/approval")).await
}

async fn withdraw(client: &Client, id: &str) -> Answer {
    client.delete(&format!("/images/{id}/approval")).await
}

async fn approve(client: &Client, id: &str) -> Answer {
    client.put(&format!("/images/{id}/approval"), json!({ "decision": "approved" })).await
}

async fn reject(client: &Client, id: &str, reason: &str) -> Answer {
    client.put(&format!("/images/{id}/approval"), json!({ "decision": "rejected", "reason": reason })).await
}

/// Uploads a form as it is; the query begins with `?`, or is empty.
async fn post_form(client: &Client, query: &str, form: Form) -> Answer {
    client.send(client.request(Method::POST, &format!("/images{query}")).multipart(form)).await
}

/// A form's file, under a name.
fn file(bytes: Vec<u8>, name: &str) -> Part {
    Part::bytes(bytes).file_name(name.to_owned())
}

/// A request with headers.
async fn asking(client: &Client, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = client.request(method, path);
    client.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

/// Files below a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let entries = entries.map(|entry| entry.unwrap().path());
    entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

/// Objects of one content.
const EACH: usize = 6;

/// Objects in the store.
fn objects(lobby: &Lobby) -> usize {
    assert!(lobby.folder.path().join("media").is_dir(), "media are elsewhere");
    files(&lobby.folder.path().join("media"))
}

/// Uploads that nothing is decided about.
fn spooled(lobby: &Lobby) -> usize {
    assert!(lobby.folder.path().join("spool").is_dir(), "the spool folder is elsewhere");
    files(&lobby.folder.path().join("spool"))
}

/// Lets time go by for what is in the trash, and empties it.
async fn empty_trash(lobby: &Lobby) -> u64 {
    lobby.database.execute("UPDATE gallery.images SET deleted_at = deleted_at - interval '30 days 1 second'").await;
    lobby.services().images.empty_trash().await.unwrap()
}

/// No image, no object, no upload on its way.
#[track_caller]
fn assert_nothing_stored(lobby: &Lobby, rows: i64, after: &str) {
    assert_eq!((rows, objects(lobby), spooled(lobby)), (0, 0, 0), "rows, objects and spooled files after {after}");
}
