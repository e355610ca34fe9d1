//! Questions of authority: whether somebody may, and why.

use kernel::{
    grant::{Permission, Relation, Scope},
    guard::{Finding, Kind, Permit},
    ids::UserId,
    problem::Problem,
};
use policy::needed;

use super::Workspaces;
use crate::{
    actions::CheckAuthority,
    dto::{AnswerView, Question, Reason, ResourceRef},
    permissions::{CAN_VIEW_MEMBERS, CAN_VIEW_ROLES},
    store,
    subject::WORKSPACES,
};

impl Workspaces {
    /// Whether somebody may do something, and why.
    pub(crate) async fn check(
        &self,
        permit: &Permit<CheckAuthority>,
        question: Question,
    ) -> Result<AnswerView, Problem> {
        let permission = self.asked_permission(&question.permission, "/permission")?;
        let user = question.user_id.unwrap_or(permit.caller());
        if user != permit.caller() {
            may_ask_about_others(permit)?;
            let known = store::members::find(&permit.db(), permit.workspace(), user).await?;
            known.ok_or_else(|| {
                Problem::invalid_field("/user_id", "not_a_member", "They are no member of this workspace.")
            })?;
        }
        let finding = match &question.resource {
            Some(resource) => self.find_out(permit, permission, resource, user).await?,
            None if WORKSPACES.takes(permission) => {
                let here = permit.workspace().0;
                permit.inquire(&WORKSPACES, permission, here, user).await?.unwrap_or_else(Finding::nothing)
            }
            None => permit.inquire_at_large(permission, user).await?,
        };
        Ok(answer(permit, permission, user, question.resource, &finding))
    }

    async fn find_out(
        &self,
        permit: &Permit<CheckAuthority>,
        permission: &'static Permission,
        resource: &ResourceRef,
        user: UserId,
    ) -> Result<Finding, Problem> {
        let kind = self.asked_kind(&resource.kind, permission, ["/resource/kind", "/permission"])?;
        // What the caller may not see is never told of, whoever they ask about.
        let ours = permit.inquire(kind, permission, resource.id, permit.caller()).await?;
        let ours = ours.filter(|finding| finding.known).ok_or_else(|| unknown_resource("/resource/id"))?;
        if user == permit.caller() {
            return Ok(ours);
        }
        Ok(permit.inquire(kind, permission, resource.id, user).await?.unwrap_or_else(Finding::nothing))
    }

    /// The permission of this key; 422 with the nearest one for others.
    pub(super) fn asked_permission(&self, key: &str, pointer: &'static str) -> Result<&'static Permission, Problem> {
        self.vocabulary().permission(key).ok_or_else(|| {
            let hint = self.vocabulary().nearest_permission(key);
            let hint = hint.map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            let detail = format!("There is no such permission; GET /permissions lists them.{hint}");
            Problem::invalid_field(pointer, "unknown_permission", detail)
        })
    }

    /// The kind of this name, if `permission` is about it. The pointers are those of the kind and of the permission.
    pub(super) fn asked_kind(
        &self,
        name: &str,
        permission: &Permission,
        [at_kind, at_permission]: [&'static str; 2],
    ) -> Result<&Kind, Problem> {
        let kinds = || self.kinds.iter();
        let Some(kind) = kinds().find(|kind| kind.name == name) else {
            let names: Vec<_> = kinds().map(|kind| kind.name).collect();
            let detail = format!("There is no such kind of resource; there are {}.", names.join(", "));
            return Err(Problem::invalid_field(at_kind, "unknown_kind", detail).with_member("available", names));
        };
        if !kind.takes(permission) {
            let keys: Vec<_> = kind.permissions().map(|permission| permission.key).collect();
            let detail = format!("This permission is not about a {name}; those that are: {}.", keys.join(", "));
            return Err(Problem::invalid_field(at_permission, "not_about_this", detail).with_member("available", keys));
        }
        Ok(kind)
    }
}

/// The same for a resource that isn't there and for one that the caller may not know of.
pub(super) fn unknown_resource(pointer: &'static str) -> Problem {
    Problem::invalid_field(pointer, "unknown_resource", "There is no such resource in this workspace.")
}

/// 403 unless the caller sees who is a member and what roles grant.
fn may_ask_about_others(permit: &Permit<CheckAuthority>) -> Result<(), Problem> {
    let mine = permit.target();
    for permission in [&CAN_VIEW_MEMBERS, &CAN_VIEW_ROLES] {
        let seats = [mine.seat.as_ref().map(|seat| &seat.grants), mine.platform.as_ref().map(|seat| &seat.grants)];
        let mut denial = None;
        let held = seats.into_iter().flatten().any(|grants| match grants.decide(permission, Relation::Other) {
            kernel::grant::Decision::Allowed => true,
            kernel::grant::Decision::Denied(refused) => {
                denial = denial.take().or(Some(refused));
                false
            }
        });
        if !held {
            return Err(denial.map_or_else(Problem::not_found, |denial| Problem::denied(&denial)));
        }
    }
    Ok(())
}

fn answer(
    permit: &Permit<CheckAuthority>,
    permission: &'static Permission,
    user: UserId,
    resource: Option<ResourceRef>,
    finding: &Finding,
) -> AnswerView {
    let role = finding.role.as_deref();
    let held = role.map_or(Scope::None, |role| role.scope(permission));
    let relation = finding.relation;
    let needed = needed(permission, relation.unwrap_or(Relation::Other));
    let reason = reason(finding, held);
    let name = role.map(|role| role.role().to_owned());
    AnswerView {
        allowed: finding.allowed,
        reason,
        explanation: explanation(reason, permission, name.as_deref(), relation, held, needed),
        permission: permission.key,
        user_id: user,
        workspace_id: permit.workspace(),
        // How somebody stands to what they may not know of stays between the two.
        relation: relation.filter(|_| resource.is_some() && finding.known),
        resource,
        held,
        needed,
        source: role.and_then(|role| role.source(permission)),
        role: name,
        platform: finding.platform,
    }
}

fn reason(finding: &Finding, held: Scope) -> Reason {
    match finding {
        Finding { personal: true, .. } => Reason::OwnAccount,
        Finding { allowed: true, .. } => Reason::Granted,
        Finding { role: None, .. } => Reason::HoldsNothing,
        Finding { known: false, .. } => Reason::NotVisible,
        _ if held == Scope::None => Reason::NotGranted,
        _ => Reason::ScopeTooNarrow,
    }
}

fn explanation(
    reason: Reason,
    permission: &Permission,
    role: Option<&str>,
    relation: Option<Relation>,
    held: Scope,
    needed: Scope,
) -> String {
    let (key, role) = (permission.key, role.unwrap_or_default());
    let standing = match relation {
        Some(Relation::Own) => "what is their own",
        Some(Relation::Assigned) => "what they take part in",
        Some(Relation::Other) | None => "everything in the workspace",
    };
    match reason {
        Reason::Granted => {
            format!(
                "The role `{role}` grants `{key}` with scope `{}`; this takes `{}`.",
                held.as_str(),
                needed.as_str()
            )
        }
        Reason::OwnAccount => "It is their own account; no role decides about it.".to_owned(),
        Reason::NotGranted => format!("The role `{role}` doesn't grant `{key}`."),
        Reason::ScopeTooNarrow if held >= needed => {
            format!("The role `{role}` grants `{key}` for what is their own, and it never reaches further.")
        }
        Reason::ScopeTooNarrow => format!(
            "The role `{role}` grants `{key}` with scope `{}`; this takes `{}`: {standing}.",
            held.as_str(),
            needed.as_str()
        ),
        Reason::NotVisible => format!("The role `{role}` doesn't let them see it."),
        Reason::HoldsNothing => "They hold no role here now.".to_owned(),
    }
}
