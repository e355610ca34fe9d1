//! The histories, read for whoever a guard let in.

mod entries;
mod export;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use kernel::{
    db::System,
    guard::Permit,
    http::Paging,
    ids::{UserId, WorkspaceId},
    page::Page,
    trail::{AuditEntry, Mark, Stretch, Trail},
};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    Schema,
    actions::ViewAudit,
    dto::{ActorRef, AuditFilter},
    error::ActivityError,
    ports::People,
    store::{self, Asked},
};

/// Reads the log.
#[derive(Clone)]
pub struct Trails {
    system: System<Schema>,
    people: Arc<dyn People>,
}

impl fmt::Debug for Trails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Trails")
    }
}

impl Trails {
    /// The service: the actor in whose name it reads for other domains, and what it asks about people.
    pub fn new(system: System<Schema>, people: Arc<dyn People>) -> Self {
        Self { system, people }
    }

    /// A page of what happened in a workspace.
    pub async fn audit(
        &self,
        permit: &Permit<ViewAudit>,
        paging: &Paging<AuditFilter>,
    ) -> Result<Page<AuditEntry>, ActivityError> {
        let filter = paging.filter();
        let stretch = Stretch { span: filter.span(), after: paging.after::<Mark>()?, limit: paging.limit() + 1 };
        let entries = match self.asked(filter).await? {
            Some(asked) => entries::of(store::of_workspace(permit, &asked, &stretch).await?),
            None => Vec::new(),
        };
        Ok(paging.page(entries, Mark::of)?)
    }

    /// What to ask the store for; `None` where nothing can match.
    async fn asked(&self, filter: &AuditFilter) -> Result<Option<Asked>, ActivityError> {
        let actor = match &filter.actor {
            None => None,
            Some(ActorRef::Id(user)) => Some(*user),
            Some(ActorRef::Username(username)) => match self.people.id_of_username(username).await? {
                Some(user) => Some(user),
                None => return Ok(None),
            },
        };
        Ok(Some(Asked { actor, action: filter.action.clone(), resource: filter.resource.clone() }))
    }
}

#[async_trait]
impl Trail for Trails {
    async fn of_resource(
        &self,
        workspace: WorkspaceId,
        kind: &str,
        id: Uuid,
        stretch: &Stretch,
    ) -> Result<Vec<AuditEntry>, DbErr> {
        Ok(entries::of(store::of_resource(&self.system, workspace, (kind, id), stretch).await?))
    }

    async fn of_person(
        &self,
        user: UserId,
        among: Option<&[WorkspaceId]>,
        stretch: &Stretch,
    ) -> Result<Vec<AuditEntry>, DbErr> {
        Ok(entries::of(store::of_person(&self.system, user, among, stretch).await?))
    }
}
