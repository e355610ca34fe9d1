//! What every role of every blueprint may do, as tables that are kept: a change of a blueprint, of a declaration or of the
//! engine shows in them, line by line. `INSTA_UPDATE=always cargo test -p tests --test it role_tables` writes them anew.

use std::fmt::Write;

use kernel::grant::Scope;
use policy::{Blueprint, CompiledRole, GrantSource};

fn table(name: &str) -> String {
    let vocabulary = api::modules::vocabulary().unwrap();
    let path = format!("{}/../config/blueprints/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let blueprint = Blueprint::parse(&std::fs::read_to_string(path).unwrap(), &vocabulary).unwrap();
    let compile = |role: &policy::BlueprintRole| CompiledRole::compile(&*role.name, &role.permissions, &vocabulary);
    let roles: Vec<CompiledRole> = blueprint.roles.iter().map(compile).collect();
    let width = |role: &policy::BlueprintRole| {
        let names = [Some(&role.name), role.promotes_to.as_ref(), role.directory.as_ref()];
        names.into_iter().flatten().map(String::len).chain([8]).max().unwrap()
    };
    let mut table = Table { text: String::new(), widths: blueprint.roles.iter().map(width).collect() };

    table.row("", roles.iter().map(|role| role.name().to_owned()));
    for (_, permission) in vocabulary.permissions() {
        let cell = |role: &CompiledRole| match role.grant(permission) {
            None => "-".to_owned(),
            Some(grant) => match grant.source {
                GrantSource::Named => grant.scope.as_str().to_owned(),
                GrantSource::Wildcard => format!("{} *", grant.scope.as_str()),
            },
        };
        assert!(roles.iter().all(|role| (role.scope(permission) == Scope::None) == role.grant(permission).is_none()));
        table.row(permission.key, roles.iter().map(cell));
    }
    for (_, limit) in vocabulary.limits() {
        let bound = |role: &CompiledRole| role.limit(limit).map_or_else(|| "no bound".to_owned(), |it| it.to_string());
        table.row(limit.key, roles.iter().map(bound));
    }
    let yes = |yes: bool| if yes { "yes" } else { "-" }.to_owned();
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "-".to_owned());
    table.row("administrator", roles.iter().map(|role| yes(role.is_administrator())));
    table.row("owner's", blueprint.roles.iter().map(|role| yes(role.name == blueprint.owner_role)));
    table.row("default", blueprint.roles.iter().map(|role| yes(role.name == blueprint.default_role)));
    table.row("self_assignable", blueprint.roles.iter().map(|role| yes(role.self_assignable)));
    table.row("granted_by_plan", blueprint.roles.iter().map(|role| yes(role.granted_by_plan)));
    table.row("promotes_to", blueprint.roles.iter().map(|role| name(&role.promotes_to)));
    table.row("directory", blueprint.roles.iter().map(|role| name(&role.directory)));
    format!("registration: {}\n{}", blueprint.registration.as_str(), table.text)
}

struct Table {
    text: String,
    widths: Vec<usize>,
}

impl Table {
    fn row(&mut self, head: &str, cells: impl Iterator<Item = String>) {
        let mut line = format!("{head:<30}");
        for (cell, width) in cells.zip(&self.widths) {
            write!(line, "  {cell:<width$}").unwrap();
        }
        writeln!(self.text, "{}", line.trim_end()).unwrap();
    }
}

#[test]
fn the_roles_of_lobby_are_those_that_are_kept() {
    insta::assert_snapshot!("lobby", table("lobby"));
}

#[test]
fn the_roles_of_devhub_are_those_that_are_kept() {
    insta::assert_snapshot!("devhub", table("devhub"));
}

#[test]
fn the_roles_of_crafo_are_those_that_are_kept() {
    insta::assert_snapshot!("crafo", table("crafo"));
}

#[test]
fn the_roles_of_gallery_are_those_that_are_kept() {
    insta::assert_snapshot!("gallery", table("gallery"));
}
