//! The kinds of things that people are told of, and how they are told unless they want it otherwise.

/// A kind of notification.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name: stable, for programs.
    pub name: &'static str,
    /// What it tells, for people.
    pub sentence: &'static str,
    /// Whether it is shown in the application, unless somebody doesn't want that.
    pub in_app: bool,
    /// The same of mail; none where that isn't for anybody to choose, because a letter of its own goes out or none is of use.
    pub mail: Option<bool>,
}

const fn kind(name: &'static str, sentence: &'static str, mail: Option<bool>) -> Kind {
    Kind { name, sentence, in_app: true, mail }
}

pub(crate) const IMAGE_APPROVED: Kind = kind("image_approved", "An image of yours was approved", Some(false));
pub(crate) const IMAGE_REJECTED: Kind = kind("image_rejected", "An image of yours was rejected", Some(true));
pub(crate) const MEMBER_ADDED: Kind = kind("member_added", "You were added to a workspace", None);
pub(crate) const MEMBER_ACTIVATED: Kind =
    kind("member_activated", "Your membership of a workspace is active again", Some(false));
pub(crate) const PROJECT_MEMBER_ADDED: Kind = kind("project_member_added", "You were added to a project", Some(false));
pub(crate) const ROLE_CHANGED: Kind = kind("role_changed", "Somebody gave you another role", Some(false));
pub(crate) const ROLE_PROMOTED: Kind = kind("role_promoted", "You got the role that yours promised", None);
pub(crate) const WORKSHOP_CANCELLED: Kind =
    kind("workshop_cancelled", "A workshop that you are registered for was cancelled", Some(true));
pub(crate) const WORKSHOP_MESSAGE: Kind =
    kind("workshop_message", "Whoever holds a workshop writes to those who are registered", Some(true));
pub(crate) const WORKSHOP_REGISTERED: Kind =
    kind("workshop_registered", "Somebody registered you for a workshop", Some(true));
pub(crate) const WORKSHOP_SEAT: Kind =
    kind("workshop_seat", "You waited for a seat in a workshop, and have one now", Some(true));

/// All of them, by name.
pub const KINDS: [&Kind; 11] = [
    &IMAGE_APPROVED,
    &IMAGE_REJECTED,
    &MEMBER_ACTIVATED,
    &MEMBER_ADDED,
    &PROJECT_MEMBER_ADDED,
    &ROLE_CHANGED,
    &ROLE_PROMOTED,
    &WORKSHOP_CANCELLED,
    &WORKSHOP_MESSAGE,
    &WORKSHOP_REGISTERED,
    &WORKSHOP_SEAT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_in_the_order_of_their_names_and_each_is_there_once() {
        assert!(KINDS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
