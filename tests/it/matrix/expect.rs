//! What a table says of one request: by whom, standing how to what, and so with which answer.

use reqwest::Method;

use super::table::{COMMON, Cell, Condition, Row, Table};

/// The role that a workspace's owner has, in every model.
pub const OWNER_ROLE: &str = "admin";

/// What a row's operation is done to; follows from its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing that a role decides about: public doors, one's own account.
    Nothing,
    /// A workspace that the path names.
    Workspace,
    /// A workspace that the query or the body names: lists, creations.
    Within,
    /// A workspace to become a member of.
    Door,
    Project,
    Operation,
    Image,
    Workshop,
    /// Those who attend a workshop.
    Attendance,
    /// An image that belongs to a workshop.
    Photo,
    /// An image in the trash.
    Trashed,
    Album,
    Comment,
    Report,
    User,
    Member,
    Role,
    Invitation,
    Developer,
    Session,
    Token,
    /// An invitation that waits for its addressee.
    Waiting,
    Plan,
    Subscription,
    Invoice,
    /// What somebody was told of.
    Feed,
    Notification,
    /// What is one's own in all one's workspaces.
    Mine,
}

impl Kind {
    pub fn of(path: &str) -> Self {
        match path.split('/').skip(1).collect::<Vec<_>>().as_slice() {
            ["workspaces", "{id}", "join"] => Self::Door,
            ["workspaces", "{id}", "members", "{user_id}", ..] => Self::Member,
            ["workspaces", "{id}", ..] => Self::Workspace,
            ["projects", "export"] => Self::Within,
            ["projects", "{id}", ..] => Self::Project,
            ["operations", "{id}", ..] => Self::Operation,
            ["images", "{id}", "restore"] => Self::Trashed,
            ["images", "{id}", ..] => Self::Image,
            ["workshops", "{id}"] | ["workshops", "{id}", "cancel" | "availability" | "calendar.ics"] => Self::Workshop,
            ["workshops", "{id}", ..] | ["notifications", "workshops", "{workshop_id}"] => Self::Attendance,
            ["photos", "{id}", ..] => Self::Photo,
            ["albums", "{id}", ..] => Self::Album,
            ["comments", "{id}"] => Self::Comment,
            ["reports", "{id}"] => Self::Report,
            ["users", "{id}", ..] | ["profiles", "{user_id}", ..] => Self::User,
            ["users", "me", "tokens", "{id}"] => Self::Token,
            ["users", "me", "invitations", "{id}", ..] => Self::Waiting,
            ["roles", "{id}", ..] => Self::Role,
            ["invitations", "{id}", ..] => Self::Invitation,
            ["developers", "{id}"] => Self::Developer,
            ["auth", "sessions", "{id}"] => Self::Session,
            ["notifications", "{user_id}"] => Self::Feed,
            ["notifications", "{id}", ..] => Self::Notification,
            ["events"] | ["notifications", "unread-count" | "mark-all-as-read"] => Self::Mine,
            ["tags", "rename"] => Self::Within,
            [
                "projects" | "images" | "albums" | "workshops" | "approvals" | "trash" | "reports" | "tags" | "users"
                | "roles" | "developers",
            ] => Self::Within,
            ["plans", "{id}"] => Self::Plan,
            ["subscriptions", "{id}", ..] => Self::Subscription,
            ["invoices", "{id}", ..] => Self::Invoice,
            ["plans" | "subscriptions" | "invoices" | "entitlements"] => Self::Within,
            _ => Self::Nothing,
        }
    }

    /// The path by which one looks at the thing itself: who may, may know that it exists.
    fn view(self) -> Option<&'static str> {
        match self {
            Self::Project => Some("/projects/{id}"),
            Self::Operation => Some("/operations/{id}"),
            Self::Image => Some("/images/{id}"),
            Self::Workshop | Self::Attendance => Some("/workshops/{id}"),
            Self::Photo => Some("/photos/{id}"),
            Self::Album => Some("/albums/{id}"),
            Self::Comment => Some("/comments/{id}"),
            Self::Report => Some("/reports/{id}"),
            Self::User => Some("/users/{id}"),
            Self::Member => Some("/workspaces/{id}/members/{user_id}"),
            Self::Role => Some("/roles/{id}"),
            Self::Invitation => Some("/invitations/{id}"),
            Self::Developer => Some("/developers/{id}"),
            Self::Plan => Some("/plans/{id}"),
            Self::Subscription => Some("/subscriptions/{id}"),
            Self::Invoice => Some("/invoices/{id}"),
            Self::Feed => Some("/notifications/{user_id}"),
            _ => None,
        }
    }

    /// What the thing is called where a decision is explained.
    pub fn noun(self) -> Option<&'static str> {
        match self {
            Self::Project => Some("project"),
            Self::Operation => Some("operation"),
            Self::Workshop | Self::Attendance => Some("workshop"),
            Self::Image | Self::Photo => Some("image"),
            Self::Trashed => Some("trashed_image"),
            Self::Comment => Some("comment"),
            Self::User => Some("user"),
            Self::Member => Some("member"),
            Self::Role => Some("role"),
            Self::Subscription => Some("subscription"),
            Self::Feed => Some("notifications_of"),
            Self::Notification => Some("notification"),
            Self::Nothing
            | Self::Workspace
            | Self::Within
            | Self::Door
            | Self::Album
            | Self::Report
            | Self::Invitation
            | Self::Developer
            | Self::Session
            | Self::Token
            | Self::Waiting
            | Self::Mine
            | Self::Plan
            | Self::Invoice => None,
        }
    }
}

/// How the caller stands to what the request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// A member, where there is nothing but the workspace to stand to.
    Member,
    /// Theirs: they own it, made it, or are it.
    Own,
    /// They take part in it.
    Assigned,
    /// Somebody else's, to be seen by all who may look at such things.
    Other,
    /// Somebody else's, kept from others: a private project, an image that isn't approved, a workspace that isn't open.
    Hidden,
    /// A member of another workspace, with the same role there.
    Stranger,
    /// A suspended member.
    Suspended,
    /// A suspended member, about what is their own.
    SuspendedOwn,
    /// Someone who was a member and was removed.
    Former,
    /// Someone who was a member, about what is their own.
    FormerOwn,
    /// A member with yesterday's token.
    Expired,
    /// Someone without a token.
    Anonymous,
}

impl Relation {
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Own => "own",
            Self::Assigned => "assigned",
            Self::Other => "other",
            Self::Hidden => "hidden",
            Self::Stranger => "stranger",
            Self::Suspended => "suspended",
            Self::SuspendedOwn => "suspended, own",
            Self::Former => "ex-member",
            Self::FormerOwn => "ex-member, own",
            Self::Expired => "expired token",
            Self::Anonymous => "anonymous",
        }
    }

    /// Whether it is someone who is signed in and no active member.
    pub fn is_outside(self) -> bool {
        matches!(self, Self::Stranger | Self::Suspended | Self::SuspendedOwn | Self::Former | Self::FormerOwn)
    }

    pub fn is_outsiders_own(self) -> bool {
        matches!(self, Self::SuspendedOwn | Self::FormerOwn)
    }

    /// Every relation that there is to things of this kind, for a role.
    pub fn all(model: &str, kind: Kind, role: &str) -> Vec<Self> {
        use Relation::{
            Assigned, Expired, Former, FormerOwn, Hidden, Member, Other, Own, Stranger, Suspended, SuspendedOwn,
        };
        let mut all = match kind {
            Kind::Nothing | Kind::Within | Kind::Mine => vec![Member],
            Kind::Workspace if role == OWNER_ROLE => vec![Member, Own],
            Kind::Workspace => vec![Member],
            Kind::Door => vec![Other, Hidden],
            Kind::Project | Kind::Operation => vec![Other, Hidden, Assigned, Own],
            Kind::Workshop => vec![Other, Hidden, Own],
            Kind::Attendance => vec![Other, Assigned, Own],
            Kind::Image | Kind::Photo | Kind::Comment => vec![Other, Hidden, Own],
            Kind::Trashed | Kind::Album => vec![Other, Own],
            Kind::User | Kind::Member | Kind::Session | Kind::Token | Kind::Waiting => vec![Other, Own],
            Kind::Feed | Kind::Notification => vec![Other, Own],
            Kind::Subscription | Kind::Invoice => vec![Other, Own],
            Kind::Role | Kind::Invitation | Kind::Developer | Kind::Report | Kind::Plan => vec![Other],
        };
        if model != COMMON {
            all.extend([Stranger, Suspended, Former]);
            let is_made = matches!(kind, Kind::Image | Kind::Photo | Kind::Trashed | Kind::Album | Kind::Comment);
            if is_made || matches!(kind, Kind::Project | Kind::Operation | Kind::Workshop | Kind::User | Kind::Feed) {
                all.extend([SuspendedOwn, FormerOwn]);
            }
        }
        all.push(Expired);
        all
    }
}

/// The answer that the table asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// It is done.
    Allowed(u16),
    /// A problem, and nothing changes.
    Refused(u16, String),
}

impl Expected {
    pub fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    pub fn told(&self) -> String {
        match self {
            Self::Allowed(status) => status.to_string(),
            Self::Refused(status, code) => format!("{status} {code}"),
        }
    }

    fn refused(status: u16, code: &str) -> Self {
        Self::Refused(status, code.to_owned())
    }
}

/// What the table says of a request by a role (its column) that stands so.
pub fn expected(table: &Table, row: &Row, column: usize, relation: Relation) -> Expected {
    let (kind, allowed) = (Kind::of(&row.path), Expected::Allowed(row.success));
    let not_found = Expected::refused(404, "not_found");
    let denied = Expected::refused(403, "permission_denied");
    if row.anonymous == Cell::Any {
        let is_looked_at = row.has(&Condition::TokenCounts) && relation == Relation::Expired;
        return if is_looked_at { Expected::refused(401, "invalid_token") } else { allowed };
    }
    match relation {
        Relation::Anonymous => return Expected::refused(401, "unauthenticated"),
        Relation::Expired => return Expected::refused(401, "invalid_token"),
        outside if outside.is_outside() => {
            return match row {
                _ if row.has(&Condition::Anyone) => allowed,
                _ if !matches!(kind, Kind::User | Kind::Feed) || !outside.is_outsiders_own() => not_found,
                // One's own account is no secret to oneself.
                _ if row.has(&Condition::OwnAccount) => allowed,
                _ => denied,
            };
        }
        _ => {}
    }
    let cell = row.cells[column];
    if relation == Relation::Own && kind == Kind::Workspace {
        let instead = row.conditions.iter().find_map(|condition| match condition {
            Condition::Owner(status, code) => Some(Expected::refused(*status, code)),
            _ => None,
        });
        if let Some(instead) = instead {
            return instead;
        }
    } else if row.has(&Condition::OwnerOnly) {
        return denied;
    }
    if !exists(table, kind, column, relation) {
        return not_found;
    }
    if let Some((status, code)) = row.unrelated()
        && cell == Cell::Assigned
        && relation != Relation::Assigned
    {
        return Expected::refused(status, code);
    }
    if let Some((status, code)) = row.makers_only().filter(|_| relation != Relation::Own && reaches(cell, relation)) {
        return Expected::refused(status, code);
    }
    if let Some((status, code)) = row.unapproved()
        && matches!(relation, Relation::Hidden | Relation::Own)
        && reaches(cell, relation)
    {
        return Expected::refused(status, code);
    }
    match reaches(cell, relation) {
        true => allowed,
        false if is_known(table, kind, column, relation) => denied,
        false => not_found,
    }
}

/// The scope that a refusal says the role holds.
pub fn held(row: &Row, column: usize) -> &'static str {
    match row.cells[column] {
        Cell::Any if row.has(&Condition::OwnerOnly) => "own",
        Cell::Any => "any",
        Cell::Assigned => "assigned",
        Cell::Own | Cell::Myself => "own",
        Cell::Never => "none",
    }
}

/// Whether a cell reaches what one stands to so.
fn reaches(cell: Cell, relation: Relation) -> bool {
    match cell {
        Cell::Any => true,
        Cell::Never => false,
        // In a list the narrower cells say which rows come, not whether.
        _ if relation == Relation::Member => true,
        Cell::Assigned => matches!(relation, Relation::Own | Relation::Assigned),
        Cell::Own | Cell::Myself => relation == Relation::Own,
    }
}

/// Whether a thing that others keep to themselves exists for the role.
fn exists(table: &Table, kind: Kind, column: usize, relation: Relation) -> bool {
    relation != Relation::Hidden || view(table, kind).is_some_and(|view| view.sees_hidden(&table.roles[column]))
}

/// Whether the caller may know that the thing exists: whoever may look at it does.
fn is_known(table: &Table, kind: Kind, column: usize, relation: Relation) -> bool {
    match kind {
        Kind::Nothing | Kind::Workspace | Kind::Within => true,
        Kind::User if relation == Relation::Own => true,
        _ => view(table, kind).is_some_and(|view| reaches(view.cells[column], relation)),
    }
}

fn view(table: &Table, kind: Kind) -> Option<&Row> {
    table.row(&Method::GET, kind.view()?)
}
