//! The reverse questions: who may do something, and what a member may do.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Utc};
use kernel::{
    authority::Grants,
    grant::{Permission, Relation},
    guard::{Audience, Permit},
    http::Paging,
    ids::{RoleId, UserId},
    page::Page,
    problem::Problem,
};
use policy::CompiledRole;
use uuid::Uuid;

use super::{Workspaces, inquiry::unknown_resource};
use crate::{
    actions::{AskWhoMay, ViewMemberPermissions},
    dto::{HolderView, MemberStatus, PermissionsView, WhoMay},
    error::WorkspaceError,
    permissions::CAN_VIEW_ROLES,
    store::{self, members::Among},
    subject::WORKSPACES,
};

/// Who may do something: by their role alone, or by how they stand to the resource.
struct Allowed {
    /// Whose holders all may, unless they are among the `refused`.
    roles: Vec<RoleId>,
    /// Those related to the resource who may.
    related: Vec<UserId>,
    /// Those related to it who may not.
    refused: Vec<UserId>,
}

impl Workspaces {
    /// The members who may do something, the longest-standing first.
    pub(crate) async fn who_may(
        &self,
        permit: &Permit<AskWhoMay>,
        paging: &Paging<WhoMay>,
    ) -> Result<Page<HolderView>, Problem> {
        permit.require(&CAN_VIEW_ROLES)?;
        let asked = paging.filter();
        let key = asked.permission.as_deref().ok_or_else(|| {
            Problem::invalid_field(
                "?permission",
                "required",
                "Name the permission, as in `?permission=can_edit_projects`.",
            )
        })?;
        let permission = self.asked_permission(key, "?permission")?;
        let audience = self.audience(permit, permission, asked).await?;
        let roles = self.compiled_roles(permit).await?;
        let allowed = allowed(permit, permission, audience.as_ref(), &roles).await?;

        let among = Among { roles: &allowed.roles, with: &allowed.related, without: &allowed.refused };
        let after = paging.after::<(DateTime<Utc>, UserId)>()?;
        let rows = store::members::list_among(permit, &among, after, paging.limit() + 1).await?;
        let page = paging.page(rows, |row| (row.joined_at, row.user_id))?;
        let ids: Vec<UserId> = page.items.iter().map(|row| row.user_id).collect();
        let mut names = self.people.names(&ids).await?;
        let related: HashMap<_, _> = audience.iter().flat_map(|audience| audience.related.iter().copied()).collect();
        let others = audience.as_ref().map_or(Relation::Other, |audience| audience.others);
        Ok(page.map(|row| {
            let role = roles.get(&row.role_id);
            HolderView {
                user_id: row.user_id,
                name: names.remove(&row.user_id),
                held: role.map(|role| role.scope(permission)).unwrap_or_default(),
                source: role.and_then(|role| Grants::source(role.as_ref(), permission)),
                relation: related.get(&row.user_id).copied().unwrap_or(others),
                role: row.role,
            }
        }))
    }

    async fn audience(
        &self,
        permit: &Permit<AskWhoMay>,
        permission: &'static Permission,
        asked: &WhoMay,
    ) -> Result<Option<Audience>, Problem> {
        let (kind, id) = match (asked.kind.as_deref(), asked.resource.as_deref()) {
            (None, None) if WORKSPACES.takes(permission) => (&WORKSPACES, permit.workspace().0),
            (None, None) => return Ok(None),
            (Some(kind), Some(id)) => {
                let kind = self.asked_kind(kind, permission, ["?kind", "?permission"])?;
                (kind, id.parse::<Uuid>().map_err(|_| unknown_resource("?resource"))?)
            }
            (None, Some(_)) => {
                return Err(Problem::invalid_field("?kind", "required", "Say what kind of resource it is."));
            }
            (Some(_), None) => {
                return Err(Problem::invalid_field("?resource", "required", "Name the resource by its id."));
            }
        };
        if !kind.is_reversible() {
            let detail = "Of this kind can only be asked what somebody may do; see POST …/check.";
            return Err(Problem::invalid_field("?kind", "not_reversible", detail));
        }
        // What the caller may not see is not told of.
        let ours = permit.inquire(kind, permission, id, permit.caller()).await?;
        if !ours.is_some_and(|finding| finding.known) {
            return Err(unknown_resource("?resource"));
        }
        let audience = permit.audience(kind, id).await?;
        Ok(Some(audience.ok_or_else(|| unknown_resource("?resource"))?))
    }

    async fn compiled_roles(
        &self,
        permit: &Permit<AskWhoMay>,
    ) -> Result<HashMap<RoleId, Arc<CompiledRole>>, WorkspaceError> {
        let rows = store::roles::of(&permit.db(), permit.workspace()).await?;
        Ok(rows.iter().map(|row| (row.id, self.standings.roles().of(row))).collect())
    }

    /// What a member holds by their membership, and of a platform role if the caller has one, too.
    pub(crate) async fn member_permissions(
        &self,
        permit: &Permit<ViewMemberPermissions>,
    ) -> Result<PermissionsView, Problem> {
        permit.require(&CAN_VIEW_ROLES)?;
        let member = &permit.target().0;
        let is_over = member.expires_at.is_some_and(|end| end <= permit.now());
        let holds = member.status == MemberStatus::Active && !is_over;
        let role = store::roles::by_id(&permit.db(), member.role_id).await.map_err(WorkspaceError::from)?;
        let role = role.map(|row| self.standings.roles().of(&row)).filter(|_| holds);
        let held: Vec<&dyn Grants> = role.iter().map(|role| role.as_ref() as &dyn Grants).collect();
        Ok(PermissionsView {
            workspace_id: member.workspace_id,
            role: role.as_ref().map(|role| role.name().to_owned()),
            platform_role: None,
            is_owner: member.is_owner,
            expires_at: member.expires_at,
            grants: super::grants::widest_grants(&held, self.vocabulary()),
            limits: super::grants::limits(&held, self.vocabulary()),
        })
    }
}

async fn allowed(
    permit: &Permit<AskWhoMay>,
    permission: &'static Permission,
    audience: Option<&Audience>,
    roles: &HashMap<RoleId, Arc<CompiledRole>>,
) -> Result<Allowed, WorkspaceError> {
    let Some(audience) = audience else {
        let grants = |role: &&RoleId| roles.get(role).is_some_and(|role| role.allows(permission, Relation::Other));
        let roles = roles.keys().filter(grants).copied().collect();
        return Ok(Allowed { roles, related: Vec::new(), refused: Vec::new() });
    };
    let admits = |role: &RoleId, relation| {
        roles.get(role).is_some_and(|role| audience.admits(role.as_ref(), relation, permission))
    };
    let ids: Vec<UserId> = audience.related.iter().map(|(user, _)| *user).collect();
    let held: HashMap<UserId, RoleId> = store::members::roles_of(permit, &ids).await?.into_iter().collect();
    let may = |(user, relation): &(UserId, Relation)| held.get(user).is_some_and(|role| admits(role, *relation));
    let (related, refused): (Vec<_>, Vec<_>) = audience.related.iter().partition(|one| may(one));
    let users = |some: Vec<(UserId, Relation)>| some.into_iter().map(|(user, _)| user).collect();
    Ok(Allowed {
        roles: roles.keys().filter(|role| admits(role, audience.others)).copied().collect(),
        related: users(related),
        refused: users(refused),
    })
}
