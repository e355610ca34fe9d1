//! Proving that a phone number is one's own, by a code that is sent to it.

use actix_web::http::StatusCode;
use kernel::{guard::Permit, http::Done, outbox::Event};
use uuid::Uuid;

use super::{
    Profiles,
    changes::{Changed, set_phone},
    edit::write,
};
use crate::{
    actions::profiles::{RequestPhoneCode, VerifyPhone},
    error::{AccountsError, PhoneFault},
    events,
    ports::phone_codes::{Attempt, Begun, TRIES},
    profile_dto::PhoneView,
    store,
};

/// For what codes are derived.
pub(super) const CODE_FOR: &str = "phone";

impl Profiles {
    /// Makes `phone` the caller's number and has a code sent to it. It is sent by who hears of the event, after the
    /// commit, so that it is sent also if the program dies right after.
    pub(crate) async fn request_code(
        &self,
        permit: &Permit<RequestPhoneCode>,
        phone: String,
    ) -> Result<Done<PhoneView>, AccountsError> {
        let (user, now) = (permit.caller(), permit.now());
        let tx = permit.begin().await?;
        let mut row = store::profiles::lock(&tx, user).await?.ok_or(AccountsError::Gone)?;
        let is_same = row.phone.as_ref() == Some(&phone);
        if is_same && row.phone_confirmed_at.is_some() {
            return Err(PhoneFault::Confirmed.into());
        }
        let attempt = Attempt { id: Uuid::new_v4(), phone: phone.clone() };
        if let Begun::TooSoon(wait) = self.codes.begin(&tx, user, &attempt, now).await? {
            return Err(PhoneFault::TooMany { wait }.into());
        }
        if !is_same {
            set_phone(&mut row, Some(phone.clone()));
            write(&tx, Changed { row, fields: vec!["phone"] }).await?;
        }
        let event = Event::new(events::PHONE_CODE_REQUESTED, events::USER, user.0, now);
        tx.announce(event.fact("attempt_id", attempt.id.to_string())).await?;
        let reply = Done { status: StatusCode::ACCEPTED, view: PhoneView { phone, confirmed: false } };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }

    /// Confirms the caller's number, if `code` is the one that was sent to it. A wrong one is counted.
    pub(crate) async fn verify_phone(
        &self,
        permit: &Permit<VerifyPhone>,
        code: &str,
    ) -> Result<Done<PhoneView>, AccountsError> {
        let (user, now) = (permit.caller(), permit.now());
        let tx = permit.begin().await?;
        let mut row = store::profiles::lock(&tx, user).await?.ok_or(AccountsError::Gone)?;
        let tried = self.codes.try_once(&tx, user, now).await?.ok_or(PhoneFault::NoCode)?;
        if !self.keyring.is_code(CODE_FOR, tried.attempt.id, code) {
            tx.commit().await?;
            let tries_left = u32::try_from(TRIES - tried.tries).unwrap_or_default();
            return Err(PhoneFault::WrongCode { tries_left }.into());
        }
        // The number may have been changed since the code was sent.
        if row.phone.as_ref() != Some(&tried.attempt.phone)
            || !self.codes.spend(&tx, user, tried.attempt.id, now).await?
        {
            tx.commit().await?;
            return Err(PhoneFault::NoCode.into());
        }
        row.phone_confirmed_at = Some(now);
        write(&tx, Changed { row, fields: vec!["phone_confirmed"] }).await?;
        let reply = Done { status: StatusCode::OK, view: PhoneView { phone: tried.attempt.phone, confirmed: true } };
        tx.commit_with(&reply).await?;
        Ok(reply)
    }
}
