//! Access tokens: how they look, how long they are good, and what is none.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, jwk::JwkSet};
use serde_json::{Value, json};

use super::is_in;
use crate::harness::{Client, lobby};

/// One of the first two parts of a token.
fn part(token: &str, which: usize) -> Value {
    let encoded = token.split('.').nth(which).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

fn encoded(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

async fn is_no_token(client: &Client, token: &str) {
    client.with_token(token).get("/users/me").await.problem(401, "invalid_token");
}

#[test]
fn a_token_is_an_ed25519_jwt_that_anyone_can_verify_by_the_published_key() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let token = person.token.clone().unwrap();
        let header = part(&token, 0);
        assert_eq!(header["typ"], "at+jwt");
        assert_eq!(header["alg"], "EdDSA");

        let claims = part(&token, 1);
        assert_eq!(claims["sub"], person.user);
        let sessions = person.get("/auth/sessions").await.expect(200);
        assert_eq!(claims["sid"], sessions.items()[0]["id"]);
        assert!(claims["jti"].as_str().is_some_and(|id| id.len() == 36));
        let (issued, expires) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        assert_eq!(expires - issued, 15 * 60);
        for absent in ["permissions", "roles", "role", "scope", "email"] {
            assert!(claims.get(absent).is_none(), "the token tells the {absent}");
        }

        let published = person.get("//.well-known/jwks.json").await.expect(200);
        let keys: JwkSet = serde_json::from_value(published.json.clone()).unwrap();
        let key = keys.find(header["kid"].as_str().unwrap()).expect("the key is published");
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[claims["aud"].as_str().unwrap()]);
        validation.set_issuer(&[claims["iss"].as_str().unwrap()]);
        let read = decode::<Value>(&token, &DecodingKey::from_jwk(key).unwrap(), &validation).unwrap();
        assert_eq!(read.claims, claims);
        for key in published.json["keys"].as_array().unwrap() {
            assert!(key.get("d").is_none(), "a private key is published");
        }
    });
}

#[test]
fn two_tokens_of_one_session_differ() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let body = json!({ "refresh_token": person.refresh });
        let next = person.post("/auth/refresh", body).await.expect(200).text("access_token");
        let (former, next) = (part(person.token.as_ref().unwrap(), 1), part(&next, 1));
        assert_eq!(former["sid"], next["sid"]);
        assert_ne!(former["jti"], next["jti"]);
    });
}

#[test]
fn a_token_is_good_for_a_quarter_of_an_hour() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        lobby.clock.advance(Duration::minutes(14));
        is_in(&person).await;
        lobby.clock.advance(Duration::minutes(2));
        is_no_token(&person, person.token.as_ref().unwrap()).await;
        // The refresh token outlives it.
        let body = json!({ "refresh_token": person.refresh });
        let tokens = person.signed_out().post("/auth/refresh", body).await.expect(200);
        is_in(&person.holding(&tokens.json)).await;
    });
}

#[test]
fn what_was_not_signed_by_the_server_as_it_stands_is_no_token() {
    lobby(async |lobby| {
        let (person, other) = (lobby.person().await, lobby.person().await);
        let token = person.token.clone().unwrap();
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();

        for algorithm in ["none", "None", "NONE"] {
            let mut unsigned = part(&token, 0);
            unsigned["alg"] = json!(algorithm);
            is_no_token(&person, &format!("{}.{claims}.", encoded(&unsigned))).await;
            is_no_token(&person, &format!("{}.{claims}.{signature}", encoded(&unsigned))).await;
        }
        is_no_token(&person, &format!("{header}.{claims}.")).await;
        is_no_token(&person, &format!("{header}.{claims}")).await;

        let mut stolen = part(&token, 1);
        stolen["sub"] = json!(other.user);
        is_no_token(&person, &format!("{header}.{}.{signature}", encoded(&stolen))).await;
        let mut prolonged = part(&token, 1);
        prolonged["exp"] = json!(prolonged["exp"].as_i64().unwrap() + 3600);
        is_no_token(&person, &format!("{header}.{}.{signature}", encoded(&prolonged))).await;

        let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
        bytes[10] ^= 1;
        is_no_token(&person, &format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(bytes))).await;
        let theirs = other.token.as_ref().unwrap().rsplit('.').next().unwrap();
        is_no_token(&person, &format!("{header}.{claims}.{theirs}")).await;
        is_in(&person).await;
    });
}

#[test]
fn a_token_signed_with_the_public_key_as_a_shared_secret_is_none() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let token = person.token.clone().unwrap();
        let keys = person.get("//.well-known/jwks.json").await.expect(200).json;
        let published = keys["keys"][0]["x"].as_str().unwrap();
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some("at+jwt".to_owned());
        header.kid = part(&token, 0)["kid"].as_str().map(str::to_owned);
        for secret in [published.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(published).unwrap()] {
            let forged = encode(&header, &part(&token, 1), &EncodingKey::from_secret(&secret)).unwrap();
            is_no_token(&person, &forged).await;
        }
    });
}

#[test]
fn a_genuine_signature_on_another_kind_of_token_opens_nothing() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        let token = person.token.clone().unwrap();
        let folder = lobby.folder.path().join("keys");
        let mut files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let file = files.find(|path| path.extension().is_some_and(|extension| extension == "pem")).unwrap();
        let key = EncodingKey::from_ed_pem(&std::fs::read(file).unwrap()).unwrap();
        let signed = |kind: Option<&str>, change: Option<(&str, &str)>| {
            let mut header = Header::new(Algorithm::EdDSA);
            header.typ = kind.map(str::to_owned);
            header.kid = part(&token, 0)["kid"].as_str().map(str::to_owned);
            let mut claims = part(&token, 1);
            if let Some((claim, value)) = change {
                claims[claim] = json!(value);
            }
            encode(&header, &claims, &key).unwrap()
        };
        is_in(&person.with_token(&signed(Some("at+jwt"), None))).await;
        is_no_token(&person, &signed(Some("JWT"), None)).await;
        is_no_token(&person, &signed(None, None)).await;
        is_no_token(&person, &signed(Some("at+jwt"), Some(("iss", "https://elsewhere.example")))).await;
        is_no_token(&person, &signed(Some("at+jwt"), Some(("aud", "another product")))).await;
    });
}

#[test]
fn a_refresh_token_or_another_scheme_opens_nothing() {
    lobby(async |lobby| {
        let person = lobby.person().await;
        is_no_token(&person, person.refresh.as_ref().unwrap()).await;
        let token = person.token.clone().unwrap();
        for scheme in ["Basic", "Token", "DPoP"] {
            let request = person.signed_out().request(reqwest::Method::GET, "/users/me");
            person
                .send(request.header("Authorization", format!("{scheme} {token}")))
                .await
                .problem(401, "invalid_token");
        }
        let elsewhere = person.signed_out().get(&format!("/users/me?access_token={token}")).await;
        elsewhere.problem(401, "unauthenticated");
    });
}
