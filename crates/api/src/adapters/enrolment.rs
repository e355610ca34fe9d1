//! What accounts need of workspaces: who may be enrolled where, who belongs where, who goes.

use std::{sync::Arc, time::Duration};

use accounts::ports::{Direction, Enrolled, Enrolment, EnrolmentRefusal, Invited, MembershipRefusal, Memberships};
use async_trait::async_trait;
use kernel::{
    authority::{Caller, WorkspaceRef},
    failure::Failure,
    ids::{UserId, WorkspaceId},
    outbox::Relay,
};
use sea_orm::DbErr;
use workspace::{Enrolling, EnrollingError, Place, WorkspaceError};

/// How long an answer waits for the membership that it promises.
const PATIENCE: Duration = Duration::from_secs(5);

/// Enrols by the rules of workspaces.
#[derive(Debug)]
pub struct Enrolments {
    enrolling: Arc<Enrolling>,
    relay: Relay,
}

impl Enrolments {
    /// Joins the two; `relay` tells of new accounts, which makes their memberships.
    pub fn new(enrolling: Arc<Enrolling>, relay: Relay) -> Self {
        Self { enrolling, relay }
    }
}

#[async_trait]
impl Enrolment for Enrolments {
    async fn check(&self, workspace: &WorkspaceRef, role: Option<&str>) -> Result<Enrolled, EnrolmentRefusal> {
        self.enrolling.check(workspace, role).await.map(enrolled).map_err(refusal)
    }

    async fn check_by(
        &self,
        granter: &Caller,
        workspace: WorkspaceId,
        role: Option<&str>,
    ) -> Result<Enrolled, EnrolmentRefusal> {
        self.enrolling.check_by(granter, workspace, role).await.map(enrolled).map_err(refusal)
    }

    async fn invited(&self, token: &str) -> Result<Invited, EnrolmentRefusal> {
        let workspace::Invited { invitation, place, email } = self.enrolling.invited(token).await.map_err(refusal)?;
        Ok(Invited { invitation: invitation.0, enrolled: enrolled(place), email })
    }

    async fn accept(&self, user: UserId, token: &str) -> Result<Enrolled, EnrolmentRefusal> {
        self.enrolling.accept(user, token).await.map(enrolled).map_err(refusal)
    }

    async fn is_member(&self, user: UserId, workspace: WorkspaceId) -> Result<bool, DbErr> {
        self.enrolling.is_active_member(workspace, user).await
    }

    async fn settle(&self) {
        // In a task of its own: a client that goes away must not stop the relay half-way. And not for ever: what isn't
        // told by then is told soon after.
        let relay = self.relay.clone();
        let drained = tokio::spawn(async move { relay.drain().await });
        if !matches!(tokio::time::timeout(PATIENCE, drained).await, Ok(Ok(Ok(_)))) {
            tracing::warn!("new memberships wait for the relay");
        }
    }
}

fn enrolled(place: Place) -> Enrolled {
    Enrolled { workspace: place.workspace, role: place.role }
}

fn refusal(error: EnrollingError) -> EnrolmentRefusal {
    match error {
        EnrollingError::NotFound | EnrollingError::StillBelongs => EnrolmentRefusal::NotFound,
        EnrollingError::RoleNotSelfAssignable { available } => EnrolmentRefusal::RoleNotSelfAssignable { available },
        EnrollingError::Refused(WorkspaceError::UnknownRole { available, .. }) => {
            EnrolmentRefusal::UnknownRole { available }
        }
        EnrollingError::Refused(WorkspaceError::Failure(Failure::Db(error))) => EnrolmentRefusal::Unavailable(error),
        EnrollingError::Refused(other) => EnrolmentRefusal::Refused(other.into()),
    }
}

#[async_trait]
impl Memberships for Enrolments {
    async fn people(
        &self,
        workspaces: &[WorkspaceId],
        after: Option<UserId>,
        direction: Direction,
        limit: u64,
    ) -> Result<Vec<UserId>, DbErr> {
        self.enrolling.people(Some(workspaces), after, direction == Direction::NewestFirst, limit).await
    }

    async fn remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<bool, MembershipRefusal> {
        self.enrolling.remove(by, workspace, user).await.map_err(stays)
    }

    async fn may_remove(&self, by: &Caller, workspace: WorkspaceId, user: UserId) -> Result<(), MembershipRefusal> {
        self.enrolling.may_remove(by, workspace, user).await.map_err(stays)
    }

    async fn remove_everywhere(&self, by: &Caller, user: UserId) -> Result<(), MembershipRefusal> {
        self.enrolling.remove_everywhere(by, user).await.map_err(stays)
    }
}

fn stays(error: EnrollingError) -> MembershipRefusal {
    match error {
        EnrollingError::NotFound => MembershipRefusal::NotMember,
        EnrollingError::StillBelongs => MembershipRefusal::StillBelongs,
        EnrollingError::Refused(WorkspaceError::Failure(Failure::Db(error))) => MembershipRefusal::Db(error),
        EnrollingError::Refused(refused) => MembershipRefusal::Refused(refused.into()),
        other @ EnrollingError::RoleNotSelfAssignable { .. } => MembershipRefusal::Db(DbErr::Custom(other.to_string())),
    }
}
