//! Second factors: enrolled, asked for at every way in, used once, and removed by their owner only.

mod kept;

use futures_util::future::join_all;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use super::{is_in, platform_administrator};
use crate::harness::{Answer, Client, Lobby, PASSWORD, lobby, lobby_command};

const EMAIL: &str = "ada@example.org";

/// Someone with a second factor.
struct Guarded {
    person: Client,
    app: Totp,
    recovery_codes: Vec<String>,
}

/// The app that somebody set up with a secret.
fn app(secret: &str) -> Totp {
    Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap()
}

/// What an app shows now.
fn shown(lobby: &Lobby, app: &Totp) -> String {
    app.generate(u64::try_from(lobby.clock.now().timestamp()).unwrap()).to_string()
}

/// Some other six digits than what is taken now.
fn wrong(lobby: &Lobby, app: &Totp) -> String {
    let now = u64::try_from(lobby.clock.now().timestamp()).unwrap();
    let taken = [now - 30, now, now + 30].map(|at| app.generate(at).to_string());
    (0..).map(|number| format!("{number:06}")).find(|code| !taken.contains(code)).unwrap()
}

/// So that the app shows the next code.
fn wait_a_step(lobby: &Lobby) {
    lobby.clock.advance(chrono::Duration::seconds(30));
}

impl Guarded {
    async fn of(lobby: &Lobby) -> Self {
        let person = lobby.sign_up(json!({ "email": EMAIL, "password": PASSWORD, "username": "ada" })).await;
        let (app, recovery_codes) = enable(lobby, &person).await;
        Self { person, app, recovery_codes }
    }
}

/// Enables a second factor; answers the app and the recovery codes. The app shows its next code then.
pub async fn enable(lobby: &Lobby, person: &Client) -> (Totp, Vec<String>) {
    enable_by(lobby, person, PASSWORD).await
}

/// The same for whoever has another password than everybody.
pub async fn enable_by(lobby: &Lobby, person: &Client, password: &str) -> (Totp, Vec<String>) {
    let begun = person.post("/users/me/mfa/totp", json!({ "password": password })).await.expect(200);
    let app = app(&begun.text("secret"));
    let body = json!({ "code": shown(lobby, &app) });
    let confirmed = person.post("/users/me/mfa/totp/confirm", body).await.expect(200);
    let codes = confirmed.json["recovery_codes"].as_array().unwrap();
    let recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    wait_a_step(lobby);
    (app, recovery_codes)
}

async fn log_in(lobby: &Lobby) -> Answer {
    lobby.anonymous().post("/auth/login", json!({ "email": EMAIL, "password": PASSWORD })).await
}

/// Knows the password; gets the question for the code.
async fn half_in(lobby: &Lobby) -> String {
    let asked = log_in(lobby).await.expect(200);
    assert_eq!(asked.json["mfa_required"], true, "{}", asked.json);
    asked.text("mfa_token")
}

async fn answer(lobby: &Lobby, token: &str, kind: &str, code: &str) -> Answer {
    let mut body = json!({ "mfa_token": token });
    body[kind] = Value::from(code);
    lobby.anonymous().post("/auth/mfa", body).await
}

async fn sessions(lobby: &Lobby) -> i64 {
    lobby.database.number("SELECT count(*) FROM accounts.sessions").await
}

async fn events(lobby: &Lobby, action: &str) -> i64 {
    lobby.database.number(&format!("SELECT count(*) FROM accounts.outbox WHERE action = 'accounts.{action}'")).await
}

fn count(answers: &[Answer], code: &str) -> usize {
    answers.iter().filter(|answer| answer.json["code"] == code).count()
}

#[test]
fn enrolling_takes_the_password_and_the_first_code() {
    lobby(async |lobby| {
        let person = lobby.sign_up(json!({ "email": EMAIL, "password": PASSWORD })).await;
        let path = "/users/me/mfa/totp";
        person.post("/users/me/mfa/totp/confirm", json!({ "code": "000000" })).await.problem(409, "mfa_not_begun");
        person.post(path, json!({ "password": "not-my-password" })).await.faults(&["/password"]);
        person.post(path, json!({})).await.faults(&["/password"]);
        let first = person.post(path, json!({ "password": PASSWORD })).await.expect(200);
        assert_eq!(first.header("cache-control"), "no-store");
        let second = person.post(path, json!({ "password": PASSWORD })).await.expect(200);
        assert_ne!(first.text("secret"), second.text("secret"));
        assert!(second.text("uri").starts_with("otpauth://totp/localhost:ada%40example.org?secret="));
        assert_eq!(person.get("/users/me/mfa").await.expect(200).json["pending"], true);
        // Not confirmed yet, so nothing is asked for.
        assert!(log_in(lobby).await.expect(200).json["access_token"].is_string());

        let confirm = |code: String| person.post("/users/me/mfa/totp/confirm", json!({ "code": code }));
        confirm(shown(lobby, &app(&first.text("secret")))).await.faults(&["/code"]);
        let app = app(&second.text("secret"));
        confirm(wrong(lobby, &app)).await.faults(&["/code"]);
        confirm("12345".to_owned()).await.faults(&["/code"]);
        assert_eq!(events(lobby, "mfa_enabled").await, 0);
        let confirmed = confirm(shown(lobby, &app)).await.expect(200);
        assert_eq!(confirmed.json["recovery_codes"].as_array().unwrap().len(), 10);
        let state = person.get("/users/me/mfa").await.expect(200).json;
        assert_eq!((&state["enabled"], &state["pending"]), (&json!(true), &json!(false)));
        assert_eq!(state["recovery_codes_left"], 10);
        assert_eq!(events(lobby, "mfa_enabled").await, 1);
        confirm(shown(lobby, &app)).await.problem(409, "mfa_enabled");
        person.post(path, json!({ "password": PASSWORD })).await.problem(409, "mfa_enabled");
    });
}

#[test]
fn of_many_confirmations_at_once_one_gives_recovery_codes() {
    lobby(async |lobby| {
        let person = lobby.sign_up(json!({ "email": EMAIL, "password": PASSWORD })).await;
        let begun = person.post("/users/me/mfa/totp", json!({ "password": PASSWORD })).await.expect(200);
        let body = json!({ "code": shown(lobby, &app(&begun.text("secret"))) });
        let answers = join_all((0..20).map(|_| person.post("/users/me/mfa/totp/confirm", body.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.recovery_codes").await, 10);
        assert_eq!(events(lobby, "mfa_enabled").await, 1);
    });
}

#[test]
fn signing_in_asks_for_the_code_and_gives_nothing_before() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let before = sessions(lobby).await;
        let bodies =
            [json!({ "email": EMAIL, "password": PASSWORD }), json!({ "username": "ada", "password": PASSWORD })];
        for (path, body) in ["/auth/login", "/users/login"].iter().zip(bodies) {
            let asked = lobby.anonymous().post(path, body).await.expect(200);
            assert_eq!(asked.json["mfa_required"], true);
            assert_eq!(asked.json["expires_in"], 300);
            assert!(asked.json["access_token"].is_null() && asked.json["refresh_token"].is_null());
            let token = asked.text("mfa_token");
            lobby.anonymous().with_token(&token).get("/users/me").await.problem(401, "invalid_token");
            let refresh = json!({ "refresh_token": token });
            lobby.anonymous().post("/auth/refresh", refresh).await.problem(401, "invalid_refresh_token");
        }
        assert_eq!(sessions(lobby).await, before, "half a sign-in began a session");
        let wrong_password = json!({ "email": EMAIL, "password": "not-my-password" });
        lobby.anonymous().post("/auth/login", wrong_password).await.problem(401, "invalid_credentials");

        let token = half_in(lobby).await;
        let refused = json!({ "mfa_token": token });
        lobby.anonymous().post("/auth/mfa", refused).await.expect(422);
        let both = json!({ "mfa_token": token, "code": "1", "recovery_code": "2" });
        lobby.anonymous().post("/auth/mfa", both).await.expect(422);
        let last = if token.ends_with('A') { "B" } else { "A" };
        for forged in ["", "x", &token[1..], &format!("{}{last}", &token[..63])] {
            answer(lobby, forged, "code", &shown(lobby, &ada.app)).await.problem(401, "invalid_mfa_token");
        }
        let tokens = answer(lobby, &token, "code", &shown(lobby, &ada.app)).await.expect(200);
        assert_eq!(tokens.header("cache-control"), "no-store");
        is_in(&lobby.anonymous().holding(&tokens.json)).await;
        // And what was before goes on.
        is_in(&ada.person).await;
    });
}

#[test]
fn a_code_is_taken_once_and_none_before_it() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let earlier = shown(lobby, &ada.app);
        wait_a_step(lobby);
        let code = shown(lobby, &ada.app);
        answer(lobby, &half_in(lobby).await, "code", &code).await.expect(200);
        for used in [&code, &earlier] {
            answer(lobby, &half_in(lobby).await, "code", used).await.problem(401, "invalid_code");
        }
        wait_a_step(lobby);
        answer(lobby, &half_in(lobby).await, "code", &shown(lobby, &ada.app)).await.expect(200);
    });
}

#[test]
fn of_fifty_right_codes_at_once_one_gets_in() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let (before, code) = (sessions(lobby).await, shown(lobby, &ada.app));
        let token = half_in(lobby).await;
        let answers = join_all((0..50).map(|_| answer(lobby, &token, "code", &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(sessions(lobby).await, before + 1);

        // The same code through several doors.
        wait_a_step(lobby);
        let code = shown(lobby, &ada.app);
        let tokens = [half_in(lobby).await, half_in(lobby).await, half_in(lobby).await];
        let answers = join_all(tokens.iter().cycle().take(12).map(|token| answer(lobby, token, "code", &code))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(sessions(lobby).await, before + 2);
    });
}

#[test]
fn of_fifty_wrong_codes_at_once_five_are_looked_at() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let (before, token) = (sessions(lobby).await, half_in(lobby).await);
        let code = wrong(lobby, &ada.app);
        let answers = join_all((0..50).map(|_| answer(lobby, &token, "code", &code))).await;
        assert_eq!(count(&answers, "invalid_code"), 5);
        assert_eq!(count(&answers, "invalid_mfa_token"), 45);
        answer(lobby, &token, "code", &shown(lobby, &ada.app)).await.problem(401, "invalid_mfa_token");
        answer(lobby, &token, "recovery_code", &ada.recovery_codes[0]).await.problem(401, "invalid_mfa_token");
        assert_eq!(sessions(lobby).await, before);
        answer(lobby, &half_in(lobby).await, "code", &shown(lobby, &ada.app)).await.expect(200);
    });
}

#[test]
fn whoever_knows_the_password_cannot_guess_on_for_ever() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let code = wrong(lobby, &ada.app);
        let mut tokens = Vec::new();
        for _ in 0..6 {
            tokens.push(half_in(lobby).await);
        }
        let guesses = tokens.iter().flat_map(|token| (0..5).map(|_| answer(lobby, token, "code", &code)));
        let answers = join_all(guesses.collect::<Vec<_>>()).await;
        assert_eq!(count(&answers, "invalid_code"), 20);
        assert_eq!(count(&answers, "too_many_codes"), 10);
        let right = answer(lobby, &half_in(lobby).await, "code", &shown(lobby, &ada.app)).await;
        assert_eq!(right.problem(429, "too_many_codes").header("retry-after"), "3600");
        let body = json!({ "password": PASSWORD, "code": shown(lobby, &ada.app) });
        let path = "/users/me/mfa/totp";
        ada.person.call(reqwest::Method::DELETE, path, Some(&body)).await.problem(429, "too_many_codes");
        // The owner has another way in.
        answer(lobby, &half_in(lobby).await, "recovery_code", &ada.recovery_codes[0]).await.expect(200);
        lobby.clock.advance(chrono::Duration::hours(1));
        answer(lobby, &half_in(lobby).await, "code", &shown(lobby, &ada.app)).await.expect(200);
    });
}

#[test]
fn half_a_sign_in_ends_with_time_with_the_password_and_with_the_account() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let token = half_in(lobby).await;
        lobby.clock.advance(chrono::Duration::minutes(5));
        answer(lobby, &token, "code", &shown(lobby, &ada.app)).await.problem(401, "invalid_mfa_token");

        let token = half_in(lobby).await;
        let change = json!({ "current_password": PASSWORD, "new_password": "another-fine-password-77" });
        ada.person.put("/users/me/password", change).await.expect(204);
        answer(lobby, &token, "code", &shown(lobby, &ada.app)).await.problem(401, "invalid_mfa_token");

        // A new password is no way around the second factor.
        let body = json!({ "email": EMAIL, "password": "another-fine-password-77" });
        let asked = lobby.anonymous().post("/auth/login", body).await.expect(200);
        let token = asked.text("mfa_token");
        lobby.database.execute("UPDATE accounts.users SET status = 'disabled'").await;
        answer(lobby, &token, "code", &shown(lobby, &ada.app)).await.problem(401, "invalid_mfa_token");
        lobby.database.execute("UPDATE accounts.users SET status = 'active'").await;
        answer(lobby, &token, "code", &shown(lobby, &ada.app)).await.expect(200);
    });
}

#[test]
fn a_recovery_code_is_good_once_however_it_is_typed() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let before = sessions(lobby).await;
        let typed = ada.recovery_codes[0].to_uppercase().replace('-', " ");
        let mut tokens = Vec::new();
        for _ in 0..10 {
            tokens.push(half_in(lobby).await);
        }
        let answers = join_all(tokens.iter().map(|token| answer(lobby, token, "recovery_code", &typed))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert_eq!(count(&answers, "invalid_code"), 9);
        assert_eq!(sessions(lobby).await, before + 1);
        assert_eq!(events(lobby, "recovery_code_used").await, 1);
        let left =
            "SELECT (changes->>'left')::bigint FROM accounts.outbox WHERE action = 'accounts.recovery_code_used'";
        assert_eq!(lobby.database.number(left).await, 9);

        // Another account's codes are worth nothing here.
        let other = lobby.person().await;
        let begun = other.post("/users/me/mfa/totp", json!({ "password": PASSWORD })).await.expect(200);
        let body = json!({ "code": shown(lobby, &app(&begun.text("secret"))) });
        let theirs = other.post("/users/me/mfa/totp/confirm", body).await.expect(200);
        let foreign = theirs.json["recovery_codes"][0].as_str().unwrap();
        answer(lobby, &half_in(lobby).await, "recovery_code", foreign).await.problem(401, "invalid_code");
    });
}

#[test]
fn new_recovery_codes_take_both_factors_and_void_the_former() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let path = "/users/me/mfa/recovery-codes";
        let code = shown(lobby, &ada.app);
        ada.person.post(path, json!({ "password": "not-my-password", "code": code })).await.faults(&["/password"]);
        ada.person.post(path, json!({ "password": PASSWORD, "code": wrong(lobby, &ada.app) })).await.faults(&["/code"]);
        ada.person.post(path, json!({ "password": PASSWORD })).await.expect(422);
        let renewed = ada.person.post(path, json!({ "password": PASSWORD, "code": code })).await.expect(200);
        ada.person.post(path, json!({ "password": PASSWORD, "code": code })).await.faults(&["/code"]);
        let fresh = renewed.json["recovery_codes"][0].as_str().unwrap();
        assert!(!ada.recovery_codes.contains(&fresh.to_owned()));
        let token = half_in(lobby).await;
        answer(lobby, &token, "recovery_code", &ada.recovery_codes[0]).await.problem(401, "invalid_code");
        answer(lobby, &token, "recovery_code", fresh).await.expect(200);
        assert_eq!(ada.person.get("/users/me/mfa").await.expect(200).json["recovery_codes_left"], 9);
    });
}

#[test]
fn removing_it_takes_both_factors_and_is_told() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let remove =
            async |body: Value| ada.person.call(reqwest::Method::DELETE, "/users/me/mfa/totp", Some(&body)).await;
        let code = shown(lobby, &ada.app);
        remove(json!({ "password": "not-my-password", "code": code })).await.faults(&["/password"]);
        remove(json!({ "password": PASSWORD, "code": wrong(lobby, &ada.app) })).await.faults(&["/code"]);
        remove(json!({ "password": PASSWORD, "recovery_code": "aaaa-bbbb-cccc" })).await.faults(&["/recovery_code"]);
        half_in(lobby).await;
        assert_eq!(events(lobby, "mfa_disabled").await, 0);
        remove(json!({ "password": PASSWORD, "recovery_code": ada.recovery_codes[3] })).await.expect(204);
        assert_eq!(events(lobby, "mfa_disabled").await, 1);
        assert!(log_in(lobby).await.expect(200).json["access_token"].is_string());
        remove(json!({ "password": PASSWORD, "code": "123456" })).await.problem(409, "mfa_not_enabled");
        assert_eq!(lobby.database.number("SELECT count(*) FROM accounts.recovery_codes").await, 0);
    });
}

#[test]
fn nobody_else_sees_or_removes_it() {
    lobby(async |lobby| {
        let ada = Guarded::of(lobby).await;
        let (owner, workspace) = lobby.workspace("crafo").await;
        owner.bring(&workspace, &ada.person, "assistant").await;
        let platform = platform_administrator(lobby).await;
        for other in [&owner, &platform] {
            let seen = other.get(&format!("/users/{}", ada.person.user)).await.expect(200);
            for word in ["mfa", "totp", "factor", "recovery"] {
                assert!(!seen.json.to_string().contains(word), "{}", seen.json);
            }
            let both = json!({ "password": PASSWORD, "code": shown(lobby, &ada.app) });
            other
                .call(reqwest::Method::DELETE, "/users/me/mfa/totp", Some(&both))
                .await
                .problem(409, "mfa_not_enabled");
            assert_eq!(other.get("/users/me/mfa").await.expect(200).json["enabled"], false);
        }
        half_in(lobby).await;
    });
}
