//! Typed identifiers: a `ProjectId` can't be passed where a `UserId` is due.
//!
//! Every id is a UUIDv7 (RFC 9562 section 5.7): its first 48 bits are the creation time in milliseconds, so ids sort
//! by age and index well.

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

/// A new UUIDv7 for the instant `now`; its 74 random bits come from the operating system.
pub fn uuid_v7(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}

/// Declares one id type per entity.
#[macro_export]
macro_rules! id_types {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize, ::sea_orm::DeriveValueType, ::utoipa::ToSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub ::uuid::Uuid);

        impl $name {
            /// A fresh id for something that comes into being at `now`.
            pub fn new(now: ::chrono::DateTime<::chrono::Utc>) -> Self {
                Self($crate::ids::uuid_v7(now))
            }
        }

        impl ::sea_orm::TryFromU64 for $name {
            /// Ids are made by the application, never by a sequence.
            fn try_from_u64(_: u64) -> Result<Self, ::sea_orm::DbErr> {
                Err(::sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id_types! {
    /// A person with an account.
    UserId,
    /// One sign-in of one person on one device.
    SessionId,
    /// A personal access token.
    TokenId,
    /// A tenant: people, their roles and everything they share.
    WorkspaceId,
    /// A role of one workspace, or of the platform.
    RoleId,
    /// A project.
    ProjectId,
    /// An image of the gallery.
    ImageId,
    /// One announced change.
    EventId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = UserId::new(DateTime::UNIX_EPOCH + chrono::Duration::days(1));
        let late = UserId::new(DateTime::UNIX_EPOCH + chrono::Duration::days(2));
        assert!(early < late);
        assert_eq!(early.0.get_version_num(), 7);
    }
}
