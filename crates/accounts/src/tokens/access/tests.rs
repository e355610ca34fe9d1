//! Which tokens are ours, and which only look like it.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{EncodingKey, jwk::AlgorithmParameters};
use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

fn settings() -> AccountSettings {
    AccountSettings {
        issuer: "https://lobby.example".into(),
        audience: "lobby".into(),
        access_ttl: Duration::from_mins(15),
        refresh_ttl: Duration::from_hours(24),
        hash_parallelism: None,
        hash_queue: 0,
        require_verified_email: false,
        secret: SecretString::from("secret"),
        keyring: kernel::keyring::Keyring::new(b"secret", []),
    }
}

/// Tokens with a key of their own.
fn tokens() -> (AccessTokens, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let keys = KeyRing::open(folder.path()).unwrap();
    (AccessTokens::new(&settings(), keys), folder)
}

fn caller() -> SignIn {
    SignIn { user: UserId(Uuid::from_u128(1)), session: SessionId(Uuid::from_u128(2)) }
}

fn claims() -> Value {
    json!({
        "iss": "https://lobby.example", "aud": "lobby", "sub": Uuid::from_u128(1), "sid": Uuid::from_u128(2),
        "jti": Uuid::from_u128(3), "iat": 0, "exp": 4_000_000_000_u64, "client_id": "lobby",
    })
}

fn header(tokens: &AccessTokens, algorithm: Algorithm) -> Header {
    let mut header = Header::new(algorithm);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(tokens.keys.signing().0.to_owned());
    header
}

fn segment(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[test]
fn a_token_says_who_it_is_and_until_when() {
    let (tokens, _folder) = tokens();
    let now = DateTime::from_timestamp(1_800_000_000, 500_000_000).unwrap();
    let token = tokens.issue(caller(), now).unwrap();
    let read = tokens.read(&token).unwrap();
    assert_eq!(read.caller, caller());
    assert_eq!(read.expires_at.timestamp(), 1_800_000_900);

    let header = decode_header(&token).unwrap();
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    assert_eq!(header.alg, Algorithm::EdDSA);
    let said: Value = {
        let payload = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
    };
    for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "exp", "client_id"] {
        assert!(said.get(claim).is_some(), "{claim}");
    }
}

#[test]
fn any_change_spoils_a_token() {
    let (tokens, _folder) = tokens();
    let token = tokens.issue(caller(), DateTime::UNIX_EPOCH).unwrap();
    for place in (0..token.len()).step_by(7) {
        let mut changed = token.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        assert_eq!(tokens.read(&String::from_utf8(changed).unwrap()), Err(TokenFault::Invalid), "byte {place}");
    }
    for rubbish in ["", ".", "..", "a.b.c", "ä.ö.ü", &"A".repeat(10_000)] {
        assert_eq!(tokens.read(rubbish), Err(TokenFault::Invalid));
    }
}

#[test]
fn another_key_or_key_id_is_refused() {
    let (ours, _folder) = tokens();
    let (theirs, _other_folder) = tokens();
    let foreign = theirs.issue(caller(), DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(ours.read(&foreign), Err(TokenFault::Invalid));

    let under_our_id = encode(&header(&ours, Algorithm::EdDSA), &claims(), theirs.keys.signing().1).unwrap();
    assert_eq!(ours.read(&under_our_id), Err(TokenFault::Invalid));

    let mut without_id = header(&ours, Algorithm::EdDSA);
    without_id.kid = None;
    let without_id = encode(&without_id, &claims(), ours.keys.signing().1).unwrap();
    assert_eq!(ours.read(&without_id), Err(TokenFault::Invalid));
}

#[test]
fn no_algorithm_but_ours_is_taken() {
    let (tokens, _folder) = tokens();
    let id = tokens.keys.signing().0;
    for none in ["none", "None", "NONE"] {
        let header = segment(&json!({ "alg": none, "typ": TYPE, "kid": id }));
        for signature in ["", "AAAA"] {
            let unsigned = format!("{header}.{}.{signature}", segment(&claims()));
            assert_eq!(tokens.read(&unsigned), Err(TokenFault::Invalid));
        }
    }
    // The public key is known to all; taken for a shared secret it would let anyone sign.
    let AlgorithmParameters::OctetKeyPair(public) = &tokens.jwks().keys[0].algorithm else { panic!("another kind") };
    let bytes = URL_SAFE_NO_PAD.decode(&public.x).unwrap();
    for secret in [bytes.as_slice(), public.x.as_bytes()] {
        let header = header(&tokens, Algorithm::HS256);
        let signed = encode(&header, &claims(), &EncodingKey::from_secret(secret)).unwrap();
        assert_eq!(tokens.read(&signed), Err(TokenFault::Invalid));
    }
}

#[test]
fn a_token_for_another_purpose_is_refused() {
    let (tokens, _folder) = tokens();
    let sign = |header: &Header, claims: &Value| encode(header, claims, tokens.keys.signing().1).unwrap();
    let right = header(&tokens, Algorithm::EdDSA);
    assert!(tokens.read(&sign(&right, &claims())).is_ok());

    let mut identity_token = right.clone();
    identity_token.typ = Some("JWT".into());
    assert_eq!(tokens.read(&sign(&identity_token, &claims())), Err(TokenFault::Invalid));

    for (claim, other) in [("iss", json!("https://evil.example")), ("aud", json!("another")), ("exp", json!("soon"))] {
        let mut changed = claims();
        changed[claim] = other;
        assert_eq!(tokens.read(&sign(&right, &changed)), Err(TokenFault::Invalid), "{claim}");
    }
    for claim in ["iss", "aud", "sub", "sid", "exp"] {
        let mut lacking = claims();
        lacking.as_object_mut().unwrap().remove(claim);
        assert_eq!(tokens.read(&sign(&right, &lacking)), Err(TokenFault::Invalid), "{claim}");
    }
}

#[test]
fn after_a_rotation_the_old_tokens_are_still_good() {
    let (before, folder) = tokens();
    let old = before.issue(caller(), DateTime::UNIX_EPOCH).unwrap();
    let next = tempfile::tempdir().unwrap();
    KeyRing::open(next.path()).unwrap();
    std::fs::copy(next.path().join("ed25519-0001.pem"), folder.path().join("ed25519-0002.pem")).unwrap();

    let after = AccessTokens::new(&settings(), KeyRing::open(folder.path()).unwrap());
    let new = after.issue(caller(), DateTime::UNIX_EPOCH).unwrap();
    assert!(after.read(&old).is_ok());
    assert!(after.read(&new).is_ok());
    assert_eq!(before.read(&new), Err(TokenFault::Invalid));
}
