//! Which rows a list shows to whom: the tables' cells as conditions on what is in the database.

use std::collections::BTreeSet;

use reqwest::Method;

use super::{
    requests::Request,
    table::{Cell, Row},
    targets::Target,
    world::World,
};
use crate::harness::{Answer, Client};

/// A list, as the database knows it: its rows, and the member of an item that tells which it is.
struct List {
    /// Yields the ids of all there is.
    all: String,
    /// Yields the ids that a role may see.
    seen: String,
    member: &'static str,
}

/// The list that a row reads, if it reads one whose rows the database tells.
fn list(world: &World<'_>, row: &Row, (role, cell): (&str, Cell), target: &Target, actor: &Client) -> Option<List> {
    if row.method != Method::GET {
        return None;
    }
    let (workspace, me, id) = (&world.workspace, &actor.user, &target.id);
    let hidden = row.sees_hidden(role);
    let plain = |sql: String, member| Some(List { all: sql.clone(), seen: sql, member });
    match row.path.as_str() {
        "/projects" | "/projects/export" => {
            let all = format!("SELECT id FROM project.projects p WHERE workspace_id = '{workspace}'");
            let owns = format!("owner_id = '{me}'");
            let partakes = format!(
                "({owns} OR EXISTS (SELECT FROM project.members m \
                 WHERE m.project_id = p.id AND m.user_id = '{me}' AND m.is_active))"
            );
            let seen = match cell {
                Cell::Any if hidden => "true".to_owned(),
                Cell::Any => format!("(is_public OR {partakes})"),
                Cell::Assigned => partakes,
                _ => owns,
            };
            Some(List { seen: format!("{all} AND {seen}"), all, member: "id" })
        }
        "/images" => {
            let all = format!(
                "SELECT id FROM gallery.images WHERE workspace_id = '{workspace}' \
                 AND workshop_id IS NULL AND deleted_at IS NULL"
            );
            let uploaded = format!("uploader_id = '{me}'");
            let seen = match cell {
                Cell::Any if hidden => "true".to_owned(),
                Cell::Any => format!("(status = 'approved' OR {uploaded})"),
                _ => uploaded,
            };
            Some(List { seen: format!("{all} AND {seen}"), all, member: "id" })
        }
        "/subscriptions" | "/invoices" => {
            let all =
                format!("SELECT id FROM billing{} WHERE workspace_id = '{workspace}'", row.path.replace('/', "."));
            let own = if row.path == "/invoices" { "AND status <> 'draft'" } else { "" };
            let seen = if cell == Cell::Any { String::new() } else { format!(" AND user_id = '{me}' {own}") };
            Some(List { seen: format!("{all}{seen}"), all, member: "id" })
        }
        "/workshops" => {
            let all = format!("SELECT id FROM workshop.workshops WHERE workspace_id = '{workspace}'");
            let seen = match cell {
                Cell::Any if hidden => "true".to_owned(),
                _ => format!("(status <> 'draft' OR creator_id = '{me}')"),
            };
            Some(List { seen: format!("{all} AND {seen}"), all, member: "id" })
        }
        "/workshops/{id}/photos" => plain(photos(id, "description"), "id"),
        "/workshops/{id}/attendee-photos" => plain(photos(id, "attendee"), "id"),
        "/workshops/{id}/attendees" => {
            plain(format!("SELECT user_id FROM workshop.attendees WHERE workshop_id = '{id}'"), "user_id")
        }
        "/albums" => plain(format!("SELECT id FROM gallery.albums WHERE workspace_id = '{workspace}'"), "id"),
        "/approvals" => {
            let sql = "SELECT id FROM gallery.images WHERE status = 'pending' AND deleted_at IS NULL";
            plain(format!("{sql} AND workspace_id = '{workspace}'"), "id")
        }
        "/trash" => {
            let sql = "SELECT id FROM gallery.images WHERE deleted_at IS NOT NULL";
            let all = format!("{sql} AND workspace_id = '{workspace}'");
            let seen = if cell == Cell::Any { "true" } else { &format!("coalesce(steward_id, uploader_id) = '{me}'") };
            Some(List { seen: format!("{all} AND {seen}"), all, member: "id" })
        }
        "/reports" => plain(format!("SELECT id FROM gallery.reports WHERE workspace_id = '{workspace}'"), "id"),
        "/images/{id}/comments" | "/photos/{id}/comments" => {
            plain(format!("SELECT id FROM gallery.comments WHERE image_id = '{id}'"), "id")
        }
        "/roles" => plain(format!("SELECT id FROM workspace.roles WHERE workspace_id = '{workspace}'"), "id"),
        "/workspaces/{id}/roles" => plain(format!("SELECT id FROM workspace.roles WHERE workspace_id = '{id}'"), "id"),
        "/users" => plain(members(workspace), "id"),
        "/workspaces/{id}/members" => {
            plain(format!("SELECT user_id FROM workspace.members WHERE workspace_id = '{id}'"), "user_id")
        }
        "/projects/{id}/operations" => {
            plain(format!("SELECT id FROM project.operations WHERE project_id = '{id}'"), "id")
        }
        "/workspaces/{id}/periods" => {
            let month = "SELECT to_char(month, 'YYYY-MM') FROM project.periods";
            plain(format!("{month} WHERE workspace_id = '{id}'"), "month")
        }
        "/projects/{id}/members" => {
            plain(format!("SELECT user_id FROM project.members WHERE project_id = '{id}'"), "user_id")
        }
        "/workspaces/{id}/audit" => plain(format!("SELECT id FROM activity.events WHERE workspace_id = '{id}'"), "id"),
        "/projects/{id}/audit" => plain(format!("SELECT id FROM activity.events WHERE resource_id = '{id}'"), "id"),
        "/users/{id}/activity" => {
            let all = format!("SELECT id FROM activity.events WHERE actor_id = '{id}'");
            let seen = if id == me { all.clone() } else { format!("{all} AND workspace_id = '{workspace}'") };
            Some(List { all, seen, member: "id" })
        }
        "/notifications/{user_id}" => {
            let all = format!("SELECT id FROM activity.notifications WHERE in_app AND user_id = '{id}'");
            Some(List { seen: format!("{all} AND workspace_id = '{workspace}'"), all, member: "id" })
        }
        "/workspaces" => {
            let sql = "SELECT w.id FROM workspace.workspaces w JOIN workspace.members m ON m.workspace_id = w.id";
            let seen = format!("{sql} WHERE m.user_id = '{me}' AND m.status = 'active' AND w.deleted_at IS NULL");
            Some(List { all: "SELECT id FROM workspace.workspaces".to_owned(), seen, member: "id" })
        }
        "/workspaces/{id}/invitations" => {
            plain(format!("SELECT id FROM workspace.invitations WHERE workspace_id = '{id}'"), "id")
        }
        "/developers" => {
            let all = "SELECT m.user_id FROM workspace.members m JOIN workspace.roles r ON r.id = m.role_id \
                 WHERE r.directory = 'developers' AND m.status = 'active'";
            plain(format!("{all} AND m.workspace_id = '{workspace}'"), "id")
        }
        "/auth/sessions" => {
            let all = "SELECT id FROM accounts.sessions".to_owned();
            Some(List { seen: format!("{all} WHERE user_id = '{me}' AND revoked_at IS NULL"), all, member: "id" })
        }
        _ => None,
    }
}

fn photos(workshop: &str, part: &str) -> String {
    format!("SELECT id FROM gallery.images WHERE workshop_id = '{workshop}' AND part = '{part}' AND deleted_at IS NULL")
}

fn members(workspace: &str) -> String {
    format!("SELECT user_id FROM workspace.members WHERE workspace_id = '{workspace}' AND status = 'active'")
}

/// Whether the list shows exactly the rows that the role may see.
pub async fn compare(
    world: &World<'_>,
    (row, role, cell): (&Row, &str, Cell),
    (target, request): (&Target, &Request),
    actor: &Client,
    first: &Answer,
) -> Result<(), String> {
    let Some(list) = list(world, row, (role, cell), target, actor) else { return Ok(()) };
    let wanted = world.ids(&list.seen).await;
    let mut shown: BTreeSet<String> = BTreeSet::new();
    let mut page = first.clone();
    loop {
        // A file has all there is, and no pages.
        let rows = page.json.as_array().map_or_else(|| page.items(), Vec::as_slice);
        for id in rows.iter().filter_map(|row| row[list.member].as_str()) {
            if !shown.insert(id.to_owned()) {
                return Err(format!("lists {id} twice"));
            }
        }
        let Some(cursor) = page.json["next"].as_str() else { break };
        let joint = if request.path().contains('?') { '&' } else { '?' };
        page = actor.get(&format!("{}{joint}cursor={cursor}", request.path())).await.expect(200);
    }
    match (shown.difference(&wanted).next(), wanted.difference(&shown).next()) {
        (None, None) => Ok(()),
        (Some(extra), _) => Err(format!("lists {extra}, which {role} may not see")),
        (_, missing) => Err(format!("doesn't list {missing:?}, which {role} may see")),
    }
}

/// Whether an answer to an outsider, who asks for the list of all that is theirs, has nothing of this world in it.
pub async fn leaks(world: &World<'_>, row: &Row, target: &Target, actor: &Client, answer: &Answer) -> Option<String> {
    let role = &world.table.roles[0];
    let list = list(world, row, (role, Cell::Any), target, actor)?;
    let told = String::from_utf8_lossy(&answer.bytes).into_owned();
    world.ids(&list.all).await.into_iter().find(|id| told.contains(id.as_str()))
}

impl World<'_> {
    async fn ids(&self, sql: &str) -> BTreeSet<String> {
        let mut connection = self.lobby.database.connect_about(sql).await;
        let sql = format!("SELECT ids.*::text FROM ({sql}) ids");
        let ids: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        ids.into_iter().map(|id| id.trim_matches(['(', ')']).to_owned()).collect()
    }
}
