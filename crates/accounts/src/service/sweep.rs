//! Tidying: sessions, half sign-ins and tokens that can't come back are forgotten, and so are proofs and places of long ago.

use chrono::{DateTime, Duration, Utc};
use sea_orm::DbErr;

use super::Accounts;
use crate::{brake, store};

impl Accounts {
    /// Deletes sessions that are over for a day, longer than any token of theirs lives, and used refresh tokens that
    /// would have expired by now, had they not been used; and what the brake has forgiven. Answers how many rows. To be called now and then.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<u64, DbErr> {
        let lifetime = Duration::from_std(self.refresh_ttl).unwrap_or(Duration::MAX);
        let challenges = store::challenges::sweep(&self.system, now - Duration::days(1)).await?;
        // Long enough that people find out why their program stopped.
        let tokens = store::personal_tokens::sweep(&self.system, now - Duration::days(30)).await?;
        let sessions = challenges + tokens + store::sessions::sweep(&self.system, now - Duration::days(1)).await?;
        let sessions = sessions + brake::sweep(&self.system, now).await?;
        let sessions = sessions
            + store::proofs::sweep(&self.system, now - Duration::days(2)).await?
            + store::places::sweep(&self.system, now - Duration::days(180)).await?;
        // A lifetime longer than time itself keeps everything.
        let Some(used_before) = now.checked_sub_signed(lifetime) else { return Ok(sessions) };
        Ok(sessions + store::refresh_tokens::sweep(&self.system, used_before).await?)
    }
}
