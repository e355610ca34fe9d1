//! When someone is done with telling who they are: decided in the transaction of whatever changes it, under the lock of
//! the profile, so that it is told exactly once also when the last two things that were missing come at the same moment.

use kernel::{
    guard::{Identified, Tx},
    ids::UserId,
    outbox::Event,
};
use sea_orm::DbErr;

use crate::{entity::profile, events, rules::missing, store};

/// Decides it after a change of the account. Locks the profile, so the account's lock comes before it, always.
pub(super) async fn settle_of<A: Identified>(tx: &Tx<'_, A>, user: UserId) -> Result<(), DbErr> {
    match store::profiles::lock(tx, user).await? {
        Some(profile) => settle(tx, &profile).await,
        None => Ok(()),
    }
}

/// Decides it after a change of `profile`, which is locked. The account is read now and not before the lock: who held
/// the lock until now may have changed it.
pub(super) async fn settle<A: Identified>(tx: &Tx<'_, A>, profile: &profile::Model) -> Result<(), DbErr> {
    let (id, now) = (profile.user_id, tx.permit().now());
    let Some(account) = store::profiles::account_of(tx, id).await? else { return Ok(()) };
    let is_complete = missing(profile, &account).is_empty();
    match (profile.onboarded_at, is_complete) {
        (None, true) => {
            store::profiles::note_onboarded(tx, id, Some(now)).await?;
            tx.announce(Event::new(events::ONBOARDING_COMPLETED, events::USER, id.0, now)).await
        }
        (Some(_), false) => store::profiles::note_onboarded(tx, id, None).await,
        _ => Ok(()),
    }
}
