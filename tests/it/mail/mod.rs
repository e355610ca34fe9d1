//! Mail and what people do with it: forgotten passwords, proven and changed addresses, and that none of it is lost.

mod alike;
mod changing;
mod delivery;
mod devices;
mod forgotten;
mod inviting;
mod post_office;
mod required;
mod thieves;
mod verifying;

use serde_json::{Value, json};

pub use self::post_office::{PostOffice, free_port};
use crate::harness::{Answer, Client, Lobby, PASSWORD, eventually, lobby_with};

/// Another password that is long enough and on no list.
const NEXT: &str = "another-horse-43-battery";

/// Runs a test with a Lobby and a mail server.
#[track_caller]
fn mailing(variables: &[(&str, &str)], test: impl AsyncFnOnce(&Lobby, &PostOffice)) {
    let port = free_port();
    let url = format!("smtp://127.0.0.1:{port}");
    let mut settings = vec![
        ("LOBBY__MAIL__TRANSPORT", "smtp"),
        ("LOBBY__MAIL__SMTP_URL", url.as_str()),
        ("LOBBY__MAIL__FROM", "Lobby <hello@lobby.example>"),
        ("LOBBY__SERVER__PUBLIC_URL", "https://lobby.example"),
    ];
    settings.extend(variables);
    lobby_with(&settings, async |lobby| {
        let post = PostOffice::open(port, &[]).await;
        test(lobby, &post).await;
    });
}

/// Waits until every event was told and every mail was sent.
#[track_caller]
fn all_sent(lobby: &Lobby) -> impl Future<Output = ()> {
    let waiting = |module: &str| format!("SELECT count(*) FROM {module}.outbox WHERE told_at IS NULL");
    let (events, mails) = (waiting("accounts"), waiting("mail"));
    eventually("everything is sent", async move || {
        lobby.database.number(&events).await == 0 && lobby.database.number(&mails).await == 0
    })
}

/// The code in a mail.
#[track_caller]
fn code(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let digits = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    text.lines().map(str::trim).find(digits).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

/// What the link in a mail carries.
#[track_caller]
fn token(mail: &Value) -> String {
    let text = mail["text"].as_str().unwrap();
    let (_, rest) = text.split_once("#token=").unwrap_or_else(|| panic!("no link in {text}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

/// A code that is not the one.
fn not(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

/// Someone with this address, signed up and in.
async fn person(lobby: &Lobby, email: &str) -> Client {
    lobby.sign_up(json!({ "email": email, "password": PASSWORD })).await
}

async fn forgot(lobby: &Lobby, email: &str) -> Answer {
    lobby.anonymous().post("/auth/password/forgot", json!({ "email": email })).await
}

async fn log_in(lobby: &Lobby, email: &str, password: &str) -> Answer {
    lobby.anonymous().post("/auth/login", json!({ "email": email, "password": password })).await
}

async fn verify(lobby: &Lobby, body: Value) -> Answer {
    lobby.anonymous().post("/auth/email/verify", body).await
}
