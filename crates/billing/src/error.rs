//! Why something was not posted.

use kernel::failure::violated_constraint;
use sea_orm::DbErr;

/// Why a transfer was not posted.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The key was used for another transfer.
    #[error("the key was used for another transfer")]
    KeyReused,
    /// The transfer it takes back was taken back before.
    #[error("taken back before")]
    ReversedBefore,
    /// The database failed, or refused what only a fault of this program can ask for, as a transfer that doesn't balance.
    #[error(transparent)]
    Db(DbErr),
}

impl From<DbErr> for LedgerError {
    fn from(error: DbErr) -> Self {
        match violated_constraint(&error) {
            Some("transfers_once") => Self::KeyReused,
            Some("transfers_reversed_once") => Self::ReversedBefore,
            _ => Self::Db(error),
        }
    }
}
