//! The second half of signing in. A try is counted before the code is looked at, and what is right is used up by the
//! statement that finds it so: of many who try at once, so many are looked at, and one gets in.

use kernel::{
    guard::{Permit, Public},
    outbox::Event,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{Accounts, CHALLENGE, Proven, password_mark};
use crate::{
    Schema,
    dto::TokensView,
    error::AccountsError,
    events,
    factor::{FactorRefusal, Proof},
    service::factors::Used,
    store,
};

impl Accounts {
    /// Begins the session that a challenge stands for. All codes that are offered at the door come through here.
    pub(crate) async fn answer_challenge(
        &self,
        permit: &Permit<Public<Schema>>,
        presented: &SecretString,
        proof: &Proof,
    ) -> Result<TokensView, AccountsError> {
        let id: Option<Uuid> = self.keyring.id_of_token(CHALLENGE, presented.expose_secret());
        let id = id.ok_or(FactorRefusal::InvalidChallenge)?;
        let now = permit.now();
        let challenge = store::challenges::take_try(permit, id, now).await?.ok_or(FactorRefusal::InvalidChallenge)?;
        self.count_try(challenge.user_id, proof, now).await?;

        let tx = permit.begin().await?;
        let account = store::challenges::account(&tx, challenge.user_id).await?;
        let account = account.filter(|row| password_mark(row) == challenge.password_mark);
        let user = account.ok_or(FactorRefusal::InvalidChallenge)?.id;
        let used = self.use_up(&tx, user, proof, now).await?.ok_or(FactorRefusal::InvalidCode)?;
        if !store::challenges::finish(&tx, id).await? {
            return Err(FactorRefusal::InvalidChallenge.into());
        }
        if let Used::RecoveryCode { left } = used {
            let mut event = Event::new(events::RECOVERY_CODE_USED, events::USER, user.0, now).fact("left", left);
            event.actor_id = Some(user);
            tx.announce(event).await?;
        }
        let tokens = self.begin_session(&tx, Proven(user)).await?;
        tx.commit().await?;
        Ok(tokens)
    }
}
