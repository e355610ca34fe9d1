//! A vocabulary like the product's: every key of the shipped blueprints and some that only a wildcard grants.

use kernel::grant::{Declarations, Limit, Permission};
use policy::{CompiledRole, Vocabulary};
use proptest::prelude::*;
use serde_json::{Map, Value};

pub static MANAGE_MEMBERS: Permission = Permission::whole("can_manage_members", "Manage members");
pub static MANAGE_ROLES: Permission = Permission::whole("can_manage_roles", "Manage roles");
pub static EDIT_PROJECTS: Permission = Permission::scoped("can_edit_projects", "Edit projects");
pub static EDIT_PROFILES: Permission = Permission::ownable("can_edit_profiles", "Edit profiles");
pub static CREATE_PROJECTS: Permission = Permission::whole("can_create_projects", "Create projects");
pub static LIKE_IMAGES: Permission = Permission::whole("can_like_images", "Like images");
pub static MARK_NOTIFICATIONS: Permission = Permission::owner_only("can_mark_notifications", "Mark notifications read");
pub static MAX_PROJECTS: Limit = Limit { key: "max_projects", sentence: "Projects a member may own" };
pub static MAX_IMAGES: Limit = Limit { key: "max_images", sentence: "Images a member may upload" };

const WORKSPACE: Declarations = Declarations {
    module: "workspace",
    permissions: &[
        &MANAGE_MEMBERS,
        &MANAGE_ROLES,
        &Permission::whole("can_view_workspace", "View the workspace"),
        &Permission::whole("can_view_members", "View members"),
        &Permission::whole("can_view_roles", "View roles"),
        &Permission::whole("can_view_developers", "View the developer directory"),
        &Permission::ownable("can_view_profiles", "View profiles"),
        &EDIT_PROFILES,
        &Permission::ownable("can_view_activity", "View activity"),
        &Permission::ownable("can_view_notifications", "View notifications"),
        &MARK_NOTIFICATIONS,
        &Permission::ownable("can_view_subscriptions", "View subscriptions"),
        &Permission::ownable("can_manage_subscriptions", "Manage subscriptions"),
    ],
    limits: &[],
};

const PROJECT: Declarations = Declarations {
    module: "project",
    permissions: &[
        &Permission::scoped("can_view_projects", "View projects"),
        &CREATE_PROJECTS,
        &EDIT_PROJECTS,
        &Permission::scoped("can_delete_projects", "Delete projects"),
        &Permission::scoped("can_manage_project_members", "Manage project members"),
        &Permission::scoped("can_manage_project_billing", "Manage project billing"),
        &Permission::scoped("can_view_operations", "View financial operations"),
        &Permission::scoped("can_record_operations", "Record financial operations"),
        &Permission::scoped("can_view_reports", "View reports"),
    ],
    limits: &[&MAX_PROJECTS],
};

const GALLERY: Declarations = Declarations {
    module: "gallery",
    permissions: &[
        &Permission::whole("can_view_images", "View images"),
        &Permission::whole("can_upload_images", "Upload images"),
        &Permission::ownable("can_edit_images", "Edit images"),
        &Permission::ownable("can_delete_images", "Delete images"),
        &Permission::whole("can_review_images", "Review images"),
        &LIKE_IMAGES,
        &Permission::whole("can_report_images", "Report images"),
        &Permission::whole("can_view_comments", "View comments"),
        &Permission::whole("can_comment", "Comment"),
        &Permission::ownable("can_edit_comments", "Edit comments"),
        &Permission::ownable("can_delete_comments", "Delete comments"),
    ],
    limits: &[&MAX_IMAGES],
};

const WORKSHOP: Declarations = Declarations {
    module: "workshop",
    permissions: &[
        &Permission::whole("can_view_workshops", "View workshops"),
        &Permission::whole("can_create_workshops", "Create workshops"),
        &Permission::ownable("can_edit_workshops", "Edit workshops"),
        &Permission::ownable("can_delete_workshops", "Delete workshops"),
        &Permission::whole("can_attend_workshops", "Attend workshops"),
        &Permission::whole("can_favorite_workshops", "Keep favourite workshops"),
        &Permission::scoped("can_view_attendees", "View attendees"),
        &Permission::ownable("can_manage_attendees", "Manage attendees"),
        &Permission::ownable("can_add_workshop_photos", "Add description photos"),
        &Permission::ownable("can_delete_workshop_photos", "Delete description photos"),
        &Permission::scoped("can_view_attendee_photos", "View attendee photos"),
        &Permission::scoped("can_add_attendee_photos", "Add attendee photos"),
        &Permission::ownable("can_notify_attendees", "Notify attendees"),
        &Permission::ownable("can_view_workshop_stats", "View workshop statistics"),
    ],
    limits: &[],
};

/// The whole vocabulary, governed as the product's is.
pub fn vocabulary() -> Vocabulary {
    let vocabulary = Vocabulary::new(&[WORKSPACE, PROJECT, GALLERY, WORKSHOP]).unwrap();
    vocabulary.governed_by(&[&MANAGE_MEMBERS, &MANAGE_ROLES]).unwrap()
}

/// A role of the sample vocabulary.
pub fn role(name: &str, document: Value) -> CompiledRole {
    let vocabulary = vocabulary();
    CompiledRole::compile(name, &vocabulary.parse(&document).unwrap(), &vocabulary)
}

/// Sound documents: at most so many permissions with a value that each admits, with or without a wildcard, with or without limits.
pub fn sound_document(most: usize) -> impl Strategy<Value = Value> {
    let permissions: Vec<&'static Permission> = vocabulary().permissions().map(|(_, permission)| permission).collect();
    let grant =
        (proptest::sample::select(permissions), any::<proptest::sample::Index>()).prop_map(|(permission, pick)| {
            let mut values = vec![Value::from(false)];
            for scope in permission.scopes {
                values.push(Value::from(scope.as_str()));
            }
            if permission.scopes.contains(&kernel::grant::Scope::Any) {
                values.push(Value::from(true));
            }
            (permission.key.to_owned(), pick.get(&values).clone())
        });
    let wildcard = proptest::option::of(prop_oneof![Just(Value::from(true)), Just("any".into()), Just(false.into())]);
    let limits =
        proptest::collection::vec((proptest::sample::select(vec!["max_projects", "max_images"]), 0..5_i64), 0..3);
    (proptest::collection::vec(grant, 0..=most), wildcard, limits).prop_map(|(grants, wildcard, limits)| {
        let limits = limits.into_iter().map(|(key, value)| (key.to_owned(), Value::from(value)));
        let wildcard = wildcard.map(|value| ("*".to_owned(), value));
        grants.into_iter().chain(limits).chain(wildcard).collect::<Map<_, _>>().into()
    })
}
