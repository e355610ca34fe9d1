//! The files that show that an operation happened.

use bytes::Bytes;
use kernel::{
    guard::Permit,
    media::{ObjectStoreExt, Path},
};

use super::Finances;
use crate::{actions::ViewOperation, error::ProjectError, money::Operation};

/// A file that was received.
#[derive(Clone)]
pub(crate) struct Proof {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: &'static str,
    pub(crate) name: Option<String>,
}

/// A file that is kept.
pub(crate) struct ProofFile {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: String,
    pub(crate) name: Option<String>,
}

/// One object per operation: nobody else needs it.
fn place(operation: &Operation) -> Path {
    Path::from(format!("project/{}/proofs/{}", operation.workspace_id, operation.id))
}

impl Finances {
    /// Writes a proof before the operation that it is of: a crash between leaves at worst an object that nothing refers
    /// to.
    pub(super) async fn put_proof(&self, operation: &Operation, proof: Proof) -> Result<(), ProjectError> {
        self.media.put(&place(operation), proof.bytes.into()).await?;
        Ok(())
    }

    /// Takes away the proof of an operation that was not recorded.
    pub(super) async fn delete_proof(&self, operation: &Operation) {
        if operation.proof_type.is_none() {
            return;
        }
        if let Err(error) = self.media.delete(&place(operation)).await {
            tracing::warn!(%error, "a proof of nothing stays");
        }
    }

    /// The proof of an operation.
    pub(crate) async fn proof(&self, permit: &Permit<ViewOperation>) -> Result<ProofFile, ProjectError> {
        let operation = permit.target().operation();
        let media_type = operation.proof_type.clone().ok_or(ProjectError::NoProof)?;
        let bytes = self.media.get(&place(operation)).await?.bytes().await?;
        Ok(ProofFile { bytes, media_type, name: operation.proof_name.clone() })
    }
}
