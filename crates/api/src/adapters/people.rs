//! What workspaces, projects and workshops need of accounts, and projects and workshops of workspaces.

use std::{collections::HashMap, sync::Arc};

use accounts::{Directory, PublicName};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{
    grant::{Limit, Scope},
    ids::{UserId, WorkspaceId},
};
use sea_orm::DbErr;
use workshop::CAN_VIEW_WORKSHOPS;
use workspace::{
    Standings,
    ports::{Mailbox, PublicProfile},
};

/// People, as others need them.
#[derive(Debug)]
pub struct People {
    directory: Directory,
    standings: Arc<Standings>,
}

impl People {
    /// Joins the two.
    pub fn new(directory: Directory, standings: Arc<Standings>) -> Self {
        Self { directory, standings }
    }
}

#[async_trait]
impl workspace::ports::People for People {
    async fn mailbox(&self, user: UserId) -> Result<Option<Mailbox>, DbErr> {
        Ok(self.directory.address_of(user).await?.map(|(key, is_proven)| Mailbox { key, is_proven }))
    }

    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, workspace::ports::PersonName>, DbErr> {
        let named = self.directory.public_names(users).await?;
        Ok(named
            .into_iter()
            .map(|(id, PublicName { username, first_name, last_name, .. })| {
                (id, workspace::ports::PersonName { username, first_name, last_name })
            })
            .collect())
    }

    async fn exists(&self, user: UserId) -> Result<bool, DbErr> {
        self.directory.exists(user).await
    }

    async fn profiles(&self, users: &[UserId], words: Option<&str>, limit: u64) -> Result<Vec<PublicProfile>, DbErr> {
        let found = self.directory.profiles(users, words, limit).await?;
        Ok(found.into_iter().map(public_profile).collect())
    }

    async fn is_onboarded(&self, user: UserId) -> Result<bool, DbErr> {
        self.directory.is_onboarded(user).await
    }
}

fn public_profile(profile: accounts::PublicProfile) -> PublicProfile {
    let accounts::PublicProfile { id, username, first_name, last_name, bio, description, avatar_emoji, avatar_color } =
        profile;
    let name = workspace::ports::PersonName { username, first_name, last_name };
    PublicProfile { user: id, name, bio, description, avatar: avatar_emoji.zip(avatar_color) }
}

#[async_trait]
impl activity::ports::People for People {
    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr> {
        Ok(self.directory.find_by_username(username).await?.map(|person| person.id))
    }
}

#[async_trait]
impl project::ports::Members for People {
    async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        self.standings.is_active_member(workspace, user).await
    }

    async fn limit(&self, workspace: WorkspaceId, user: UserId, limit: &Limit) -> Result<Option<i64>, DbErr> {
        self.standings.limit(workspace, user, limit).await
    }

    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr> {
        Ok(self.directory.find_by_username(username).await?.map(|person| person.id))
    }

    async fn currency(&self, workspace: WorkspaceId) -> Result<Option<String>, DbErr> {
        self.standings.currency(workspace).await
    }

    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, project::ports::PersonName>, DbErr> {
        let named = self.directory.public_names(users).await?;
        Ok(named
            .into_iter()
            .map(|(id, PublicName { username, first_name, last_name, .. })| {
                (id, project::ports::PersonName { username, first_name, last_name })
            })
            .collect())
    }
}

#[async_trait]
impl workshop::ports::Members for People {
    async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr> {
        self.standings.is_active_member(workspace, user).await
    }

    async fn sees_workshops_in(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<WorkspaceId>, DbErr> {
        // Of an account that is disabled nothing is told.
        if self.directory.email_of(user).await?.is_none() {
            return Ok(Vec::new());
        }
        let standing = self.standings.standing(user).await?;
        let seats = standing.seats_at(now).filter(|seat| seat.grants.scope(&CAN_VIEW_WORKSHOPS) == Scope::Any);
        Ok(seats.map(|seat| seat.workspace).collect())
    }

    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr> {
        Ok(self.directory.find_by_username(username).await?.map(|person| person.id))
    }

    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, workshop::ports::PersonName>, DbErr> {
        let named = self.directory.public_names(users).await?;
        Ok(named
            .into_iter()
            .map(|(id, PublicName { username, first_name, last_name, .. })| {
                (id, workshop::ports::PersonName { username, first_name, last_name })
            })
            .collect())
    }

    async fn emails(&self, users: &[UserId]) -> Result<HashMap<UserId, String>, DbErr> {
        self.directory.emails_of(users).await
    }
}
