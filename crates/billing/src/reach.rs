//! Which rows of a workspace's subscribers a list shows, as SQL.

use kernel::{
    guard::{Listing, Scoped},
    ids::WorkspaceId,
};
use sea_orm::Value;
use uuid::Uuid;

/// Adds to `values` what the condition that it answers takes; `own` is what else is asked of what is the caller's own. All of the caller's rights together: one who sees all of a
/// workspace by one of them sees all of it.
pub(crate) fn shown<L: Listing>(scoped: &Scoped<L>, own: &str, values: &mut Vec<Value>) -> String {
    let mut parts = Vec::new();
    for right in scoped.rights() {
        let reach = right.reach(L::PERMISSION);
        if reach.everywhere {
            return "true".to_owned();
        }
        if !reach.any.is_empty() {
            parts.push(within(&reach.any, values));
        }
        if let (false, Some(person)) = (reach.own.is_empty(), right.person()) {
            let place = within(&reach.own, values);
            values.push(person.into());
            parts.push(format!("({place} AND user_id = ${}{own})", values.len()));
        }
    }
    if parts.is_empty() { "false".to_owned() } else { format!("({})", parts.join(" OR ")) }
}

fn within(workspaces: &[WorkspaceId], values: &mut Vec<Value>) -> String {
    match workspaces {
        [only] => {
            values.push((*only).into());
            format!("workspace_id = ${}", values.len())
        }
        several => {
            values.push(several.iter().map(|id| id.0).collect::<Vec<Uuid>>().into());
            format!("workspace_id = ANY(${})", values.len())
        }
    }
}
