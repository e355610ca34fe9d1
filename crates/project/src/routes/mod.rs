//! What the module answers to, one operation per file.

mod activate;
mod add_member;
mod audit;
mod change_owner;
mod create;
mod deactivate;
mod delete;
mod export;
mod list;
mod list_members;
mod member_path;
mod money;
mod patch;
mod read;
mod remove_member;
mod replace;
mod update_member;

use kernel::http::Routes;

pub(crate) fn all() -> Routes {
    kernel::routes![
        list::list_projects,
        export::export_projects,
        create::create_project,
        read::read_project,
        replace::replace_project,
        patch::patch_project,
        delete::delete_project,
        activate::activate_project,
        deactivate::deactivate_project,
        change_owner::change_project_owner,
        list_members::list_project_members,
        add_member::add_project_member,
        update_member::update_project_member,
        remove_member::remove_project_member,
        audit::project_audit,
    ]
    .and(money::all())
}
