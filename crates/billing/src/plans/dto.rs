//! Plans, on their way in and out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kernel::{authority::WorkspaceRef, ids::WorkspaceId, money::Currency};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::{Validate, ValidationError};

use super::{LIMITS, PlanId, store::PlanRow};
use crate::subscriptions::machine::Interval;

/// The most that a plan may cost for an interval, in minor units.
pub(crate) const MAX_PRICE: i64 = 1_000_000_000_000;

/// What a plan allows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanFeatures)]
pub struct Features {
    /// Bounds, by key: `max_projects`, `max_members`, `storage_bytes`. What isn't named isn't bounded.
    #[serde(default)]
    #[validate(custom(function = are_limits))]
    pub limits: BTreeMap<String, i64>,
    /// What an application asks for by name, as `priority_review`.
    #[serde(default)]
    #[validate(custom(function = are_flags))]
    pub flags: BTreeMap<String, bool>,
}

/// A plan, as it is sold.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanView {
    /// Its identity.
    pub id: PlanId,
    /// Who sells it to its members; null where the platform sells it to workspaces.
    pub workspace_id: Option<WorkspaceId>,
    /// By what it is called in programs.
    pub code: String,
    /// The version that is sold. Each change makes another.
    pub version: i32,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// What it costs for each interval, in minor units.
    pub price: i64,
    /// In which currency (ISO 4217).
    pub currency: String,
    /// How often it is paid.
    pub interval: Interval,
    /// Days for which it is in force for nothing, once for each subscriber.
    pub trial_days: u16,
    /// What it allows.
    pub features: Features,
    /// What it brings, for people.
    pub benefits: Vec<String>,
    /// The role that it gives while it is in force.
    pub grants_role: Option<String>,
    /// Whether that role can't be given at present, since who published the plan doesn't hold what it grants any more, or it isn't
    /// marked `granted_by_plan` any more. Until somebody who does publishes the plan anew, nobody can subscribe to it.
    pub role_withheld: bool,
    /// Whether it is for sale.
    pub is_active: bool,
    /// When it was first published.
    pub created_at: DateTime<Utc>,
    /// When this version was.
    pub updated_at: DateTime<Utc>,
}

impl PlanView {
    /// A plan, and whether its role can't be given at present.
    pub(crate) fn of(row: PlanRow, role_withheld: bool) -> Self {
        Self {
            role_withheld,
            trial_days: row.trial_days(),
            interval: row.interval(),
            features: row.features(),
            benefits: row.benefits(),
            id: row.id,
            workspace_id: row.workspace_id,
            code: row.code,
            version: row.version,
            name: row.name,
            description: row.description,
            price: row.price,
            currency: row.currency,
            grants_role: row.role_name,
            is_active: row.is_active,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

fn yes() -> bool {
    true
}

/// A body that says what is in a plan, after fields of its own.
macro_rules! plan_body {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize, Validate, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
            /// Its name, 1–100 characters.
            #[validate(length(max = 100), custom(function = is_not_blank))]
            #[schema(min_length = 1, max_length = 100)]
            pub name: String,
            /// What it is, at most 2,000 characters.
            #[serde(default)]
            #[validate(length(max = 2000))]
            #[schema(max_length = 2000)]
            pub description: String,
            /// What it costs for each interval, in minor units.
            #[validate(range(min = 0, max = MAX_PRICE))]
            #[schema(minimum = 0)]
            pub price: i64,
            /// In which currency (ISO 4217).
            #[validate(custom(function = is_currency))]
            #[schema(pattern = "^[A-Z]{3}$", examples("EUR"))]
            pub currency: String,
            /// How often it is paid.
            pub interval: Interval,
            /// Days for which it is in force for nothing, 0–365.
            #[serde(default)]
            #[validate(range(max = 365))]
            #[schema(maximum = 365)]
            pub trial_days: u16,
            /// What it allows.
            #[serde(default)]
            #[validate(nested)]
            pub features: Features,
            /// What it brings, for people: at most 50 sentences.
            #[serde(default)]
            #[validate(custom(function = are_sentences))]
            pub benefits: Vec<String>,
            /// The role that it gives while it is in force: the name of one that is marked `granted_by_plan`.
            pub grants_role: Option<String>,
            /// Whether it is for sale; true when left out.
            #[serde(default = "yes")]
            pub is_active: bool,
        }
    };
}

/// The same of a plan that is to be made, which gets its code.
macro_rules! new_plan {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        plan_body! {
            $(#[$meta])*
            $name {
                $($(#[$field_meta])* $field: $type,)*
                /// By what it is called in programs: lower-case letters, digits, `_` and `-`, a letter first. It stays.
                #[validate(custom(function = is_code))]
                #[schema(pattern = "^[a-z][a-z0-9_-]{0,62}$", examples("growth"))]
                code: String,
            }
        }

        impl $name {
            /// Its code, and what is in it.
            pub(crate) fn content(self) -> (String, PlanContent) {
                let Self { name, description, price, currency, interval, trial_days, .. } = self;
                let Self { features, benefits, grants_role, is_active, .. } = self;
                let content = PlanContent {
                    name,
                    description,
                    price,
                    currency,
                    interval,
                    trial_days,
                    features,
                    benefits,
                    grants_role,
                    is_active,
                };
                (self.code, content)
            }
        }
    };
}

plan_body! {
    /// What is in a plan, from its next version on. What is left out is empty, or none.
    PlanContent {}
}
new_plan! {
    /// A plan to sell to the members of a workspace.
    NewPlan {
        /// Who sells it; may be left out by someone who belongs to exactly one workspace.
        workspace: Option<WorkspaceRef>,
    }
}
new_plan! {
    /// A plan to sell to workspaces.
    NewPlatformPlan {}
}

/// Whose plans to list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields, default)]
pub struct PlanFilter {
    /// Those that this workspace sells to its members: its id or its slug. Without it, those that the platform sells to
    /// workspaces.
    #[param(value_type = Option<String>)]
    pub workspace: Option<WorkspaceRef>,
}

fn fault(code: &'static str, message: &'static str) -> ValidationError {
    ValidationError::new(code).with_message(message.into())
}

fn is_not_blank(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() { Err(fault("blank", "It can't be blank.")) } else { Ok(()) }
}

fn is_word(text: &str) -> bool {
    let in_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    text.len() <= 63 && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(in_word)
}

fn is_code(text: &str) -> Result<(), ValidationError> {
    if is_word(text) {
        return Ok(());
    }
    Err(fault("plan_code", "It takes lower-case letters, digits, `_` and `-`, a letter first; at most 63."))
}

pub(crate) fn is_currency(text: &str) -> Result<(), ValidationError> {
    if Currency::of(text).is_some() {
        return Ok(());
    }
    Err(fault("invalid_currency", "It takes an ISO 4217 code of three capital letters, as in EUR."))
}

fn are_limits(limits: &BTreeMap<String, i64>) -> Result<(), ValidationError> {
    if limits.keys().any(|key| !LIMITS.contains(&key.as_str())) {
        return Err(fault("unknown_limit", "A plan bounds max_members, max_projects and storage_bytes."));
    }
    if limits.values().any(|value| *value < 0) {
        return Err(fault("range", "A limit is a number of at least 0."));
    }
    Ok(())
}

fn are_flags(flags: &BTreeMap<String, bool>) -> Result<(), ValidationError> {
    if flags.len() <= 100 && flags.keys().all(|key| is_word(key)) {
        return Ok(());
    }
    Err(fault("flag", "At most 100 flags, each called by lower-case letters, digits, `_` and `-`."))
}

fn are_sentences(benefits: &[String]) -> Result<(), ValidationError> {
    let fits = |text: &String| !text.trim().is_empty() && text.chars().count() <= 200;
    if benefits.len() <= 50 && benefits.iter().all(fits) {
        return Ok(());
    }
    Err(fault("benefits", "At most 50, each of 1 to 200 characters."))
}
