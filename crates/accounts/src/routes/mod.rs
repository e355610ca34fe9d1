//! The addresses of this domain, one operation per file.

mod accept_invitation;
mod change_password;
mod create_user;
mod delete_user;
mod edit_me;
mod edit_user;
mod end_other_sessions;
mod end_session;
mod list_sessions;
mod list_users;
mod login;
mod login_as_user;
mod logout;
mod refresh;
mod replace_user;
mod signup;
mod view_me;
mod view_user;

use actix_web::{CustomizeResponder, Responder, http::header};
use kernel::http::Routes;

/// The routes of accounts and sessions.
pub fn routes() -> Routes {
    kernel::routes![
        signup::signup,
        accept_invitation::accept_invitation,
        login::login,
        login_as_user::login_as_user,
        refresh::refresh,
        logout::logout,
        list_sessions::list_sessions,
        end_session::end_session,
        end_other_sessions::end_other_sessions,
        view_me::view_me,
        edit_me::edit_me,
        change_password::change_password,
        list_users::list_users,
        create_user::create_user,
        view_user::view_user,
        replace_user::replace_user,
        edit_user::edit_user,
        delete_user::delete_user,
    ]
}

/// A reply with tokens, which nobody on the way keeps (RFC 6749 section 5.1).
fn confidential<R: Responder>(reply: R) -> CustomizeResponder<R> {
    reply.customize().insert_header((header::CACHE_CONTROL, "no-store"))
}
