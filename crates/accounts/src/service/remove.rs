//! Removing someone: their membership, and their account where the workspace made it and they belong nowhere else.

use kernel::{guard::Permit, outbox::Event};

use super::Accounts;
use crate::{
    actions::RemoveAccount,
    error::AccountsError,
    events,
    store::{self, sessions::Ending},
};

impl Accounts {
    /// Removes the person from the workspace by whose role it is allowed; by a platform role, from all.
    pub(crate) async fn remove(&self, permit: &Permit<RemoveAccount>) -> Result<(), AccountsError> {
        let person = permit.target();
        // The removal happens in another module's transaction: confirm here that the right to it still holds.
        drop(permit.begin().await?);
        if permit.is_platform() {
            // From the platform's view to remove is to erase: everywhere, or with a refusal not at all.
            self.memberships.remove_everywhere(permit.acting(), person.id).await?;
            return self.erase(permit).await;
        }
        let Some(workspace) = permit.place() else { return Err(AccountsError::Gone) };
        let belongs = self.memberships.remove(permit.acting(), workspace, person.id).await?;
        if !belongs && person.created_via == Some(workspace) {
            return self.erase(permit).await;
        }
        Ok(())
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
