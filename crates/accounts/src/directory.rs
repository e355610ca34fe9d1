//! Who people are, for other domains: found by e-mail address or username, and named.

use std::collections::HashMap;

use kernel::{db::System, ids::UserId};
use sea_orm::{DbErr, FromQueryResult};

use crate::{
    AccountStatus, Schema,
    entity::user,
    rules::{email_key, username_key},
    store::{people, profiles, public_profiles},
};

/// What everyone may know of someone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicName {
    /// Who.
    pub id: UserId,
    /// The name they go by.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
}

impl From<user::Model> for PublicName {
    fn from(row: user::Model) -> Self {
        Self { id: row.id, username: row.username, first_name: row.first_name, last_name: row.last_name }
    }
}

/// What everyone may know of someone who is listed in public.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct PublicProfile {
    /// Who.
    pub id: UserId,
    /// The name they go by.
    pub username: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Who they are, in a line or two.
    pub bio: String,
    /// Who they are, at length.
    pub description: String,
    /// An emoji that stands for them.
    pub avatar_emoji: Option<String>,
    /// Its colour.
    pub avatar_color: Option<String>,
}

/// Looks people up on behalf of other domains. What it tells goes through their own permits.
#[derive(Clone, Debug)]
pub struct Directory {
    system: System<Schema>,
}

impl Directory {
    /// A directory that reads by this right.
    pub fn new(system: System<Schema>) -> Self {
        Self { system }
    }

    /// Whose e-mail address this is, whatever its case.
    pub async fn find_by_email(&self, email: &str) -> Result<Option<PublicName>, DbErr> {
        Ok(people::by_email(&self.system, &email_key(email)).await?.map(PublicName::from))
    }

    /// Who goes by this username, whatever its case.
    pub async fn find_by_username(&self, username: &str) -> Result<Option<PublicName>, DbErr> {
        Ok(people::by_username(&self.system, &username_key(username)).await?.map(PublicName::from))
    }

    /// The names of these people; accounts that are gone are left out.
    pub async fn public_names(&self, users: &[UserId]) -> Result<HashMap<UserId, PublicName>, DbErr> {
        let rows = people::by_ids(&self.system, users).await?;
        Ok(rows.into_iter().map(|row| (row.id, PublicName::from(row))).collect())
    }

    /// Where to write to someone, if their account is there and active.
    pub async fn email_of(&self, user: UserId) -> Result<Option<String>, DbErr> {
        let rows = people::by_ids(&self.system, &[user]).await?;
        Ok(rows.into_iter().find(|row| row.status == AccountStatus::Active).map(|row| row.email))
    }

    /// Where to write to these people; accounts that are gone or not active are left out.
    pub async fn emails_of(&self, users: &[UserId]) -> Result<HashMap<UserId, String>, DbErr> {
        let rows = people::by_ids(&self.system, users).await?;
        Ok(rows.into_iter().filter(|row| row.status == AccountStatus::Active).map(|row| (row.id, row.email)).collect())
    }

    /// Where to write to someone, in the form by which addresses are compared, and whether they have shown that it is
    /// theirs; if their account is there and active.
    pub async fn address_of(&self, user: UserId) -> Result<Option<(String, bool)>, DbErr> {
        let rows = people::by_ids(&self.system, &[user]).await?;
        let active = rows.into_iter().find(|row| row.status == AccountStatus::Active);
        Ok(active.map(|row| (row.email_key, row.email_verified_at.is_some())))
    }

    /// What is public of those of `users` whose account is active and, if `words` are given, of whose username or names
    /// each of them begins a word; by id, at most `limit`.
    pub async fn profiles(
        &self,
        users: &[UserId],
        words: Option<&str>,
        limit: u64,
    ) -> Result<Vec<PublicProfile>, DbErr> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let words = words.unwrap_or_default().to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        public_profiles::public(&self.system, users, &words, limit).await
    }

    /// Whether there is such an account.
    pub async fn exists(&self, user: UserId) -> Result<bool, DbErr> {
        Ok(!people::by_ids(&self.system, &[user]).await?.is_empty())
    }

    /// Whether nothing is missing: the profile is complete and the phone number confirmed.
    pub async fn is_onboarded(&self, user: UserId) -> Result<bool, DbErr> {
        profiles::is_onboarded(&self.system, user).await
    }
}
