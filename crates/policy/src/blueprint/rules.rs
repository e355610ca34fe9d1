//! What must hold of a blueprint as a whole: its names lead somewhere, and authority comes from administrators only.

use super::{Blueprint, BlueprintRole};
use crate::{
    fault::{Fault, code},
    suggest::nearest,
    vocabulary::Vocabulary,
};

/// Notes everything that doesn't hold.
pub(super) fn check(blueprint: &Blueprint, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    names_are_unique(blueprint, faults);
    references_lead_somewhere(blueprint, faults);
    owner_is_administrator(blueprint, vocabulary, faults);
    authority_is_attended(blueprint, vocabulary, faults);
    promotions_end(blueprint, faults);
}

fn names_are_unique(blueprint: &Blueprint, faults: &mut Vec<Fault>) {
    for (index, role) in blueprint.roles.iter().enumerate() {
        if blueprint.roles[..index].iter().any(|earlier| earlier.name == role.name && !role.name.is_empty()) {
            let message = "Another role has this name.";
            faults.push(Fault::new(format!("/roles/{index}/name"), code::DUPLICATE_ROLE, message));
        }
    }
}

fn references_lead_somewhere(blueprint: &Blueprint, faults: &mut Vec<Fault>) {
    // An empty reference was noted when it was read.
    for (pointer, name) in references(blueprint) {
        if !name.is_empty() && blueprint.role(name).is_none() {
            let names = blueprint.roles.iter().map(|role| role.name.as_str());
            let fault = Fault::new(pointer, code::UNKNOWN_ROLE, "The blueprint has no role of this name.");
            faults.push(fault.suggesting(nearest(name, names)));
        }
    }
}

/// Every place that names a role, with the name.
fn references(blueprint: &Blueprint) -> impl Iterator<Item = (String, &str)> {
    let promotions = blueprint.roles.iter().enumerate().filter_map(|(index, role)| {
        let name = role.promotes_to.as_deref()?;
        Some((format!("/roles/{index}/promotes_to"), name))
    });
    let whole = [("/owner_role", &blueprint.owner_role), ("/default_role", &blueprint.default_role)];
    whole.into_iter().map(|(pointer, name)| (pointer.to_owned(), name.as_str())).chain(promotions)
}

fn owner_is_administrator(blueprint: &Blueprint, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    let owner = blueprint.roles.iter().enumerate().find(|(_, role)| role.name == blueprint.owner_role);
    if let Some((index, role)) = owner
        && !role.permissions.is_administrator(vocabulary)
    {
        let governing: Vec<&str> = vocabulary.governing().iter().map(|permission| permission.key).collect();
        let message = format!("The owner's role needs \"*\": true without an exception for {}.", governing.join(", "));
        faults.push(Fault::new(format!("/roles/{index}/permissions"), code::OWNER_NOT_ADMINISTRATOR, message));
    }
}

/// Nobody may get a say in who may do what by joining, choosing, completing a profile or paying.
fn authority_is_attended(blueprint: &Blueprint, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    let governs = |name: &str| blueprint.role(name).is_some_and(|role| role.permissions.governs(vocabulary));
    let mut refuse = |pointer: String| {
        let message = "This gives a role that governs the workspace to people without an administrator's act.";
        faults.push(Fault::new(pointer, code::UNATTENDED_AUTHORITY, message));
    };
    for (index, role) in blueprint.roles.iter().enumerate() {
        let own = role.permissions.governs(vocabulary);
        let promoted = role.promotes_to.as_deref().is_some_and(governs);
        let ways = [
            ("self_assignable", role.self_assignable && own),
            ("granted_by_plan", role.granted_by_plan && own),
            ("promotes_to", promoted),
        ];
        ways.into_iter().filter(|(_, open)| *open).for_each(|(field, _)| refuse(format!("/roles/{index}/{field}")));
    }
    if blueprint.default_role == blueprint.owner_role && !blueprint.default_role.is_empty() {
        let message = "The default role may not be the owner's.";
        faults.push(Fault::new("/default_role", code::DEFAULT_IS_OWNER, message));
    } else if governs(&blueprint.default_role) {
        refuse("/default_role".to_owned());
    }
}

fn promotions_end(blueprint: &Blueprint, faults: &mut Vec<Fault>) {
    for (index, role) in blueprint.roles.iter().enumerate() {
        let next = |role: &&BlueprintRole| blueprint.role(role.promotes_to.as_deref()?);
        let returns = std::iter::successors(next(&role), next)
            .take(blueprint.roles.len())
            .any(|promoted| promoted.name == role.name);
        if returns {
            let message = "Promotions from here lead back here.";
            faults.push(Fault::new(format!("/roles/{index}/promotes_to"), code::PROMOTION_CYCLE, message));
        }
    }
}
