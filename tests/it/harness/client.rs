//! A REST client of one person. Every answer is held against the OpenAPI document.

use std::{sync::Arc, time::Duration};

use reqwest::{Method, RequestBuilder, multipart};
use serde_json::{Value, json};

use super::{answer::Answer, contract::Contract};

/// Someone who calls the API: signed in, or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    contract: Arc<Contract>,
    /// The access token.
    pub token: Option<String>,
    /// The refresh token.
    pub refresh: Option<String>,
    /// Who they are.
    pub user: String,
}

impl Client {
    /// A caller without a token.
    pub fn anonymous(base: String, contract: Arc<Contract>) -> Self {
        // The server closes connections that are idle for long: a client must not send on one that is about to be.
        let idle = Duration::from_secs(2);
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let http = builder.pool_idle_timeout(idle).build().unwrap();
        Self { http, base, contract, token: None, refresh: None, user: String::new() }
    }

    /// The same caller with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same connection, without a token.
    pub fn signed_out(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    /// The same caller at another instance.
    pub fn at(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A request, for tests that need more than the verbs below. Paths are below /api/v1 unless they begin with `//`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let path = path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(|| format!("/api/v1{path}"), str::to_owned);
        let builder = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => builder.bearer_auth(token),
            None => builder,
        }
    }

    /// Sends a request and holds the answer against the contract.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let asked = format!("{method} {}", request.url().as_str().trim_start_matches(&self.base));
        let response = self.http.execute(request).await.unwrap_or_else(|error| panic!("{asked}: {error:?}"));
        let answer = Answer::read(asked, response).await;
        self.contract.check(&method, &path, &answer);
        answer
    }

    /// Sends a request that may be cut off; none where no whole answer came in that time.
    pub async fn attempt(&self, request: RequestBuilder, patience: Duration) -> Option<Answer> {
        let request = request.build().unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let asked = format!("{method} {}", request.url().as_str().trim_start_matches(&self.base));
        let whole = async { Answer::read_whole(asked, self.http.execute(request).await.ok()?).await };
        let answer = tokio::time::timeout(patience, whole).await.ok()??;
        self.contract.check(&method, &path, &answer);
        Some(answer)
    }

    /// Any method with a JSON body, or none.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        self.send(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// GET
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    /// POST
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(&body)).await
    }

    /// PUT
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PUT, path, Some(&body)).await
    }

    /// PATCH
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.call(Method::PATCH, path, Some(&body)).await
    }

    /// DELETE
    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// POST with no body.
    pub async fn act(&self, path: &str) -> Answer {
        self.call(Method::POST, path, None).await
    }

    /// POST with an idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        self.send(self.request(Method::POST, path).header("Idempotency-Key", key).json(body)).await
    }

    /// Invites somebody, who accepts.
    pub async fn bring(&self, workspace: &str, person: &Self, role: &str) -> Answer {
        self.ask_in(workspace, person, role).await.expect(201)
    }

    /// Invites somebody, who accepts if they may; answers what was answered last.
    pub async fn ask_in(&self, workspace: &str, person: &Self, role: &str) -> Answer {
        let body = json!({ "user_id": person.user, "role": role });
        let asked = self.post(&format!("/workspaces/{workspace}/invitations"), body).await;
        if asked.status != 201 {
            return asked;
        }
        person.act(&format!("/users/me/invitations/{}/accept", asked.id())).await
    }

    /// Uploads a picture.
    pub async fn upload(&self, workspace: &str, bytes: Vec<u8>, description: &str) -> Answer {
        let file = multipart::Part::bytes(bytes).file_name("picture.jpg");
        let form = multipart::Form::new()
            .text("workspace", workspace.to_owned())
            .text("description", description.to_owned())
            .part("file", file);
        self.send(self.request(Method::POST, "/images").multipart(form)).await
    }

    /// Signs in.
    pub async fn sign_in(&self, email: &str, password: &str) -> Self {
        let answer =
            self.signed_out().post("/auth/login", json!({ "email": email, "password": password })).await.expect(200);
        self.holding(&answer.json)
    }

    /// The same connection, with the tokens that an answer brought.
    pub fn holding(&self, tokens: &Value) -> Self {
        let text = |member: &str| tokens[member].as_str().map(str::to_owned);
        Self { token: text("access_token"), refresh: text("refresh_token"), ..self.clone() }
    }
}
