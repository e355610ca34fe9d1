//! The map of the crates is a test: a dependency between domains that isn't declared here fails.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// What each of our crates may depend on, of our crates.
const ALLOWED: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("policy", &["kernel"]),
    ("embedded", &[]),
    ("pictures", &[]),
    ("migration", &[]),
    ("accounts", &["kernel", "pictures"]),
    ("workspace", &["kernel", "policy"]),
    ("billing", &["kernel"]),
    // A project's money is the ledger's.
    ("project", &["kernel", "billing"]),
    ("gallery", &["kernel", "pictures"]),
    ("workshop", &["kernel"]),
    ("activity", &["kernel"]),
    (
        "api",
        &[
            "kernel",
            "policy",
            "embedded",
            "migration",
            "accounts",
            "workspace",
            "billing",
            "project",
            "gallery",
            "workshop",
            "activity",
        ],
    ),
];

#[test]
fn crates_depend_only_on_what_the_map_allows() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let ours: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        ALLOWED.iter().map(|(name, crates)| (*name, crates.iter().copied().collect())).collect();
    for package in &metadata.packages {
        if package.name == "tests" {
            continue;
        }
        let allowed = allowed.get(package.name.as_str());
        let allowed = allowed.unwrap_or_else(|| panic!("{} is not on the map", package.name));
        let used = package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development);
        for dependency in used.filter(|dependency| ours.contains(dependency.name.as_str())) {
            assert!(
                allowed.contains(dependency.name.as_str()),
                "{} depends on {}: let it declare a port that the program implements, or hear an event",
                package.name,
                dependency.name
            );
        }
    }
}

#[test]
fn only_the_kernel_and_the_set_up_open_connections() {
    // Clippy refuses the calls; this finds whoever talked it out of it.
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates");
    let mut excused = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(root)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && std::fs::read_to_string(&path).unwrap().contains("expect(clippy::disallowed_methods")
            {
                excused.push(path.strip_prefix(root).unwrap().display().to_string());
            }
        }
    }
    excused.retain(|path| !path.starts_with("embedded/"));
    excused.sort();
    assert_eq!(excused, ["kernel/src/clock.rs", "kernel/src/db.rs"]);
}
