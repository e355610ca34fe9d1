//! The addresses of this domain, one operation per file.

mod change_email;
mod change_password;
mod check_password_code;
mod create_user;
mod delete_user;
mod edit_me;
mod edit_user;
mod end_other_sessions;
mod end_session;
mod forgot_password;
mod list_sessions;
mod list_users;
mod login;
mod login_as_user;
mod logout;
mod refresh;
mod replace_user;
mod resend_email;
mod reset_password;
mod send_password_mail;
mod signup;
mod undo_email;
mod verify_email;
mod view_me;
mod view_user;

use actix_web::{
    CustomizeResponder, Responder,
    http::{StatusCode, header},
};
use kernel::http::{Done, Routes};

use crate::dto::Mailed;

/// The routes of accounts and sessions.
pub fn routes() -> Routes {
    kernel::routes![
        signup::signup,
        login::login,
        login_as_user::login_as_user,
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
        change_email::change_email,
        list_users::list_users,
        create_user::create_user,
        view_user::view_user,
        replace_user::replace_user,
        edit_user::edit_user,
        delete_user::delete_user,
        send_password_mail::send_password_mail,
    ]
}

/// A reply with tokens, which nobody on the way keeps (RFC 6749 section 5.1).
fn confidential<R: Responder>(reply: R) -> CustomizeResponder<R> {
    reply.customize().insert_header((header::CACHE_CONTROL, "no-store"))
}

/// 202: a mail may be on its way.
fn mailed(detail: &str) -> Done<Mailed> {
    Done { status: StatusCode::ACCEPTED, view: Mailed::new(detail) }
}
