//! What this domain needs of others.

use std::{any::Any, collections::HashMap};

use actix_web::{dev::Payload, http::header::HeaderMap};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use kernel::{
    authority::Caller,
    ids::{ImageId, UserId, WorkspaceId},
    problem::Problem,
};
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use crate::{
    WorkshopId,
    dto::{Part, PhotoView},
};

/// What a person is called, as far as they said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The name they sign in with and are found by.
    pub username: Option<String>,
    /// Their first name.
    pub first_name: Option<String>,
    /// Their last name.
    pub last_name: Option<String>,
}

/// Who belongs to workspaces, and what people are called.
#[async_trait]
pub trait Members: Send + Sync {
    /// Whether `user` is an active member of `workspace` at this moment.
    async fn is_active_member(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr>;

    /// The workspaces in which `user`, as an active member, may see workshops at `now`.
    async fn sees_workshops_in(&self, user: UserId, now: DateTime<Utc>) -> Result<Vec<WorkspaceId>, DbErr>;

    /// Who has that username, whatever its case.
    async fn id_of_username(&self, username: &str) -> Result<Option<UserId>, DbErr>;

    /// The names of those of `users` who have an account. One statement.
    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, DbErr>;

    /// The addresses of those of `users` whose account is active. One statement.
    async fn emails(&self, users: &[UserId]) -> Result<HashMap<UserId, String>, DbErr>;
}

/// Who belongs to workspaces at this moment, by the database and not by what was heard of it.
#[async_trait]
pub trait Memberships: Send + Sync {
    /// Whether `user` is an active member of `workspace` now.
    async fn is_member_now(&self, workspace: WorkspaceId, user: UserId) -> Result<bool, DbErr>;
}

/// A workshop, as far as its photos are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Album {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Which.
    pub workshop: WorkshopId,
    /// Who made it: its photos are theirs.
    pub steward: UserId,
    /// Whether it is more than a draft.
    pub is_shown: bool,
}

/// A photo's place in the list of its workshop, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoKey(pub DateTime<Utc>, pub ImageId);

/// What there is of a workshop's photos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoCounts {
    /// Photos that describe it.
    pub description: u64,
    /// Photos of those who attended.
    pub attendee: u64,
    /// Likes of all of them.
    pub likes: u64,
    /// Comments on all of them.
    pub comments: u64,
}

/// A photo that was received, checked and stored, and belongs to no workshop yet.
pub struct PreparedPhoto {
    /// SHA-256 of what was asked for.
    pub fingerprint: [u8; 32],
    /// What whoever keeps photos knows of it.
    pub kept: Box<dyn Any + Send>,
}

impl std::fmt::Debug for PreparedPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PreparedPhoto")
    }
}

/// The form of a request that uploads a photo, not read yet.
pub struct PhotoForm {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its query.
    pub query: String,
    /// Its body.
    pub payload: Payload,
}

impl std::fmt::Debug for PhotoForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PhotoForm")
    }
}

/// Who reads uploads. A body belongs to its thread, and so does what reads it.
#[async_trait(?Send)]
pub trait Uploads: Send + Sync {
    /// Reads a form, looks at its file and stores it. Takes long.
    async fn receive(&self, workspace: WorkspaceId, form: PhotoForm) -> Result<PreparedPhoto, Problem>;
}

/// Who keeps the photos of workshops. Who may do what with them is decided here, before it is asked.
#[async_trait]
pub trait Photos: Uploads {
    /// Adds a photo; under a `key` of the caller's once, however many requests with it meet.
    async fn add(
        &self,
        by: &Caller,
        album: Album,
        part: Part,
        photo: PreparedPhoto,
        key: Option<&str>,
    ) -> Result<PhotoView, Problem>;

    /// Lets go of a photo that is not to be added after all.
    async fn abandon(&self, photo: PreparedPhoto);

    /// Photos of one part, the newest first, those after `after` and at most `limit`.
    async fn list(
        &self,
        (workspace, workshop, part): (WorkspaceId, WorkshopId, Part),
        viewer: UserId,
        after: Option<PhotoKey>,
        limit: u64,
    ) -> Result<Vec<PhotoView>, DbErr>;

    /// Deletes photos that describe a workshop, all or none.
    async fn delete(
        &self,
        by: &Caller,
        workspace: WorkspaceId,
        workshop: WorkshopId,
        ids: &[ImageId],
    ) -> Result<(), Problem>;

    /// Deletes all photos of a workshop that is gone.
    async fn delete_all(&self, by: &Caller, workspace: WorkspaceId, workshop: WorkshopId) -> Result<(), Problem>;

    /// Shows the photos of a workshop that was published, or keeps back those of one that is a draft again.
    async fn show(&self, workspace: WorkspaceId, workshop: WorkshopId, is_shown: bool) -> Result<(), DbErr>;

    /// What there is of a workshop's photos.
    async fn counts(&self, workspace: WorkspaceId, workshop: WorkshopId) -> Result<PhotoCounts, DbErr>;
}
