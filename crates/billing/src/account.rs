//! Accounts, named by what they are for: nobody has to look one up, or make it first.

use kernel::{ids::WorkspaceId, money::Currency};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

kernel::id_types! {
    /// An account of the ledger.
    AccountId,
}

/// What money is counted in: one kind of it, of one owner, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// What it counts, as `cash`: lower-case letters and underscores, a word of the domain that keeps it.
    pub kind: &'static str,
    /// Whose, as the id of a project.
    pub owner: Uuid,
    /// In which currency.
    pub currency: Currency,
}

impl Account {
    /// Its identity in a workspace: a UUID of version 8 (RFC 9562 section 5.8) made of all that it is, so that whoever posts to an
    /// account that nobody posted to before makes the same one.
    pub fn id(&self, workspace: WorkspaceId) -> AccountId {
        let mut hash = Sha256::new_with_prefix(workspace.0.as_bytes());
        hash.update(self.owner.as_bytes());
        hash.update(self.currency.code());
        hash.update(self.kind);
        let hash = hash.finalize();
        AccountId(Builder::from_custom_bytes(std::array::from_fn(|byte| hash[byte])).into_uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_told_by_each_of_its_parts() {
        let [here, there] = [1, 2].map(|n| WorkspaceId(Uuid::from_u128(n)));
        let currency = |code| Currency::of(code).unwrap();
        let account = Account { kind: "cash", owner: Uuid::from_u128(3), currency: currency("EUR") };
        let others = [
            account.id(there),
            Account { kind: "revenue", ..account }.id(here),
            Account { owner: Uuid::from_u128(4), ..account }.id(here),
            Account { currency: currency("USD"), ..account }.id(here),
        ];
        assert!(!others.contains(&account.id(here)));
        assert_eq!(account.id(here), account.id(here));
        assert_eq!(account.id(here).0.get_version_num(), 8);
    }
}
