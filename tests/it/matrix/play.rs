//! Plays a table: every due row, by every role, in every relation, and keeps what was seen.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use reqwest::Method;
use serde_json::Value;

use super::{
    check::{Question, foretold},
    digest::difference,
    expect::{Expected, Kind, Relation, expected, held},
    lists,
    requests::Request,
    situations,
    table::{COMMON, Cell, Condition, Row},
    targets,
    world::{World, newcomer},
};
use crate::harness::Answer;

/// What came of one request of the table.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Which row of the table.
    pub row: usize,
    /// Which role's column; the one after the last is that of who has no token.
    pub column: usize,
    /// How the caller stood to what the request was about.
    pub relation: String,
    /// The answer that the table asks for.
    pub expected: String,
    /// What was wrong, if something was.
    pub fault: Option<String>,
}

/// One request of the table.
struct Case<'a> {
    row: &'a Row,
    role: &'a str,
    column: usize,
    relation: Relation,
}

/// Plays all due rows. What lists show comes when there is most to list, and making workspaces at the very end, because
/// whoever made one belongs somewhere.
pub async fn play(world: &World<'_>) -> Vec<Seen> {
    let table = &world.table;
    let mut order: Vec<usize> = (0..table.rows.len()).filter(|&at| !table.rows[at].pending).collect();
    order.sort_by_key(|&at| {
        let row = &table.rows[at];
        let is_list = row.method == Method::GET && matches!(Kind::of(&row.path), Kind::Within | Kind::Workspace);
        (row.method == Method::POST && row.path == "/workspaces", is_list)
    });
    let mut seen = Vec::new();
    for at in order {
        let row = &table.rows[at];
        let kind = Kind::of(&row.path);
        for (column, role) in table.roles.iter().enumerate() {
            for relation in Relation::all(table.model, kind, role) {
                seen.push(watched(world, at, &Case { row, role, column, relation }).await);
            }
        }
        let (column, relation) = (table.roles.len(), Relation::Anonymous);
        seen.push(watched(world, at, &Case { row, role: &table.roles[0], column, relation }).await);
        for condition in &row.conditions {
            if let Condition::Case(name, status, code) = condition {
                let expected = Expected::Refused(*status, code.clone());
                let outcome = guarded(situations::meet(world, row, name, &expected)).await;
                seen.push(Seen {
                    row: at,
                    column: situations::column(world, name),
                    relation: name.replace('_', " "),
                    expected: expected.told(),
                    fault: outcome.err(),
                });
            }
        }
    }
    seen
}

async fn watched(world: &World<'_>, at: usize, case: &Case<'_>) -> Seen {
    let expected = expected(&world.table, case.row, case.column.min(world.table.roles.len() - 1), case.relation);
    let outcome = guarded(case.play(world, &expected)).await;
    Seen {
        row: at,
        column: case.column,
        relation: case.relation.word().to_owned(),
        expected: expected.told(),
        fault: outcome.err(),
    }
}

/// A fault, also where something panicked: one broken cell is no reason not to look at the others.
async fn guarded(work: impl Future<Output = Result<(), String>>) -> Result<(), String> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(text.unwrap_or("panicked").chars().take(600).collect())
    })
}

impl Case<'_> {
    async fn play(&self, world: &World<'_>, expected: &Expected) -> Result<(), String> {
        let Self { row, role, relation, .. } = *self;
        let (kind, is_allowed) = (Kind::of(&row.path), expected.is_allowed());
        let uses_up = world.table.model == COMMON && is_allowed && row.method != Method::GET;
        let actor = match relation {
            Relation::Anonymous => world.lobby.anonymous(),
            // A door that is open to all takes no notice of a token that is none.
            Relation::Expired => world.actor(kind, role, relation),
            _ if uses_up => newcomer(world).await.0,
            _ => world.actor(kind, role, relation),
        };
        let target = targets::find(world, row, (role, relation), &actor, is_allowed).await;
        let request = Request::of(world, row, &target, &actor).await;
        let question = self.question(world, kind, &target, &actor.user);
        // What is one's own by another rule than the role's is not foretold by asking about the role.
        let question = question.filter(|_| (row.makers_only().is_none() && row.unapproved().is_none()) || is_allowed);
        let foretold = match &question {
            Some(question) => Some(foretold(world, question).await),
            None => None,
        };

        let before = world.digest.lock().await.settled(world.lobby).await;
        let answer = actor.send(request.by(&actor)).await;
        is_as(&answer, expected)?;
        match expected {
            Expected::Refused(..) => {
                unchanged(world, &before).await?;
                if answer.status == 403 && answer.json["code"] == "permission_denied" {
                    self.explained(world, &answer)?;
                }
            }
            Expected::Allowed(_) if world.table.model == COMMON || !relation.is_outside() => {
                let cell = row.cells[self.column.min(row.cells.len() - 1)];
                let seen = (row, role, cell);
                lists::compare(world, seen, (&target, &request), &actor, &answer).await?;
            }
            Expected::Allowed(_) => {}
        }
        if let Some(foretold) = foretold
            && foretold != answer.status.is_success()
        {
            return Err(format!("was foretold: allowed {foretold}, and answered {}", answer.status));
        }
        // It is of one workspace, and asks which.
        let is_of_one = row.path == "/entitlements";
        if relation.is_outside() && kind == Kind::Within && row.method == Method::GET && !is_of_one {
            let answer = actor.send(request.clone().everywhere().by(&actor)).await;
            if !matches!(answer.status.as_u16(), 200 | 403) {
                return Err(format!("the list of all of one's own answered {}", answer.status));
            }
            if let Some(id) = lists::leaks(world, row, &target, &actor, &answer).await {
                return Err(format!("the list of all of one's own shows {id}"));
            }
        }
        if is_allowed && world.table.model != COMMON && relation == Relation::Own || row.path.ends_with("/members/me") {
            world.restore(role).await;
        }
        Ok(())
    }

    /// What the request asks of the role engine, if it asks something of a member's role.
    fn question<'q>(
        &self,
        world: &'q World<'_>,
        kind: Kind,
        target: &'q targets::Target,
        actor: &'q str,
    ) -> Option<Question<'q>> {
        let is_member =
            !self.relation.is_outside() && !matches!(self.relation, Relation::Expired | Relation::Anonymous);
        if self.row.unrelated().is_some() && self.relation != Relation::Assigned {
            // That it takes a part in the thing is no matter of roles.
            return None;
        }
        if self.row.path.starts_with("/platform/") {
            // The platform's administrators answer to no role of a workspace.
            return None;
        }
        let permission = world.permission(self.row)?;
        let workspace = if kind == Kind::Workspace { &target.id } else { &world.workspace };
        // What everybody makes for themselves takes no more than holding the permission for one's own.
        let is_for_self = self.row.cells.get(self.column) == Some(&Cell::Myself);
        let is_list = kind == Kind::Mine || kind == Kind::Within && (self.row.method == Method::GET || is_for_self);
        // Who is to pay an invoice has no say in it, however far their grant reaches.
        let is_member = is_member && kind != Kind::Invoice;
        is_member.then(|| Question { workspace, actor, permission, resource: target.resource(kind), is_list })
    }

    /// Whether a refusal says which permission is missing, how far it is held and how far it would have to be.
    fn explained(&self, world: &World<'_>, answer: &Answer) -> Result<(), String> {
        let is_outside = self.relation.is_outside();
        let permission = world.permission(self.row).unwrap_or_default();
        let narrower = self.row.narrower(self.role);
        let held = if is_outside { "none" } else { narrower.unwrap_or(held(self.row, self.column)) };
        let role = if is_outside { Value::Null } else { self.role.into() };
        let wanted = [("permission", permission.into()), ("held", held.into()), ("role", role)];
        for (member, wanted) in wanted {
            let told = answer.json.get(member);
            if told != Some(&wanted) {
                return Err(format!("the refusal's `{member}` is {told:?}, not {wanted}"));
            }
        }
        // What can be granted at every width is said to need just as much as the relation does.
        let needs = match self.relation {
            // The one permission about projects that is granted for all of them or none.
            _ if permission == "can_view_audit" => "any",
            Relation::Own => "own",
            Relation::Assigned => "assigned",
            _ => "any",
        };
        if Kind::of(&self.row.path) == Kind::Project && answer.json["needed"] != needs {
            return Err(format!("the refusal needs {}, not {needs}", answer.json["needed"]));
        }
        if self.row.has(&Condition::OwnerOnly) {
            // Nobody could hold more.
            return if answer.json["needed"] == "own" {
                Ok(())
            } else {
                Err("the refusal needs more than there is".into())
            };
        }
        let scopes = ["none", "own", "assigned", "any"];
        let width = |scope: &str| scopes.iter().position(|one| *one == scope);
        match answer.json["needed"].as_str().and_then(width) {
            Some(needed) if Some(needed) > width(held) => Ok(()),
            _ => Err(format!("the refusal needs {}, where {held} is held", answer.json["needed"])),
        }
    }
}

/// Whether an answer is what the table asks for.
pub fn is_as(answer: &Answer, expected: &Expected) -> Result<(), String> {
    let (status, code) = (answer.status.as_u16(), answer.json["code"].as_str().unwrap_or_default());
    let is_so = match expected {
        Expected::Allowed(wanted) => status == *wanted,
        Expected::Refused(wanted, named) => {
            status == *wanted && code == named && answer.header("content-type") == "application/problem+json"
        }
    };
    if is_so {
        return Ok(());
    }
    let mut detail = answer.json["detail"].as_str().unwrap_or_default().to_owned();
    if !answer.json["errors"].is_null() {
        detail.push_str(&answer.json["errors"].to_string());
    }
    Err(format!("{} answered {status} {code} ({detail}), not {}", answer.asked, expected.told()))
}

/// Whether everything is as it was.
pub async fn unchanged(world: &World<'_>, before: &str) -> Result<(), String> {
    let after = world.digest.lock().await.now(world.lobby).await;
    if after == before {
        return Ok(());
    }
    // What it was about may be used up, for those who come after.
    world.kept.borrow_mut().clear();
    Err(format!("was refused and changed something: {}", difference(before, &after)))
}
