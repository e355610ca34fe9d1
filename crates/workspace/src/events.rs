//! What this domain announces and hears.

/// A workspace came into being.
pub const CREATED: &str = "workspace.created";
/// Its settings changed.
pub const UPDATED: &str = "workspace.updated";
/// It was deleted; it can be brought back for a while.
pub const DELETED: &str = "workspace.deleted";
/// It has another owner.
pub const OWNER_CHANGED: &str = "workspace.owner_changed";
/// Someone became a member. Facts: `user_id`, `role`.
pub const MEMBER_ADDED: &str = "workspace.member_added";
/// Someone is a member no more. Facts: `user_id`, `role`.
pub const MEMBER_REMOVED: &str = "workspace.member_removed";
/// A member has another role. Facts: `user_id`.
pub const MEMBER_ROLE_CHANGED: &str = "workspace.member_role_changed";
/// A member was suspended. Facts: `user_id`.
pub const MEMBER_SUSPENDED: &str = "workspace.member_suspended";
/// A membership is over, because its time is; it may be given more. Facts: `user_id`.
pub const MEMBER_EXPIRED: &str = "workspace.member_expired";
/// A suspended or waiting member is active. Facts: `user_id`.
pub const MEMBER_ACTIVATED: &str = "workspace.member_activated";
/// Something else of a membership changed, as the hour rate. Facts: `user_id`.
pub const MEMBER_UPDATED: &str = "workspace.member_updated";
/// A member got the role that theirs is exchanged for. Facts: `user_id`, `role_id` from and to.
pub const MEMBER_PROMOTED: &str = "workspace.member_promoted";
/// A member doesn't get the role of their plan, because who published it doesn't cover that role any more. Facts: `user_id`,
/// `role_id`, `plan_id`, `subscription_id`, `vouched_by`.
pub const PLAN_ROLE_WITHHELD: &str = "workspace.plan_role_withheld";
/// Someone was invited, or asked by their account. The resource is the invitation; who is told finds the address by it.
pub const INVITED: &str = "workspace.invited";
/// An invitation was sent again.
pub const INVITATION_RESENT: &str = "workspace.invitation_resent";
/// An invitation became a membership. Facts: `user_id`.
pub const INVITATION_ACCEPTED: &str = "workspace.invitation_accepted";
/// An invitation was turned down.
pub const INVITATION_DECLINED: &str = "workspace.invitation_declined";
/// An invitation was taken back, or ended with its role or workspace.
pub const INVITATION_REVOKED: &str = "workspace.invitation_revoked";
/// A role came into being.
pub const ROLE_CREATED: &str = "workspace.role_created";
/// A role grants or is something else.
pub const ROLE_UPDATED: &str = "workspace.role_updated";
/// A role is gone. Facts: `reassigned_to`, where it had holders.
pub const ROLE_DELETED: &str = "workspace.role_deleted";

/// Heard: someone signed up. Its resource is the user; facts `workspace_id` and `role_id`, if they joined one, and
/// `invitation_id`, if they were invited.
pub const ACCOUNT_SIGNED_UP: &str = "accounts.signed_up";
/// Heard: an administrator made an account. Its resource is the user; facts `workspace_id` and `role_id`, if it was
/// made for a workspace.
pub const ACCOUNT_CREATED: &str = "accounts.user_created";
/// Heard: somebody's profile is complete and their phone confirmed. Its resource is the user.
pub const ONBOARDING_COMPLETED: &str = "accounts.onboarding_completed";
/// Heard: an account is gone. Its resource is the user.
pub const ACCOUNT_DELETED: &str = "accounts.user_deleted";
/// Heard, how they all begin: something became of a subscription, which is the resource. Facts: `user_id`, if it is a
/// member's, `sequence`, `plan_id`, and `gives_role`, the role that it gives at that time, if it gives one, with who answers for
/// that; for the workspace's own `max_members`.
pub const SUBSCRIPTION: &str = "billing.subscription_";
/// Heard: a plan was published anew. Its resource is the plan; fact `gives_role`, if it gives one, with who answers for that.
pub const PLAN_CHANGED: &str = "billing.plan_changed";
/// The fact that names who answers for the role that a plan gives; nobody, where the program does.
pub const VOUCHED_BY: &str = "vouched_by";
/// The fact that says since which version of the plan.
pub const VOUCHED_VERSION: &str = "vouched_version";

/// The kind of resource that a workspace is in events.
pub(crate) const WORKSPACE: &str = "workspace";
/// The kind of resource that a membership is in events; its id is the member's.
pub(crate) const MEMBER: &str = "member";
/// The kind of resource that an invitation is in events.
pub(crate) const INVITATION: &str = "invitation";
/// The kind of resource that a role is in events.
pub(crate) const ROLE: &str = "role";
