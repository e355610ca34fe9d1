//! What can go wrong with phone numbers and avatars, and what is answered then.

use actix_web::http::StatusCode;
use chrono::Duration;
use kernel::problem::Problem;
use pictures::PictureFault;

use crate::ports::phone_codes::CodesAway;

/// Why a phone number is not confirmed.
#[derive(Debug, thiserror::Error)]
pub enum PhoneFault {
    /// It is confirmed already.
    #[error("confirmed already")]
    Confirmed,
    /// Codes were asked for too often.
    #[error("too many codes")]
    TooMany {
        /// When the next may be asked for.
        wait: Duration,
    },
    /// It is not the code.
    #[error("wrong code")]
    WrongCode {
        /// How often another may be tried.
        tries_left: u32,
    },
    /// There is no code that could be right: none was asked for, it is too old, used, tried too often, or was for
    /// another number.
    #[error("no code")]
    NoCode,
    /// Codes are kept elsewhere, and that is away.
    #[error(transparent)]
    Away(#[from] CodesAway),
}

impl From<PhoneFault> for Problem {
    fn from(fault: PhoneFault) -> Self {
        match fault {
            PhoneFault::Confirmed => Self::conflict("phone_confirmed", "This number is confirmed already."),
            PhoneFault::TooMany { wait } => {
                // Rounded up: a second too early is refused again.
                let seconds = (wait.num_milliseconds().max(0) + 999) / 1000;
                let detail = "A code may be asked for once a minute and five times a day.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_codes", detail)
                    .with_header("Retry-After", seconds.max(1).to_string())
            }
            PhoneFault::WrongCode { tries_left } => {
                Self::invalid_field("/code", "wrong_code", "It is not the code.").with_member("tries_left", tries_left)
            }
            PhoneFault::NoCode => Self::conflict(
                "no_code",
                "There is no code that is good still: ask for another with POST /users/me/phone.",
            ),
            PhoneFault::Away(error) => {
                tracing::warn!(%error, "codes are not reachable");
                Self::unavailable("codes_unavailable", "Codes can't be checked now; try again shortly.", 1)
            }
        }
    }
}

/// Why there is no avatar.
#[derive(Debug, thiserror::Error)]
pub enum AvatarFault {
    /// There is none.
    #[error("none")]
    None,
    /// It is no picture that is taken.
    #[error(transparent)]
    Picture(#[from] PictureFault),
    /// Too many pictures wait to be looked at.
    #[error("busy")]
    Busy,
    /// The store of media failed.
    #[error(transparent)]
    Store(#[from] object_store::Error),
}

impl From<AvatarFault> for Problem {
    fn from(fault: AvatarFault) -> Self {
        match fault {
            AvatarFault::None => Self::not_found(),
            AvatarFault::Picture(PictureFault::Unsupported) => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_image",
                "An avatar is a JPEG, PNG, WebP or GIF; what it is is told by its bytes.",
            ),
            AvatarFault::Picture(PictureFault::Corrupt) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "image_corrupt", "The picture is broken or cut off.")
            }
            AvatarFault::Picture(PictureFault::TooLarge { width, height, bound, limit }) => {
                let detail = format!("The picture is {width} by {height}, with more {} than {limit}.", bound.as_str());
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "image_too_large", detail)
                    .with_member("limit", limit)
                    .with_member("bound", bound.as_str())
            }
            AvatarFault::Busy => Self::unavailable("busy", "Too many pictures wait; try again shortly.", 1),
            AvatarFault::Store(error) => {
                tracing::error!(%error, "the store of media failed");
                Self::unavailable("storage_unavailable", "Pictures can't be read or kept now; try again shortly.", 5)
            }
        }
    }
}
