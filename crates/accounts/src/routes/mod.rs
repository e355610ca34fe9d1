//! The addresses of this domain, one operation per file.

mod accept_invitation;
mod answer_challenge;
mod avatar_upload;
mod change_email;
mod change_password;
mod check_password_code;
mod clear_avatar;
mod confirm_totp;
mod create_token;
mod create_user;
mod delete_user;
mod disable_totp;
mod edit_me;
mod edit_profile;
mod edit_user;
mod end_other_sessions;
mod end_session;
mod enrol_totp;
mod forgot_password;
mod list_sessions;
mod list_tokens;
mod list_users;
mod login;
mod login_as_user;
mod logout;
mod refresh;
mod renew_recovery_codes;
mod replace_user;
mod request_phone_code;
mod resend_email;
mod reset_password;
mod revoke_token;
mod send_password_mail;
mod set_avatar;
mod signup;
mod undo_email;
mod verify_email;
mod verify_phone;
mod view_activity;
mod view_avatar;
mod view_factors;
mod view_me;
mod view_onboarding;
mod view_profile;
mod view_user;

use actix_web::{
    CustomizeResponder, Responder,
    http::{StatusCode, header},
};
use kernel::http::{Done, Routes};
use validator::ValidationError;

use crate::dto::Mailed;

/// The routes of accounts and sessions.
pub fn routes() -> Routes {
    kernel::routes![
        signup::signup,
        accept_invitation::accept_invitation,
        login::login,
        login_as_user::login_as_user,
        answer_challenge::answer_challenge,
        refresh::refresh,
        logout::logout,
        forgot_password::forgot_password,
        check_password_code::check_password_code,
        reset_password::reset_password,
        verify_email::verify_email,
        resend_email::resend_email,
        undo_email::undo_email,
        list_sessions::list_sessions,
        end_session::end_session,
        end_other_sessions::end_other_sessions,
        view_me::view_me,
        edit_me::edit_me,
        change_password::change_password,
        view_factors::view_factors,
        enrol_totp::enrol_totp,
        confirm_totp::confirm_totp,
        disable_totp::disable_totp,
        renew_recovery_codes::renew_recovery_codes,
        create_token::create_token,
        list_tokens::list_tokens,
        revoke_token::revoke_token,
        change_email::change_email,
        list_users::list_users,
        create_user::create_user,
        view_user::view_user,
        view_activity::user_activity,
        replace_user::replace_user,
        edit_user::edit_user,
        delete_user::delete_user,
        send_password_mail::send_password_mail,
    ]
    .and(profile_routes())
}

fn profile_routes() -> Routes {
    kernel::routes![
        view_onboarding::view_onboarding,
        request_phone_code::request_phone_code,
        verify_phone::verify_phone,
        view_profile::view_profile,
        edit_profile::edit_profile,
        view_avatar::view_avatar,
        set_avatar::set_avatar,
        clear_avatar::clear_avatar,
    ]
}

/// Refuses a body that has neither a code nor a recovery code, or both.
fn one_proof(code: bool, recovery_code: bool) -> Result<(), ValidationError> {
    if code != recovery_code {
        return Ok(());
    }
    let sentence = "It takes exactly one of `code` and `recovery_code`.";
    Err(ValidationError::new("code_or_recovery_code").with_message(sentence.into()))
}

/// A reply with tokens, which nobody on the way keeps (RFC 6749 section 5.1).
fn confidential<R: Responder>(reply: R) -> CustomizeResponder<R> {
    reply.customize().insert_header((header::CACHE_CONTROL, "no-store"))
}

/// 202: a mail may be on its way.
fn mailed(detail: &str) -> Done<Mailed> {
    Done { status: StatusCode::ACCEPTED, view: Mailed::new(detail) }
}
