//! What makes a vocabulary, and what doesn't.

use kernel::grant::{Declarations, Limit, Permission, Scope};
use policy::{Vocabulary, VocabularyError};

use crate::sample;

const FLY: &Permission = &Permission::whole("can_fly", "Fly");
const EGGS: &Limit = &Limit { key: "max_eggs", sentence: "Eggs" };

fn of(
    permissions: &'static [&'static Permission],
    limits: &'static [&'static Limit],
) -> Result<Vocabulary, VocabularyError> {
    Vocabulary::new(&[Declarations { module: "bird", permissions, limits }])
}

#[test]
fn a_key_belongs_to_one_module() {
    let bird = Declarations { module: "bird", permissions: &[FLY], limits: &[] };
    let plane = Declarations { module: "plane", ..bird };
    let error = Vocabulary::new(&[bird, plane]).unwrap_err();
    assert_eq!(error, VocabularyError::Duplicate { key: "can_fly", module: "plane", first: "bird" });
    assert_eq!(error.to_string(), "plane declares can_fly, which bird has declared already");

    let error = of(&[], &[EGGS, EGGS]).unwrap_err();
    assert_eq!(error, VocabularyError::Duplicate { key: "max_eggs", module: "bird", first: "bird" });
}

#[test]
fn keys_are_a_prefix_and_a_word() {
    const KEYS: [&Permission; 6] = [
        &Permission::whole("fly", ""),
        &Permission::whole("can_", ""),
        &Permission::whole("can_Fly", ""),
        &Permission::whole("can_fly/high", ""),
        &Permission::whole("*", ""),
        &Permission::whole("max_fly", ""),
    ];
    const PERMISSIONS: [&[&Permission]; 6] = [&[KEYS[0]], &[KEYS[1]], &[KEYS[2]], &[KEYS[3]], &[KEYS[4]], &[KEYS[5]]];
    for permissions in PERMISSIONS {
        assert!(matches!(of(permissions, &[]), Err(VocabularyError::MalformedKey { prefix: "can_", .. })));
    }
    let limit = of(&[], &[&Limit { key: "can_eat", sentence: "" }]);
    assert!(matches!(limit, Err(VocabularyError::MalformedKey { prefix: "max_", .. })));
}

#[test]
fn scopes_ascend_and_leave_none_out() {
    const fn scopes(scopes: &'static [Scope]) -> Permission {
        Permission { key: "can_fly", sentence: "", scopes }
    }
    const MALFORMED: [&[&Permission]; 4] = [
        &[&scopes(&[])],
        &[&scopes(&[Scope::None, Scope::Any])],
        &[&scopes(&[Scope::Any, Scope::Own])],
        &[&scopes(&[Scope::Own, Scope::Own])],
    ];
    for permissions in MALFORMED {
        let error = of(permissions, &[]).unwrap_err();
        assert_eq!(error, VocabularyError::MalformedScopes { key: "can_fly", module: "bird" });
    }
}

#[test]
fn only_what_is_declared_and_reaches_the_whole_workspace_governs() {
    const SWIM: &Permission = &Permission::owner_only("can_swim", "Swim");
    let vocabulary = of(&[FLY, SWIM], &[]).unwrap();
    assert_eq!(vocabulary.clone().governed_by(&[FLY]).unwrap().governing(), [FLY]);
    let refused = |permission| vocabulary.clone().governed_by(&[permission]).unwrap_err();
    assert_eq!(refused(SWIM), VocabularyError::CannotGovern { key: "can_swim" });
    assert_eq!(refused(&sample::MANAGE_ROLES), VocabularyError::CannotGovern { key: "can_manage_roles" });
}

#[test]
fn words_are_found_by_key_and_listed_as_declared() {
    let vocabulary = sample::vocabulary();
    let first: Vec<_> = vocabulary.permissions().take(2).map(|(module, permission)| (module, permission.key)).collect();
    assert_eq!(first, [("workspace", "can_manage_members"), ("workspace", "can_manage_roles")]);
    let limits: Vec<_> = vocabulary.limits().map(|(module, limit)| (module, limit.key)).collect();
    assert_eq!(limits, [("project", "max_projects"), ("gallery", "max_images")]);
    for (_, permission) in vocabulary.permissions() {
        assert_eq!(vocabulary.permission(permission.key), Some(permission));
    }
    assert_eq!(vocabulary.permission("can_fly"), None);
    assert_eq!(vocabulary.limit("max_images"), Some(&sample::MAX_IMAGES));
    assert_eq!(vocabulary.limit("max_fun"), None);
    assert_eq!(vocabulary.nearest_permission("can_edit_project"), Some("can_edit_projects"));
    assert_eq!(vocabulary.nearest_limit("max_project"), Some("max_projects"));
}
