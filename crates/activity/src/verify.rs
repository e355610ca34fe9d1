//! Verifies the chains: names the first row of each that was altered, removed or slipped in.

use kernel::{db::System, ids::WorkspaceId};
use sea_orm::DbErr;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Schema,
    store::{self, End, Link, NOWHERE},
};

/// Rows that are read at once.
const BATCH: u64 = 1_000;

/// A chain that was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// Whose; none for what happened in no workspace.
    pub workspace: Option<WorkspaceId>,
    /// How many rows it has.
    pub length: i64,
    /// The hash of the last, in hexadecimal. Kept elsewhere, it shows whether the chain is still the one it was.
    pub head: String,
}

/// What is wrong with a chain, first of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whose; none for what happened in no workspace.
    pub workspace: Option<WorkspaceId>,
    /// At which row.
    pub seq: i64,
    /// Which event that is; none where the row is gone.
    pub event: Option<Uuid>,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What can be wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// It does not have the hash of its content and of the row before it.
    #[error("was altered, or the row before it was")]
    Altered,
    /// It is not there.
    #[error("was removed")]
    Removed,
    /// It is none that was appended.
    #[error("was inserted past the chain's end")]
    Inserted,
    /// The chain's end doesn't say what the last row says.
    #[error("is not what the chain's end says it is")]
    End,
    /// The hash that was kept elsewhere is not that of this row.
    #[error("has not the hash that it had")]
    Rewritten,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.workspace {
            Some(workspace) => write!(f, "workspace {workspace}: ")?,
            None => f.write_str("outside of workspaces: ")?,
        }
        write!(f, "row {}", self.seq)?;
        if let Some(event) = self.event {
            write!(f, " (event {event})")?;
        }
        write!(f, " {}", self.kind)
    }
}

/// What came of verifying.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// The chains that are whole.
    pub whole: Vec<Chain>,
    /// The first fault of each that isn't.
    pub faults: Vec<Fault>,
}

/// Verifies chains.
#[derive(Debug)]
pub struct Verifier {
    system: System<Schema>,
}

impl Verifier {
    /// A verifier, with the actor in whose name it reads.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// Verifies every chain, or one. `anchors` are rows whose hashes were kept elsewhere: number and hash.
    pub async fn verify(&self, only: Option<WorkspaceId>, anchors: &[(i64, String)]) -> Result<Verified, DbErr> {
        let tx = self.system.begin().await?;
        store::begin_reading(&tx).await?;
        let mut verified = Verified::default();
        for end in store::ends(&tx, only.map(|workspace| workspace.0)).await? {
            let mut walk = Walk::of(&end, anchors);
            let mut fault = None;
            while fault.is_none() {
                let links = store::links(&tx, end.workspace_id, walk.read, BATCH).await?;
                fault = links.iter().find_map(|link| walk.step(link));
                if links.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                    break;
                }
            }
            match fault.or_else(|| walk.fault_at_end()) {
                Some(fault) => verified.faults.push(fault),
                None => verified.whole.push(walk.chain()),
            }
        }
        Ok(verified)
    }
}

/// A walk along one chain.
struct Walk<'a> {
    end: &'a End,
    anchors: &'a [(i64, String)],
    /// How far rows were read.
    read: i64,
    /// The last row that is right.
    seq: i64,
    hash: Vec<u8>,
}

impl<'a> Walk<'a> {
    fn of(end: &'a End, anchors: &'a [(i64, String)]) -> Self {
        Self { end, anchors, read: i64::MIN, seq: 0, hash: vec![0; 32] }
    }

    fn workspace(&self) -> Option<WorkspaceId> {
        (self.end.workspace_id != NOWHERE).then_some(WorkspaceId(self.end.workspace_id))
    }

    fn fault(&self, seq: i64, event: Option<Uuid>, kind: FaultKind) -> Fault {
        Fault { workspace: self.workspace(), seq, event, kind }
    }

    /// Goes on to the next row; answers what is wrong with it.
    fn step(&mut self, link: &Link) -> Option<Fault> {
        self.read = link.seq;
        let due = self.seq + 1;
        let is_due = due <= self.end.length.unwrap_or_default();
        if link.seq > due && is_due {
            return Some(self.fault(due, None, FaultKind::Removed));
        }
        if link.seq != due || !is_due {
            return Some(self.fault(link.seq, Some(link.id), FaultKind::Inserted));
        }
        let hash = Sha256::new().chain_update(&self.hash).chain_update(&link.content).finalize();
        if link.hash != hash.as_slice() {
            return Some(self.fault(due, Some(link.id), FaultKind::Altered));
        }
        (self.seq, self.hash) = (due, link.hash.clone());
        let is_other =
            |(seq, hash): &(i64, String)| *seq == due && !hash.eq_ignore_ascii_case(&hex::encode(&self.hash));
        let rewritten = self.anchors.iter().any(is_other);
        rewritten.then(|| self.fault(due, Some(link.id), FaultKind::Rewritten))
    }

    /// What is wrong with the end, when all rows were read.
    fn fault_at_end(&self) -> Option<Fault> {
        let length = self.end.length.unwrap_or_default();
        if length > self.seq {
            return Some(self.fault(self.seq + 1, None, FaultKind::Removed));
        }
        if self.end.head.as_ref().is_some_and(|head| *head != self.hash) {
            return Some(self.fault(self.seq, None, FaultKind::End));
        }
        let beyond = self.anchors.iter().map(|(seq, _)| *seq).find(|seq| *seq > self.seq);
        beyond.map(|seq| self.fault(seq, None, FaultKind::Removed))
    }

    fn chain(&self) -> Chain {
        Chain { workspace: self.workspace(), length: self.seq, head: hex::encode(&self.hash) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(seq: i64, before: &[u8], content: &str) -> Link {
        let hash = Sha256::new().chain_update(before).chain_update(content).finalize().to_vec();
        Link { seq, id: Uuid::from_u128(seq.unsigned_abs().into()), hash, content: content.to_owned() }
    }

    /// Three rows that follow each other, and their chain's end.
    fn chain() -> (Vec<Link>, End) {
        let mut links: Vec<Link> = Vec::new();
        for seq in 1..=3 {
            let before = links.last().map_or(vec![0; 32], |link| link.hash.clone());
            links.push(link(seq, &before, &format!("content {seq}")));
        }
        let end = End { workspace_id: Uuid::from_u128(9), length: Some(3), head: Some(links[2].hash.clone()) };
        (links, end)
    }

    fn walked(links: &[Link], end: &End, anchors: &[(i64, String)]) -> Option<(i64, FaultKind)> {
        let mut walk = Walk::of(end, anchors);
        let fault = links.iter().find_map(|link| walk.step(link)).or_else(|| walk.fault_at_end());
        fault.map(|fault| (fault.seq, fault.kind))
    }

    #[test]
    fn a_whole_chain_has_no_fault() {
        let (links, head) = chain();
        assert_eq!(
            walked(&links, &head, &[(2, hex::encode(&links[1].hash)), (3, hex::encode_upper(&links[2].hash))]),
            None
        );
    }

    #[test]
    fn the_first_row_that_is_wrong_is_named() {
        let (mut links, head) = chain();
        links[1].content.push('!');
        assert_eq!(walked(&links, &head, &[]), Some((2, FaultKind::Altered)));
        // Whoever also mends the hash is betrayed by the row after it.
        links[1] = link(2, &links[0].hash.clone(), "forged");
        assert_eq!(walked(&links, &head, &[]), Some((3, FaultKind::Altered)));

        let (mut links, head) = chain();
        links.remove(1);
        assert_eq!(walked(&links, &head, &[]), Some((2, FaultKind::Removed)));
        let (mut links, head) = chain();
        links.pop();
        assert_eq!(walked(&links, &head, &[]), Some((3, FaultKind::Removed)));
        let (mut links, head) = chain();
        links.remove(0);
        assert_eq!(walked(&links, &head, &[]), Some((1, FaultKind::Removed)));
        let (_, head) = chain();
        assert_eq!(walked(&[], &head, &[]), Some((1, FaultKind::Removed)));

        let (mut links, head) = chain();
        links.push(link(4, &links[2].hash.clone(), "one more"));
        assert_eq!(walked(&links, &head, &[]), Some((4, FaultKind::Inserted)));
        let (mut links, head) = chain();
        links.insert(0, link(0, &[0; 32], "before the first"));
        assert_eq!(walked(&links, &head, &[]), Some((0, FaultKind::Inserted)));
        let (mut links, head) = chain();
        links.insert(1, link(2, &links[0].hash.clone(), "slipped in"));
        links[2].seq = 3;
        links[3].seq = 4;
        assert_eq!(walked(&links, &head, &[]), Some((3, FaultKind::Altered)));
    }

    #[test]
    fn an_end_that_says_otherwise_is_a_fault() {
        let (links, mut head) = chain();
        head.head = Some(vec![7; 32]);
        assert_eq!(walked(&links, &head, &[]), Some((3, FaultKind::End)));
        (head.length, head.head) = (None, None);
        assert_eq!(walked(&links, &head, &[]), Some((1, FaultKind::Inserted)));
    }

    #[test]
    fn a_chain_that_was_made_anew_has_not_the_hashes_that_were_kept() {
        let (links, head) = chain();
        assert_eq!(walked(&links, &head, &[(2, "00".repeat(32))]), Some((2, FaultKind::Rewritten)));
        assert_eq!(walked(&links, &head, &[(4, "00".repeat(32))]), Some((4, FaultKind::Removed)));
    }
}
