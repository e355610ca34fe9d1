//! The routes of this domain, one operation per file.

mod accept_my_invitation;
mod activate_member;
mod add_member;
mod change_member_role;
mod check;
mod create;
mod create_role;
mod create_workspace_role;
mod deactivate_member;
mod decline_invitation;
mod decline_my_invitation;
mod delete;
mod delete_role;
mod edit_member;
mod invitation_path;
mod invite_member;
mod join;
mod leave;
mod list;
mod list_blueprints;
mod list_developers;
mod list_invitations;
mod list_members;
mod list_my_invitations;
mod list_roles;
mod list_workspace_roles;
mod member_permissions;
mod my_permissions;
mod patch;
mod patch_role;
mod preview_invitation;
mod read;
mod read_developer;
mod read_invitation;
mod read_member;
mod read_role;
mod remove_member;
mod replace;
mod replace_role;
mod resend_invitation;
mod restore_role;
mod revoke_invitation;
mod role_history;
mod simulate_role;
mod transfer;
mod vocabulary;
mod who_may;

use kernel::http::Routes;

/// All of them.
pub(crate) fn all() -> Routes {
    kernel::routes![
        create::create_workspace,
        list::list_workspaces,
        read::read_workspace,
        replace::replace_workspace,
        patch::edit_workspace,
        delete::delete_workspace,
        transfer::transfer_workspace,
        join::join_workspace,
        leave::leave_workspace,
        my_permissions::my_permissions,
        check::check_authority,
        who_may::who_may,
        member_permissions::member_permissions,
        list_members::list_workspace_members,
        add_member::add_workspace_member,
        read_member::read_workspace_member,
        edit_member::edit_workspace_member,
        activate_member::activate_workspace_member,
        deactivate_member::deactivate_workspace_member,
        change_member_role::change_workspace_member_role,
        remove_member::remove_workspace_member,
        list_invitations::list_invitations,
        invite_member::invite_member,
        read_invitation::read_invitation,
        resend_invitation::resend_invitation,
        revoke_invitation::revoke_invitation,
        preview_invitation::preview_invitation,
        decline_invitation::decline_invitation,
        list_my_invitations::list_my_invitations,
        accept_my_invitation::accept_my_invitation,
        decline_my_invitation::decline_my_invitation,
        list_workspace_roles::list_workspace_roles,
        create_workspace_role::create_workspace_role,
        create_role::create_role,
        list_roles::list_roles,
        read_role::read_role,
        replace_role::replace_role,
        patch_role::edit_role,
        delete_role::delete_role,
        list_developers::list_developers,
        read_developer::read_developer,
        simulate_role::simulate_role,
        role_history::role_history,
        restore_role::restore_role,
        vocabulary::list_permissions,
        list_blueprints::list_blueprints,
    ]
}
