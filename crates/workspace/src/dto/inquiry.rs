//! Questions of authority, and their answers.

use kernel::{
    grant::{Relation, Scope},
    ids::{UserId, WorkspaceId},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::ports::PersonName;

/// What is asked: whether somebody may do something.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = AuthorityQuestion)]
pub(crate) struct Question {
    /// The key of a permission, as in `can_edit_projects`.
    #[validate(length(min = 1, max = 100))]
    pub permission: String,
    /// To which resource; left out, the act is on nothing in particular, or on the workspace itself.
    pub resource: Option<ResourceRef>,
    /// Who; left out, the caller. To ask about others takes `can_view_members` and `can_view_roles`.
    pub user_id: Option<UserId>,
}

/// A resource of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceRef {
    /// What it is: `workspace`, `member`, `role`, `user`, `project`, `image`.
    #[schema(example = "project")]
    pub kind: String,
    /// Its id.
    pub id: Uuid,
}

/// Why the answer is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// A role grants it far enough.
    Granted,
    /// It is their own account, which no role decides about.
    OwnAccount,
    /// No role of theirs grants it.
    NotGranted,
    /// A role grants it, but not as far as to this resource.
    ScopeTooNarrow,
    /// They may not know that the resource exists.
    NotVisible,
    /// They hold nothing here now: they are no active member, or their membership has ended.
    HoldsNothing,
}

/// The answer, explained.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuthorityAnswer)]
pub(crate) struct AnswerView {
    /// Whether the role engine allows it. Rules beyond it, such as limits or the last administrator, come on top.
    pub allowed: bool,
    /// Why.
    pub reason: Reason,
    /// The same in a sentence.
    pub explanation: String,
    /// What was asked for.
    pub permission: &'static str,
    /// Who was asked about.
    pub user_id: UserId,
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The resource, where one was named.
    pub resource: Option<ResourceRef>,
    /// How they stand to it.
    pub relation: Option<Relation>,
    /// How far the role grants it.
    pub held: Scope,
    /// How far it would have to.
    pub needed: Scope,
    /// The name of the role that decided; null where none does.
    pub role: Option<String>,
    /// The key in that role's document that grants it: the permission's own or `*`.
    pub source: Option<&'static str>,
    /// Whether that role is the platform's.
    pub platform: bool,
}

/// Whom is asked for: those who may do something.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct WhoMay {
    /// The key of a permission, as in `can_edit_projects`.
    #[param(required = true)]
    pub permission: Option<String>,
    /// The kind of the resource, with `resource`: `workspace`, `member`, `role`, `project`, `image`.
    pub kind: Option<String>,
    /// The id of the resource; left out, the act is on nothing in particular, or on the workspace itself.
    #[param(value_type = Option<Uuid>)]
    pub resource: Option<String>,
}

/// A member who may.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HolderView {
    /// Who.
    pub user_id: UserId,
    /// Their name; null if the account is gone.
    pub name: Option<PersonName>,
    /// By which role.
    pub role: String,
    /// How far it grants it.
    pub held: Scope,
    /// The key in its document that does: the permission's own or `*`.
    pub source: Option<&'static str>,
    /// How they stand to the resource.
    pub relation: Relation,
}
