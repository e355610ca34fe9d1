//! What can go wrong with workspaces, members and roles, and how it is told.

use actix_web::http::StatusCode;
use kernel::{
    failure::Failure,
    problem::{FieldFault, Problem},
};
use policy::{Fault, Uncovered};
use sea_orm::DbErr;
use serde_json::{Value, json};

/// Why something in this domain did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The database failed, or the permit's transaction was refused.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// It is gone, or was never there for the caller.
    #[error("not found")]
    NotFound,
    /// Another workspace has the slug.
    #[error("slug taken")]
    SlugTaken,
    /// Another role of the workspace has the name.
    #[error("role name taken")]
    RoleNameTaken,
    /// The workspace has as many roles as it may.
    #[error("too many roles")]
    TooManyRoles,
    /// They are a member already, maybe a suspended one.
    #[error("already a member")]
    AlreadyMember,
    /// They were asked and have not answered yet.
    #[error("not accepted yet")]
    NotAcceptedYet,
    /// There is an open invitation for them.
    #[error("already invited")]
    AlreadyInvited,
    /// The workspace has as many open invitations as it may.
    #[error("too many invitations")]
    TooManyInvitations,
    /// It was sent to them so lately or so often that it is not sent again now.
    #[error("invitation sent lately")]
    SentLately {
        /// After how many seconds it may be.
        retry_after: i64,
    },
    /// The invitation can't be accepted any more.
    #[error("invitation gone: {reason}")]
    InvitationGone {
        /// Why, in a word.
        reason: &'static str,
    },
    /// The invitation is for somebody else.
    #[error("another addressee")]
    OtherAddressee,
    /// An end that is over already.
    #[error("an end in the past")]
    EndsInThePast,
    /// It would take from the owner what an owner always has.
    #[error("the owner must hand over first")]
    OwnerMustHandOver,
    /// It would leave the workspace without an administrator.
    #[error("the last administrator")]
    LastAdministrator,
    /// The role that the workspace keeps for its owner stays, and stays an administrator's.
    #[error("the owner's role")]
    OwnerRole,
    /// The role is held, or is the one that people get who join.
    #[error("role in use")]
    RoleInUse {
        /// How many hold it.
        members: u64,
        /// Whether it is the workspace's default role.
        default: bool,
    },
    /// The workspace's plan has no room for another member.
    #[error("{used} of {limit} members")]
    NoSeats {
        /// How many it has room for.
        limit: i64,
        /// How many there are.
        used: i64,
    },
    /// Amounts in the currency exist.
    #[error("currency in use")]
    CurrencyInUse,
    /// The caller would hand out or take away what they don't hold themselves.
    #[error("beyond one's own role")]
    BeyondYourOwn(Vec<Uncovered>),
    /// There is no such account.
    #[error("unknown person")]
    UnknownPerson {
        /// Where the request names them.
        pointer: &'static str,
    },
    /// They are no active member.
    #[error("not an active member")]
    NotAMember {
        /// Where the request names them.
        pointer: &'static str,
    },
    /// The workspace has no such role.
    #[error("unknown role")]
    UnknownRole {
        /// Where the request names it.
        pointer: &'static str,
        /// Those that it has.
        available: Vec<String>,
    },
    /// People can't choose this role themselves.
    #[error("role not self-assignable")]
    RoleNotSelfAssignable {
        /// Those that they can.
        available: Vec<String>,
    },
    /// There is no such blueprint.
    #[error("unknown blueprint")]
    UnknownBlueprint {
        /// Those that there are.
        available: Vec<String>,
    },
    /// The name that confirms a deletion is missing or another.
    #[error("not confirmed")]
    NotConfirmed,
    /// The role never had this version.
    #[error("unknown version")]
    UnknownVersion,
    /// The role that a former version was exchanged for is gone.
    #[error("the promotion is gone")]
    PromotionGone,
    /// The role's document or its flags are not sound.
    #[error("unsound role")]
    UnsoundRole(Vec<FieldFault>),
}

impl From<DbErr> for WorkspaceError {
    fn from(error: DbErr) -> Self {
        Self::Failure(Failure::Db(error))
    }
}

impl From<WorkspaceError> for Problem {
    fn from(error: WorkspaceError) -> Self {
        use WorkspaceError as E;
        match error {
            E::Failure(failure) => failure.into(),
            E::NotFound => Self::not_found(),
            E::SlugTaken => Self::conflict("slug_taken", "Another workspace has this slug; choose another."),
            E::RoleNameTaken => Self::conflict("role_name_taken", "Another role of this workspace has this name."),
            E::TooManyRoles => Self::conflict("too_many_roles", "The workspace has as many roles as it may."),
            E::AlreadyMember => Self::conflict("already_member", "They belong to this workspace already."),
            E::NotAcceptedYet => Self::conflict(
                "not_accepted_yet",
                "They have not accepted the invitation yet; until then it can only be taken back.",
            ),
            E::AlreadyInvited => {
                Self::conflict("already_invited", "There is an open invitation for them; it can be sent again.")
            }
            E::TooManyInvitations => {
                Self::conflict("too_many_invitations", "The workspace has as many open invitations as it may.")
            }
            E::SentLately { retry_after } => {
                let detail = "The invitation was sent to them lately; it can be sent again after a while.";
                Self::new(StatusCode::TOO_MANY_REQUESTS, "invitation_sent_lately", detail)
                    .with_header("Retry-After", retry_after.to_string())
            }
            E::InvitationGone { reason } => {
                let detail = "The invitation can't be accepted any more; ask for another.";
                Self::new(StatusCode::GONE, "invitation_gone", detail).with_member("reason", reason)
            }
            E::OtherAddressee => {
                Self::forbidden("other_addressee", "The invitation is for somebody else; sign in as who was invited.")
            }
            E::EndsInThePast => {
                Self::invalid_field("/expires_at", "past", "A membership can't end in the past; remove it instead.")
            }
            E::OwnerMustHandOver => Self::conflict(
                "owner_must_hand_over",
                "The owner stays an active administrator; hand the workspace over to another member first.",
            ),
            E::LastAdministrator => Self::conflict(
                "last_administrator",
                "This would leave the workspace without an administrator; make somebody else one first.",
            ),
            E::OwnerRole => Self::conflict(
                "owner_role",
                "The workspace keeps this role for its owner: it stays, and it stays an administrator's.",
            ),
            E::RoleInUse { members, default } => role_in_use(members, default),
            E::NoSeats { limit, used } => {
                let detail = format!("The workspace's plan has room for {limit} members, and there are {used}.");
                Self::new(StatusCode::FORBIDDEN, "limit_reached", detail)
                    .with_member("limit", limit)
                    .with_member("used", used)
                    .with_member("source", "workspace_plan")
            }
            E::CurrencyInUse => Self::conflict(
                "currency_in_use",
                "Hour rates are set in the workspace's currency; clear them before changing it.",
            ),
            E::BeyondYourOwn(missing) => beyond_your_own(&missing),
            E::UnknownPerson { pointer } => Self::invalid_field(pointer, "unknown_person", "There is no such account."),
            E::NotAMember { pointer } => {
                Self::invalid_field(pointer, "not_a_member", "They are no active member of this workspace.")
            }
            E::UnknownRole { pointer, available } => {
                let detail = format!("The workspace has no such role; it has {}.", listed(&available));
                Self::invalid_field(pointer, "unknown_role", detail).with_member("available", available)
            }
            E::RoleNotSelfAssignable { available } => {
                let detail =
                    format!("People can't choose this role themselves; they can choose {}.", listed(&available));
                Self::invalid_field("/role", "role_not_self_assignable", detail).with_member("available", available)
            }
            E::UnknownBlueprint { available } => {
                let detail = format!("There is no such blueprint; there are {}.", listed(&available));
                Self::invalid_field("/blueprint", "unknown_blueprint", detail).with_member("available", available)
            }
            E::NotConfirmed => Self::invalid_field(
                "/confirm",
                "not_confirmed",
                "Repeat the workspace's name as `confirm`, exactly as it is written.",
            ),
            E::UnknownVersion => Self::invalid_field(
                "/version",
                "unknown_version",
                "The role has had no such version; its history lists those that it had.",
            ),
            E::PromotionGone => Self::conflict(
                "promotion_gone",
                "In that version the role was exchanged for one that is gone; change the role by hand instead.",
            ),
            E::UnsoundRole(faults) => Self::invalid(faults),
        }
    }
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn role_in_use(members: u64, default: bool) -> Problem {
    let detail = match (members, default) {
        (0, _) => "People who join get this role; pass `reassign_to` to give them another.".to_owned(),
        (1, _) => "A member holds this role; pass `reassign_to` to give them another.".to_owned(),
        (held, _) => format!("{held} members hold this role; pass `reassign_to` to give them another."),
    };
    Problem::conflict("role_in_use", detail).with_member("members", members).with_member("is_default", default)
}

fn beyond_your_own(missing: &[Uncovered]) -> Problem {
    let told: Vec<Value> = missing.iter().map(uncovered).collect();
    let first = missing.first().map(|uncovered| format!(": {uncovered}")).unwrap_or_default();
    let detail = format!("The role has what yours has not, so it is not yours to give or take{first}.");
    Problem::new(StatusCode::FORBIDDEN, "beyond_your_own", detail).with_member("missing", told)
}

fn uncovered(uncovered: &Uncovered) -> Value {
    match uncovered {
        Uncovered::Permission { permission, held, needed } => {
            json!({ "key": permission, "held": held.as_str(), "needed": needed.as_str() })
        }
        Uncovered::Wildcard => json!({ "key": policy::WILDCARD, "held": false, "needed": true }),
        Uncovered::Limit { limit, held, needed } => json!({ "key": limit, "held": held, "needed": needed }),
    }
}

/// The faults of a role document that stands at `/permissions`.
pub(crate) fn document_faults(faults: Vec<Fault>) -> Vec<FieldFault> {
    let told = faults.into_iter().map(|fault| {
        let detail = match fault.suggestion {
            Some(suggestion) => format!("{} Did you mean `{suggestion}`?", fault.message),
            None => fault.message,
        };
        FieldFault::new(format!("/permissions{}", fault.pointer), fault.code, detail)
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use kernel::grant::Scope;

    use super::*;

    #[test]
    fn what_is_missing_is_listed() {
        let missing = vec![
            Uncovered::Wildcard,
            Uncovered::Permission { permission: "can_edit_projects", held: Scope::Own, needed: Scope::Any },
            Uncovered::Limit { limit: "max_projects", held: 1, needed: None },
        ];
        let problem = Problem::from(WorkspaceError::BeyondYourOwn(missing));
        assert_eq!((problem.status(), problem.code()), (StatusCode::FORBIDDEN, "beyond_your_own"));
    }

    #[test]
    fn a_document_is_at_fault_below_its_field() {
        let vocabulary = policy::Vocabulary::new(&[crate::DECLARATIONS]).unwrap();
        let faults = vocabulary.parse(&json!({ "can_view_member": true, "can_fly": true })).unwrap_err();
        let told = document_faults(faults);
        assert_eq!(told[0].pointer, "/permissions/can_fly");
        assert_eq!(told[1].pointer, "/permissions/can_view_member");
        assert!(told[1].detail.ends_with("Did you mean `can_view_members`?"), "{}", told[1].detail);
    }
}
