//! The access contract as it is written down: `tests/matrix/*.csv`, read and checked for form.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use reqwest::Method;

/// The role models, each with a table of its own, and what depends on no role.
pub const MODELS: [&str; 5] = ["lobby", "devhub", "gallery", "crafo", COMMON];
/// The table of what depends on no role.
pub const COMMON: &str = "common";

/// For whose resources something is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    Any,
    Assigned,
    Own,
    Myself,
    Never,
}

impl Cell {
    fn read(word: &str) -> Self {
        match word {
            "any" => Self::Any,
            "assigned" => Self::Assigned,
            "own" => Self::Own,
            "self" => Self::Myself,
            "-" => Self::Never,
            other => panic!("`{other}` is no cell of an access table"),
        }
    }

    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Assigned => "assigned",
            Self::Own => "own",
            Self::Myself => "self",
            Self::Never => "-",
        }
    }
}

/// What a row says beyond its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Whoever is signed in, member or not.
    Anyone,
    /// It is open to all, and a token that is sent must be a good one.
    TokenCounts,
    /// One's own account stays one's own, also for who is no member any more.
    OwnAccount,
    /// `any` means the workspace's owner and nobody else.
    OwnerOnly,
    /// Private projects of others, and images that aren't approved, exist for these roles only.
    SeesHidden(BTreeSet<String>),
    /// These roles hold the permission so far, which doesn't reach this.
    Narrower(BTreeMap<String, String>),
    /// Whoever may, and doesn't take part in the thing, is answered this.
    Unrelated(u16, String),
    /// `any` reaches what others made as well, and of that the answer is this problem.
    MakerOnly(u16, String),
    /// Whoever may is answered this about what isn't approved: what others keep to themselves, and one's own.
    Unapproved(u16, String),
    /// The workspace's owner is answered this instead.
    Owner(u16, String),
    /// In this situation, which has a name in `situations.rs`, the answer is this problem.
    Case(String, u16, String),
}

impl Condition {
    fn read(text: &str) -> Self {
        let problem = |text: &str| {
            let (status, code) = text.split_once('/').unwrap_or_else(|| panic!("{text}: not a status and a code"));
            (status.parse().unwrap(), code.to_owned())
        };
        match text.split_once(':') {
            None if text == "anyone" => Self::Anyone,
            None if text == "token_counts" => Self::TokenCounts,
            None if text == "own_account" => Self::OwnAccount,
            None if text == "owner_only" => Self::OwnerOnly,
            Some(("sees_hidden", roles)) => Self::SeesHidden(roles.split('+').map(str::to_owned).collect()),
            Some(("narrower", roles)) => {
                let held = roles.split('+').map(|one| one.split_once('=').unwrap());
                Self::Narrower(held.map(|(role, scope)| (role.to_owned(), scope.to_owned())).collect())
            }
            Some(("unrelated", answer)) => {
                let (status, code) = problem(answer);
                Self::Unrelated(status, code)
            }
            Some(("maker_only", answer)) => {
                let (status, code) = problem(answer);
                Self::MakerOnly(status, code)
            }
            Some(("unapproved", answer)) => {
                let (status, code) = problem(answer);
                Self::Unapproved(status, code)
            }
            Some(("owner", answer)) => {
                let (status, code) = problem(answer);
                Self::Owner(status, code)
            }
            Some(("case", case)) => {
                let (name, answer) = case.split_once('=').unwrap();
                let (status, code) = problem(answer);
                Self::Case(name.to_owned(), status, code)
            }
            _ => panic!("`{text}` is no condition of an access table"),
        }
    }
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Row {
    pub method: Method,
    pub path: String,
    pub success: u16,
    /// One for each role of the table.
    pub cells: Vec<Cell>,
    pub anonymous: Cell,
    pub conditions: Vec<Condition>,
    pub note: String,
    /// Whether the program has no such route yet.
    pub pending: bool,
}

impl Row {
    pub fn has(&self, condition: &Condition) -> bool {
        self.conditions.contains(condition)
    }

    /// Whether what others keep to themselves exists for this role.
    pub fn sees_hidden(&self, role: &str) -> bool {
        self.conditions.iter().any(|one| matches!(one, Condition::SeesHidden(roles) if roles.contains(role)))
    }

    /// What is answered to whoever may do it and doesn't take part in the thing.
    pub fn unrelated(&self) -> Option<(u16, &str)> {
        self.conditions.iter().find_map(|one| match one {
            Condition::Unrelated(status, code) => Some((*status, code.as_str())),
            _ => None,
        })
    }

    /// How far a role holds the permission, where that doesn't reach.
    pub fn narrower(&self, role: &str) -> Option<&str> {
        self.conditions.iter().find_map(|one| match one {
            Condition::Narrower(roles) => roles.get(role).map(String::as_str),
            _ => None,
        })
    }

    /// What is answered about what somebody else made, if only who made it may do this.
    pub fn makers_only(&self) -> Option<(u16, &str)> {
        self.conditions.iter().find_map(|one| match one {
            Condition::MakerOnly(status, code) => Some((*status, code.as_str())),
            _ => None,
        })
    }

    /// What is answered about what isn't approved, if this takes what is.
    pub fn unapproved(&self) -> Option<(u16, &str)> {
        self.conditions.iter().find_map(|one| match one {
            Condition::Unapproved(status, code) => Some((*status, code.as_str())),
            _ => None,
        })
    }

    /// The path in the OpenAPI document: below the base path, or beside it.
    pub fn documented(&self) -> String {
        documented(&self.path)
    }
}

/// The path in the OpenAPI document.
pub fn documented(path: &str) -> String {
    let beside = ["/health", "/ready"].contains(&path) || path.starts_with("/.well-known/");
    if beside { path.to_owned() } else { format!("/api/v1{path}") }
}

/// One role model's table.
#[derive(Clone, Debug)]
pub struct Table {
    pub model: &'static str,
    pub roles: Vec<String>,
    pub rows: Vec<Row>,
}

impl Table {
    /// Reads a model's table.
    pub fn of(model: &'static str) -> Arc<Self> {
        let lines = read(model);
        let head = &lines[0];
        let (front, back) = (["method", "path", "success"], ["anonymous", "condition", "note"]);
        let last = head.len() - back.len();
        assert_eq!((&head[..3], &head[last..]), (&front.map(str::to_owned)[..], &back.map(str::to_owned)[..]));
        let pending = pending();
        let mut seen = BTreeSet::new();
        let row = |line: &Vec<String>| {
            let (method, path) = (line[0].parse::<Method>().unwrap(), line[1].clone());
            assert!(seen.insert((method.to_string(), path.clone())), "{model}: {method} {path} has two rows");
            Row {
                pending: pending.contains(&(model.to_owned(), method.to_string(), path.clone())),
                success: line[2].parse().unwrap(),
                cells: line[3..last].iter().map(|cell| Cell::read(cell)).collect(),
                anonymous: Cell::read(&line[last]),
                conditions: line[last + 1].split(';').filter(|one| !one.is_empty()).map(Condition::read).collect(),
                note: line[last + 2].clone(),
                method,
                path,
            }
        };
        Arc::new(Self { model, roles: head[3..last].to_vec(), rows: lines[1..].iter().map(row).collect() })
    }

    /// The row of an operation.
    pub fn row(&self, method: &Method, path: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.method == method && row.path == path)
    }
}

/// Rows whose route is still to be built: model, method, path.
pub fn pending() -> BTreeSet<(String, String, String)> {
    let lines = read("pending");
    assert_eq!(lines[0], ["model", "method", "path"]);
    let rows: BTreeSet<_> = lines[1..].iter().map(|line| (line[0].clone(), line[1].clone(), line[2].clone())).collect();
    assert_eq!(rows.len(), lines.len() - 1, "a pending row is listed twice");
    rows
}

/// The lines of a table, all as wide as its head. No field of ours needs quotes.
fn read(name: &str) -> Vec<Vec<String>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("matrix").join(format!("{name}.csv"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!text.contains('"'), "{name}: write notes without commas and quotes");
    let lines: Vec<Vec<String>> =
        text.lines().map(|line| line.split(',').map(|field| field.trim().to_owned()).collect()).collect();
    for line in &lines {
        assert_eq!(line.len(), lines[0].len(), "{name}: {line:?} has not one field for each column");
    }
    lines
}
