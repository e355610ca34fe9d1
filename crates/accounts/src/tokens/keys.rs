//! The signing keys: Ed25519 private keys in PEM files, of which the last by name signs and all verify.
//!
//! To rotate, put a key with a later name beside the others on every instance, and remove the old one when its last
//! tokens have expired.

use std::{
    collections::HashMap,
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{
    SigningKey,
    pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes, spki::der::pem::LineEnding},
};
use jsonwebtoken::{
    DecodingKey, EncodingKey,
    jwk::{
        AlgorithmParameters, CommonParameters, EllipticCurve, Jwk, JwkSet, KeyAlgorithm, OctetKeyPairParameters,
        OctetKeyPairType, PublicKeyUse, ThumbprintHash,
    },
};
use uuid::Uuid;

/// The name of the key that is made when there is none.
const FIRST: &str = "ed25519-0001.pem";

/// Why the signing keys are not to be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no Ed25519 private key in PKCS #8 (RFC 8410).
    #[error("{0}: no Ed25519 private key in PEM form (PKCS #8)")]
    Malformed(PathBuf),
}

/// The keys of this instance.
pub(super) struct KeyRing {
    /// What signs, and its id.
    signing: (String, EncodingKey),
    verifying: HashMap<String, DecodingKey>,
    published: JwkSet,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").field("signing", &self.signing.0).finish_non_exhaustive()
    }
}

impl KeyRing {
    /// The keys in `folder`, oldest first by name. Makes the folder and the first key if there are none.
    pub(super) fn open(folder: &Path) -> Result<Self, KeyFault> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| KeyFault::File { path, source }
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(at(folder))?;
        let mut files = key_files(folder).map_err(at(folder))?;
        if files.is_empty() {
            make_first(folder).map_err(at(folder))?;
            files = key_files(folder).map_err(at(folder))?;
        }
        let mut ring = None;
        for path in files {
            let pem = fs::read_to_string(&path).map_err(at(&path))?;
            let key = SigningKey::from_pkcs8_pem(&pem).map_err(|_| KeyFault::Malformed(path.clone()))?;
            ring = Some(Self::with(ring, &key).ok_or(KeyFault::Malformed(path))?);
        }
        ring.ok_or_else(|| at(folder)(io::ErrorKind::NotFound.into()))
    }

    /// The ring with one more key, which signs from now on.
    fn with(ring: Option<Self>, key: &SigningKey) -> Option<Self> {
        let (mut verifying, mut published) =
            ring.map_or_else(Default::default, |former: Self| (former.verifying, former.published));
        let public = key.verifying_key().to_bytes();
        let jwk = published_form(&public)?;
        let id = jwk.common.key_id.clone()?;
        // Without the public half: the only form that the signer reads (RFC 5958's first version).
        let secret = KeypairBytes { secret_key: key.to_bytes(), public_key: None }.to_pkcs8_der().ok()?;
        verifying.insert(id.clone(), DecodingKey::from_ed_der(&public));
        published.keys.push(jwk);
        Some(Self { signing: (id, EncodingKey::from_ed_der(secret.as_bytes())), verifying, published })
    }

    /// The key that signs, with its id.
    pub(super) fn signing(&self) -> (&str, &EncodingKey) {
        (&self.signing.0, &self.signing.1)
    }

    /// The key of that id.
    pub(super) fn verifying(&self, id: &str) -> Option<&DecodingKey> {
        self.verifying.get(id)
    }

    /// All public keys.
    pub(super) fn published(&self) -> &JwkSet {
        &self.published
    }
}

/// The public key as RFC 8037 has it. Its id is its thumbprint (RFC 7638), so it is the same on every instance.
fn published_form(public: &[u8; 32]) -> Option<Jwk> {
    let algorithm = AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
        key_type: OctetKeyPairType::OctetKeyPair,
        curve: EllipticCurve::Ed25519,
        x: URL_SAFE_NO_PAD.encode(public),
    });
    let mut jwk = Jwk { common: CommonParameters::default(), algorithm };
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).ok()?);
    jwk.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Some(jwk)
}

fn key_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Makes the first key: written beside and linked into place, so that of several instances that start together one
/// key wins, and none reads half a file.
fn make_first(folder: &Path) -> io::Result<()> {
    let key = KeypairBytes { secret_key: rand::random(), public_key: None };
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
    let draft = folder.join(format!(".{}.draft", Uuid::new_v4()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, folder.join(FIRST)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    };
    fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn pem(seed: u8) -> String {
        KeypairBytes { secret_key: [seed; 32], public_key: None }.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
    }

    #[test]
    fn the_first_start_makes_a_key_that_only_its_owner_reads_and_the_next_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let made = KeyRing::open(&keys).unwrap();
        let found = KeyRing::open(&keys).unwrap();
        assert_eq!(made.signing().0, found.signing().0);
        assert_eq!(fs::read_dir(&keys).unwrap().count(), 1);
        assert_eq!(fs::metadata(keys.join(FIRST)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_last_by_name_signs_and_all_are_published() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("2026-01.pem"), pem(1)).unwrap();
        let old = KeyRing::open(folder.path()).unwrap().signing().0.to_owned();
        fs::write(folder.path().join("2026-02.pem"), pem(2)).unwrap();
        fs::write(folder.path().join("notes.txt"), "not a key").unwrap();
        let ring = KeyRing::open(folder.path()).unwrap();
        let new = ring.signing().0;
        assert_ne!(new, old);
        assert!(ring.verifying(&old).is_some() && ring.verifying(new).is_some());
        let ids: Vec<_> = ring.published().keys.iter().filter_map(|jwk| jwk.common.key_id.as_deref()).collect();
        assert_eq!(ids, [old.as_str(), new]);
        let document = serde_json::to_value(ring.published()).unwrap();
        assert_eq!(document["keys"][0]["kty"], "OKP");
        assert_eq!(document["keys"][0]["crv"], "Ed25519");
        assert_eq!(document["keys"][0]["alg"], "EdDSA");
        assert_eq!(document["keys"][0]["use"], "sig");
        assert!(document["keys"][0].get("d").is_none());
    }

    #[test]
    fn a_file_that_is_no_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("broken.pem"), "-----BEGIN NOTHING-----").unwrap();
        let fault = KeyRing::open(folder.path()).unwrap_err();
        assert!(fault.to_string().contains("broken.pem"), "{fault}");
    }
}
