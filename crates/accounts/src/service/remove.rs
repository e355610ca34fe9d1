//! Removing someone: their membership, and their account where the workspace made it and they belong nowhere else.

use kernel::{guard::Permit, ids::WorkspaceId, outbox::Event};

use super::Accounts;
use crate::{
    actions::RemoveAccount,
    error::AccountsError,
    events,
    ports::MembershipRefusal,
    store::{self, sessions::Ending},
};

impl Accounts {
    /// Removes the person from the workspace by whose role it is allowed; by a platform role, from all.
    pub(crate) async fn remove(&self, permit: &Permit<RemoveAccount>) -> Result<(), AccountsError> {
        let person = permit.target();
        // The removal happens in another module's transaction: confirm here that the right to it still holds.
        drop(permit.begin().await?);
        let left: Vec<WorkspaceId> =
            if permit.is_platform() { person.workspaces.clone() } else { permit.place().into_iter().collect() };
        // All of them are asked before the first is left: a refusal must not come half-way.
        if let [_, _, ..] = left.as_slice() {
            for workspace in &left {
                match self.memberships.may_remove(permit.acting(), *workspace, person.id).await {
                    Ok(()) | Err(MembershipRefusal::NotMember) => {}
                    refused => refused?,
                }
            }
        }
        for workspace in left {
            match self.memberships.remove(permit.acting(), workspace, person.id).await {
                // By a platform role the account goes too, so that somebody else removed the membership is no matter.
                Err(MembershipRefusal::NotMember) if permit.is_platform() => {}
                other => other?,
            }
        }
        let is_made_here = person.created_via.is_some() && person.created_via == permit.place();
        let belongs_anywhere = self.memberships.belongs_anywhere(person.id).await?;
        match (permit.is_platform() || is_made_here, belongs_anywhere) {
            (true, false) => self.erase(permit).await,
            // From the platform's view to remove is to erase; saying that it was done would be a lie.
            (true, true) if permit.is_platform() => Err(AccountsError::StillBelongs),
            _ => Ok(()),
        }
    }

    /// Erases an account. The membership is gone by now, and with it, for someone who removes themselves, the right to
    /// do this; so it is done by the system, in the name of who asked for it.
    async fn erase(&self, permit: &Permit<RemoveAccount>) -> Result<(), AccountsError> {
        let (user, now) = (permit.target().id, permit.now());
        let tx = self.system.begin().await?;
        let was_there = store::users::erase(&tx, user).await?;
        let ended = store::sessions::end(&tx, Ending::AllOf(user), now).await?;
        store::sessions::blank(&tx, user).await?;
        if was_there {
            let mut event = Event::new(events::USER_DELETED, events::USER, user.0, now).by(permit.acting());
            event.as_platform = permit.is_platform();
            event.workspace_id = permit.place();
            tx.announce(event).await?;
        }
        tx.commit().await?;
        self.forget(&ended);
        self.tokens.forget_all_personal();
        Ok(())
    }
}
