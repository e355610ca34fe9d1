//! What a handler does, as a type, and what it does it to.

use std::{future::Future, marker::PhantomData};

use super::lookup::Lookup;
use crate::{
    authority::{Grants, WorkspaceRef},
    db::Module,
    grant::{Permission, Relation},
    ids::WorkspaceId,
    problem::Problem,
};

/// Who may come in at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone, with no token. Declared, never the default.
    Public,
    /// Whoever is signed in; the target is the caller's own.
    SignedIn,
    /// Whoever's role grants this permission for the target.
    Needs(&'static Permission),
}

/// One thing that handlers do. Declared with [`actions!`](crate::actions).
pub trait Action: Sized + 'static {
    /// The module whose database it works on.
    type Module: Module;
    /// What it is done to; the guard loads it.
    type Target: Target;
    /// Who may.
    const ACCESS: Access;
    /// Whether a personal access token will do for what needs no permission: what is the caller's own, or asks for
    /// nothing but being signed in. Declared, never the default. Where a permission is asked for, the token's grants decide.
    const TOKENS_WELCOME: bool = false;
}

/// An action for which people come themselves: where nothing but a session will do, there always is one.
pub trait InPerson: Identified {}

/// An action whose caller is known: every one but the public.
pub trait Identified: Action {}

/// What the guard loads before it asks the engine.
pub trait Target: Sized + Send + Sync + 'static {
    /// Loads the target *with the caller's relation to it*, in one statement. `None` is answered 404.
    fn find(lookup: &Lookup<'_>) -> impl Future<Output = Result<Option<Found<Self>>, Problem>>;

    /// Whether someone with this sight may know that the target exists. If not, every action on it is answered 404,
    /// otherwise a missing grant is answered 403.
    fn visible(&self, sight: &Sight<'_>) -> bool;

    /// The entity tag of the row as loaded, quoted. Where there is one, `If-Match` is held against it.
    fn etag(&self) -> Option<String> {
        None
    }
}

/// A target that belongs to exactly one workspace.
pub trait Tenant: Target {
    /// Which.
    fn workspace(&self) -> WorkspaceId;
}

/// Where a loaded target lies, seen from the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the caller's own account or part of it: no role is needed.
    Personal,
    /// It lies in these workspaces, and the caller stands to it in these relations. The first that allows counts.
    In(Vec<(WorkspaceId, Relation)>),
    /// It lies in no workspace, and only a platform role reaches it.
    Nowhere(Relation),
}

/// A loaded target.
#[derive(Debug)]
pub struct Found<T> {
    pub(super) target: T,
    pub(super) place: Place,
}

impl<T> Found<T> {
    /// Lies in one workspace.
    pub fn in_workspace(target: T, workspace: WorkspaceId, relation: Relation) -> Self {
        Self { target, place: Place::In(vec![(workspace, relation)]) }
    }

    /// Lies wherever `place` says.
    pub fn at(target: T, place: Place) -> Self {
        Self { target, place }
    }

    /// Is the caller's own.
    pub fn personal(target: T) -> Self {
        Self { target, place: Place::Personal }
    }
}

/// What one of the caller's roles lets them see of a target.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    pub(super) grants: &'a dyn Grants,
    pub(super) relation: Relation,
    pub(super) member: bool,
}

impl Sight<'_> {
    /// Whether the role grants `permission` for this target.
    pub fn holds(&self, permission: &Permission) -> bool {
        self.grants.scope(permission).covers(self.relation)
    }

    /// Whether the role grants `permission` for something else that belongs to the target, to which the caller stands in
    /// `relation`. A platform role stands outside of it, as of the target.
    pub fn holds_at(&self, permission: &Permission, relation: Relation) -> bool {
        let relation = if self.member { relation } else { Relation::Other };
        self.grants.scope(permission).covers(relation)
    }

    /// How the caller stands to the target.
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// Whether the role is a membership's, not the platform's.
    pub fn is_member(&self) -> bool {
        self.member
    }
}

/// The target of actions on nothing in particular, as signing up.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Target for Nothing {
    async fn find(_: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        Ok(Some(Found::personal(Self)))
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        true
    }
}

/// The target of actions in a workspace that need none of its rows: creating things in it, reading a report of it.
/// As a path target it is read from `{id}`, an id or a slug. Costs no statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InWorkspace(pub(super) WorkspaceId);

impl Target for InWorkspace {
    async fn find(lookup: &Lookup<'_>) -> Result<Option<Found<Self>>, Problem> {
        let reference: WorkspaceRef = lookup.key("id")?;
        lookup.workspace(&reference).await
    }

    fn visible(&self, _: &Sight<'_>) -> bool {
        // Who holds a seat in a workspace, or one in all of them, may know that it exists.
        true
    }
}

impl Tenant for InWorkspace {
    fn workspace(&self) -> WorkspaceId {
        self.0
    }
}

/// Open to all. Each use is a declaration that the OpenAPI document and a test repeat.
#[derive(Debug)]
pub struct Public<M>(PhantomData<fn() -> M>);

impl<M: Module> Action for Public<M> {
    type Module = M;
    type Target = Nothing;
    const ACCESS: Access = Access::Public;
}

/// What signed-in people do with nothing but being signed in, as creating a workspace.
#[derive(Debug)]
pub struct SignedIn<M>(PhantomData<fn() -> M>);

impl<M: Module> Action for SignedIn<M> {
    type Module = M;
    type Target = Nothing;
    const ACCESS: Access = Access::SignedIn;
}

impl<M: Module> Identified for SignedIn<M> {}

impl<M: Module> InPerson for SignedIn<M> {}

/// Declares actions: `Name: PERMISSION, on Target`, or `Name: signed in on Target` for what is the caller's own. With
/// `tokens welcome, on Target` a personal access token will do for what is the caller's own, too.
#[macro_export]
macro_rules! actions {
    (module $module:ty; $($rest:tt)*) => { $crate::actions!(@each $module; $($rest)*); };
    (@each $module:ty;) => {};
    (@each $module:ty; $(#[$meta:meta])* $name:ident: signed in on $target:ty; $($rest:tt)*) => {
        $crate::actions!(@one $module; [$(#[$meta])*] $name, $target, $crate::guard::Access::SignedIn, false);
        impl $crate::guard::InPerson for $name {}
        $crate::actions!(@each $module; $($rest)*);
    };
    (@each $module:ty; $(#[$meta:meta])* $name:ident: signed in, tokens welcome, on $target:ty; $($rest:tt)*) => {
        $crate::actions!(@one $module; [$(#[$meta])*] $name, $target, $crate::guard::Access::SignedIn, true);
        $crate::actions!(@each $module; $($rest)*);
    };
    (@each $module:ty; $(#[$meta:meta])* $name:ident: $permission:path, tokens welcome, on $target:ty; $($rest:tt)*) => {
        $crate::actions!(@one $module; [$(#[$meta])*] $name, $target, $crate::guard::Access::Needs(&$permission), true);
        $crate::actions!(@each $module; $($rest)*);
    };
    (@each $module:ty; $(#[$meta:meta])* $name:ident: $permission:path, on $target:ty; $($rest:tt)*) => {
        $crate::actions!(@one $module; [$(#[$meta])*] $name, $target, $crate::guard::Access::Needs(&$permission), false);
        $crate::actions!(@each $module; $($rest)*);
    };
    (@one $module:ty; [$($meta:tt)*] $name:ident, $target:ty, $access:expr, $tokens:expr) => {
        $($meta)*
        #[derive(Debug)]
        pub struct $name(());

        impl $crate::guard::Action for $name {
            type Module = $module;
            type Target = $target;
            const ACCESS: $crate::guard::Access = $access;
            const TOKENS_WELCOME: bool = $tokens;
        }

        impl $crate::guard::Identified for $name {}
    };
}
