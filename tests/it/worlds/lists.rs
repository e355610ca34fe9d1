//! The table of lists: what each ranges over, by which rule a row is in it, and how the decision about one row is asked.

use reqwest::Method;
use serde_json::{Value, json};

use super::build::Built;

/// Something that a list may show. Numbers are places in what was drawn: workspace first.
#[derive(Clone, Debug)]
pub enum Row {
    Workspace(usize),
    Role(usize, usize),
    Member(usize, usize),
    Person(usize),
    Project(usize, usize),
    /// A project and who takes part in it, by their account.
    Part(usize, usize, String),
    Image(usize, usize),
    /// Whose, and its id.
    Session(usize, String),
    Blueprint(&'static str),
}

/// One way to ask for a list, with every row that could be in it and those that must not be.
pub struct Question {
    pub path: String,
    /// The workspace that the query names.
    pub within: Option<usize>,
    pub rows: Vec<Row>,
}

/// A request: method, path and body.
type Asking = (Method, String, Option<Value>);

type Rule = fn(&Built<'_>, usize, Option<usize>, &Row) -> bool;

pub struct List {
    /// Its path in the OpenAPI document.
    pub template: &'static str,
    /// The member by which its items are known.
    pub key: &'static str,
    pub sorts: &'static [&'static str],
    pub counts: bool,
    /// Where the same list is to be had as a file.
    pub export: Option<&'static str>,
    /// Whether it has no pages.
    pub is_one_page: bool,
    pub questions: fn(&Built<'_>) -> Vec<Question>,
    /// The rule: whether a caller's list has the row.
    pub lists: Rule,
    /// The request that is decided about the one row.
    pub decision: Option<fn(&Built<'_>, &Row) -> Asking>,
    /// The rule of that decision, where it is another than the list's.
    pub opens: Option<fn(&Built<'_>, usize, &Row) -> bool>,
}

const PLAIN: List = List {
    template: "",
    key: "id",
    sorts: &[""],
    counts: true,
    export: None,
    is_one_page: false,
    questions: |_| Vec::new(),
    lists: |_, _, _, _| false,
    decision: None,
    opens: None,
};

pub const LISTS: &[List] = &[
    List {
        template: "/projects",
        // All of them are called `Drawn`: so a search shows as much as the list, by the same rule.
        sorts: &[
            "-created_at",
            "created_at",
            "name",
            "-name",
            "-updated_at",
            "relevance&search=drawn",
            "relevance&search=drawm",
            "name&search=drawnn",
        ],
        export: Some("/projects/export"),
        questions: |world| flat(world, "/projects", projects),
        lists: |world, caller, within, row| match row {
            Row::Project(workspace, number) => {
                is_within(within, *workspace) && world.sees_project(caller, *workspace, *number)
            }
            _ => false,
        },
        decision: Some(read),
        ..PLAIN
    },
    List {
        template: "/projects/{id}/members",
        key: "user_id",
        counts: false,
        questions: |world| {
            let parts = world.parts.iter().map(|(workspace, project, accounts)| Question {
                path: format!("{}/members", path(world, &Row::Project(*workspace, *project))),
                within: None,
                rows: accounts.iter().map(|account| Row::Part(*workspace, *project, account.clone())).collect(),
            });
            parts.collect()
        },
        // They have no page of their own; who sees the project sees all of them.
        lists: |world, caller, _, row| matches!(row, Row::Part(workspace, project, _) if world.sees_project(caller, *workspace, *project)),
        ..PLAIN
    },
    List {
        template: "/images",
        // All are described as `drawn`: so a search shows as much as the list, by the same rule.
        sorts: &[
            "-created_at",
            "created_at",
            "relevance&search=drawn",
            "relevance&search=drawm",
            "created_at&search=drawnn",
        ],
        questions: |world| flat(world, "/images", images),
        lists: |world, caller, within, row| match row {
            Row::Image(workspace, number) => {
                is_within(within, *workspace) && world.sees_image(caller, *workspace, *number)
            }
            _ => false,
        },
        decision: Some(read),
        ..PLAIN
    },
    List {
        template: "/approvals",
        questions: |world| flat(world, "/approvals", pending),
        lists: |world, caller, within, row| match row {
            Row::Image(workspace, _) => {
                is_within(within, *workspace) && world.holds(caller, *workspace, "can_review_images")
            }
            _ => false,
        },
        // What is in the queue is what one may decide about. With no decision in it, the body is refused after that.
        decision: Some(|world, row| (Method::PUT, format!("{}/approval", path(world, row)), Some(json!({})))),
        ..PLAIN
    },
    List {
        template: "/users",
        sorts: &["-created_at", "created_at"],
        counts: false,
        questions: |world| flat(world, "/users", |world| (0..world.cast.people.len()).map(Row::Person).collect()),
        lists: |world, caller, within, row| matches!(row, Row::Person(person) if world.lists_person(caller, within, *person)),
        decision: Some(read),
        // To be listed takes `can_view_users`, to be opened `can_view_profiles`; one's own account opens always.
        opens: Some(|world, caller, row| matches!(row, Row::Person(person) if world.opens_person(caller, *person))),
        ..PLAIN
    },
    List {
        template: "/roles",
        questions: |world| flat(world, "/roles", |world| each(world, |workspace| roles(world, workspace))),
        lists: lists_role,
        decision: Some(read),
        ..PLAIN
    },
    List {
        template: "/workspaces/{id}/roles",
        questions: |world| nested(world, "roles", roles),
        lists: lists_role,
        ..PLAIN
    },
    List {
        template: "/workspaces/{id}/members",
        key: "user_id",
        questions: |world| {
            nested(world, "members", |world, workspace| {
                (0..world.cast.people.len())
                    .filter(|person| world.has_seat(*person, workspace))
                    .map(|person| Row::Member(workspace, person))
                    .collect()
            })
        },
        lists: |world, caller, _, row| matches!(row, Row::Member(workspace, _) if world.holds(caller, *workspace, "can_view_members")),
        decision: Some(read),
        ..PLAIN
    },
    List {
        template: "/workspaces",
        questions: |world| vec![Question { path: "/workspaces".to_owned(), within: None, rows: workspaces(world) }],
        // Where one belongs, whatever one may do there.
        lists: |world, caller, _, row| matches!(row, Row::Workspace(workspace) if world.role_of(caller, *workspace).is_some()),
        decision: Some(read),
        opens: Some(
            |world, caller, row| matches!(row, Row::Workspace(workspace) if world.holds(caller, *workspace, "can_view_workspace")),
        ),
        ..PLAIN
    },
    List {
        template: "/auth/sessions",
        counts: false,
        questions: |world| {
            let sessions = world.cast.sessions.iter().map(|session| Row::Session(session.person, session.id.clone()));
            vec![Question { path: "/auth/sessions".to_owned(), within: None, rows: sessions.collect() }]
        },
        // One's own that live. Nobody reads a single one.
        lists: |world, caller, _, row| match row {
            Row::Session(person, id) => {
                *person == caller && world.cast.sessions.iter().any(|session| session.id == *id && session.lives)
            }
            _ => false,
        },
        ..PLAIN
    },
    List {
        template: "/blueprints",
        key: "name",
        counts: false,
        is_one_page: true,
        questions: |_| {
            let rows = ["crafo", "devhub", "gallery", "lobby"].map(Row::Blueprint).to_vec();
            vec![Question { path: "/blueprints".to_owned(), within: None, rows }]
        },
        // The same for whoever is signed in.
        lists: |_, _, _, _| true,
        ..PLAIN
    },
];

fn lists_role(world: &Built<'_>, caller: usize, within: Option<usize>, row: &Row) -> bool {
    match row {
        Row::Role(workspace, _) => is_within(within, *workspace) && world.holds(caller, *workspace, "can_view_roles"),
        _ => false,
    }
}

fn is_within(within: Option<usize>, workspace: usize) -> bool {
    within.is_none_or(|only| only == workspace)
}

/// The list over all workspaces, and over each; the rows are the same, so that those of others must be left out.
fn flat(world: &Built<'_>, path: &str, rows: fn(&Built<'_>) -> Vec<Row>) -> Vec<Question> {
    let places = std::iter::once(None).chain((0..world.workspaces.len()).map(Some));
    places.map(|within| Question { path: path.to_owned(), within, rows: rows(world) }).collect()
}

/// The list below each workspace.
fn nested(world: &Built<'_>, end: &str, rows: fn(&Built<'_>, usize) -> Vec<Row>) -> Vec<Question> {
    let below = |workspace: usize| Question {
        path: format!("{}/{end}", path(world, &Row::Workspace(workspace))),
        within: None,
        rows: rows(world, workspace),
    };
    (0..world.workspaces.len()).map(below).collect()
}

fn each(world: &Built<'_>, rows: impl Fn(usize) -> Vec<Row>) -> Vec<Row> {
    (0..world.workspaces.len()).flat_map(rows).collect()
}

fn workspaces(world: &Built<'_>) -> Vec<Row> {
    (0..world.workspaces.len()).map(Row::Workspace).collect()
}

fn roles(world: &Built<'_>, workspace: usize) -> Vec<Row> {
    (0..world.workspaces[workspace].roles.len()).map(|role| Row::Role(workspace, role)).collect()
}

fn projects(world: &Built<'_>) -> Vec<Row> {
    each(world, |workspace| {
        (0..world.workspaces[workspace].projects.len()).map(|number| Row::Project(workspace, number)).collect()
    })
}

fn images(world: &Built<'_>) -> Vec<Row> {
    each(world, |workspace| {
        (0..world.workspaces[workspace].images.len()).map(|number| Row::Image(workspace, number)).collect()
    })
}

fn pending(world: &Built<'_>) -> Vec<Row> {
    let waits = |row: &Row| match row {
        Row::Image(workspace, number) => world.drawn.workspaces[*workspace].images[*number].status == "pending",
        _ => false,
    };
    images(world).into_iter().filter(waits).collect()
}

/// The resource's own address.
fn path(world: &Built<'_>, row: &Row) -> String {
    let place = |workspace: &usize| format!("/workspaces/{}", world.workspaces[*workspace].id);
    match row {
        Row::Workspace(workspace) => place(workspace),
        Row::Member(workspace, _) => format!("{}/members/{}", place(workspace), world.key(row)),
        Row::Role(..) => format!("/roles/{}", world.key(row)),
        Row::Person(_) => format!("/users/{}", world.key(row)),
        Row::Project(..) => format!("/projects/{}", world.key(row)),
        Row::Image(..) => format!("/images/{}", world.key(row)),
        Row::Part(..) | Row::Session(..) | Row::Blueprint(_) => panic!("{row:?} has no address"),
    }
}

fn read(world: &Built<'_>, row: &Row) -> Asking {
    (Method::GET, path(world, row), None)
}
