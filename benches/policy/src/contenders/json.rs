//! The role's JSON document, kept as it is and interpreted for every question.

use std::{collections::HashMap, sync::Arc};

use anyhow::Result;
use foldhash::fast::RandomState;
use kernel::{
    grant::{Permission, Scope},
    ids::{UserId, WorkspaceId},
};
use serde_json::Value;

use super::Contender;
use crate::world::{Question, World};

pub struct Json(HashMap<(WorkspaceId, UserId), Arc<Value>, RandomState>);

impl Contender for Json {
    const ID: &'static str = "json";
    const LABEL: &'static str = "serde_json: the cached document, interpreted";
    type Asked = Question;

    fn load(world: &World) -> Result<Self> {
        let mut documents = HashMap::default();
        for workspace in &world.workspaces {
            let roles: Vec<_> = workspace.roles.iter().map(|role| Arc::new(role.json.clone())).collect();
            for (user, role) in &workspace.members {
                documents.insert((workspace.id, *user), Arc::clone(&roles[*role]));
            }
        }
        Ok(Self(documents))
    }

    fn asked(&self, question: &Question) -> Question {
        *question
    }

    fn allows(&self, asked: &Question) -> bool {
        let document = self.0.get(&(asked.workspace, asked.user));
        document.is_some_and(|document| scope(document, asked.permission).covers(asked.relation))
    }
}

fn scope(document: &Value, permission: &Permission) -> Scope {
    match document.get(permission.key) {
        Some(Value::Bool(true)) => Scope::Any,
        Some(Value::String(word)) if word == "assigned" => Scope::Assigned,
        Some(Value::String(word)) if word == "own" => Scope::Own,
        Some(_) => Scope::None,
        None if document.get("*") == Some(&Value::Bool(true)) => permission.widest(),
        None => Scope::None,
    }
}
