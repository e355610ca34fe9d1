//! Routes that can't be unguarded or undocumented: a handler is mounted by its documentation, and its first argument
//! must be a guard.

use actix_web::{
    FromRequest, Handler, HttpResponse, Responder, Route, guard,
    http::{Method, header},
    web::{self, ServiceConfig},
};
use utoipa::openapi::{HttpMethod, RefOr, path::Operation, schema::Schema};

use crate::{
    guard::{Access, Action, Creating, Each, Guarded, Identified, InWorkspace, Listing, Scoped, Watched},
    problem::Problem,
};

/// An extractor that decides about authority.
pub trait Protector {
    /// Who may.
    const ACCESS: Access;
    /// Whether a personal access token is welcome where no permission is asked for.
    const TOKENS_WELCOME: bool = false;
}

impl<A: Action> Protector for Guarded<A> {
    const ACCESS: Access = A::ACCESS;
    const TOKENS_WELCOME: bool = A::TOKENS_WELCOME;
}

impl<A: Action> Protector for Watched<A> {
    const ACCESS: Access = A::ACCESS;
    const TOKENS_WELCOME: bool = A::TOKENS_WELCOME;
}

impl<A: Identified<Target = InWorkspace>> Protector for Creating<A> {
    const ACCESS: Access = A::ACCESS;
}

/// Whoever is signed in is let in: about each thing is decided by itself.
impl<A: Identified> Protector for Each<A> {
    const ACCESS: Access = Access::SignedIn;
}

impl<L: Listing> Protector for Scoped<L> {
    const ACCESS: Access = Access::Needs(L::PERMISSION);
}

/// The arguments of a handler that has a guard, in the first place.
pub trait Protected {
    /// Who may call it.
    const ACCESS: Access;
    /// Whether a personal access token is welcome where no permission is asked for.
    const TOKENS_WELCOME: bool;
}

macro_rules! protected_arguments {
    ($($argument:ident)*) => {
        impl<G: Protector, $($argument),*> Protected for (G, $($argument,)*) {
            const ACCESS: Access = G::ACCESS;
            const TOKENS_WELCOME: bool = G::TOKENS_WELCOME;
        }
    };
}
protected_arguments!();
protected_arguments!(T1);
protected_arguments!(T1 T2);
protected_arguments!(T1 T2 T3);
protected_arguments!(T1 T2 T3 T4);
protected_arguments!(T1 T2 T3 T4 T5);

/// What `#[utoipa::path]` says of a handler.
#[derive(Debug)]
pub struct Documented {
    /// The methods.
    pub methods: Vec<HttpMethod>,
    /// The path, below the API's base.
    pub path: String,
    /// The operation.
    pub operation: Operation,
    /// The schemas that it refers to.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl Documented {
    /// Reads the documentation that `#[utoipa::path]` generated.
    pub fn of<P: utoipa::Path + utoipa::__dev::SchemaReferences>() -> Self {
        let mut schemas = Vec::new();
        P::schemas(&mut schemas);
        Self { methods: P::methods(), path: P::path(), operation: P::operation(), schemas }
    }
}

/// One mounted and documented handler.
pub struct RouteEntry {
    /// The HTTP method.
    pub method: Method,
    /// Who may call it, by its guard's type.
    pub access: Access,
    /// Whether a personal access token is welcome where no permission is asked for.
    pub tokens_welcome: bool,
    /// Its documentation.
    pub documented: Documented,
    route: Route,
}

impl std::fmt::Debug for RouteEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RouteEntry")
            .field("method", &self.method)
            .field("path", &self.documented.path)
            .finish_non_exhaustive()
    }
}

/// The routes of a module. Made with [`routes!`](crate::routes).
#[derive(Debug, Default)]
pub struct Routes(Vec<RouteEntry>);

impl Routes {
    /// Mounts a handler where its documentation says.
    #[must_use]
    pub fn mount<F, Args>(mut self, documented: Documented, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + Protected + 'static,
        F::Output: Responder + 'static,
    {
        let method = documented.methods.first().map_or(Method::GET, method_of);
        // Whoever may GET may HEAD (RFC 9110 section 9.3.2); the server leaves the body out.
        let route = match method {
            Method::GET => web::route().guard(guard::Any(guard::Get()).or(guard::Head())).to(handler),
            _ => web::method(method.clone()).to(handler),
        };
        let (access, tokens_welcome) = (Args::ACCESS, Args::TOKENS_WELCOME);
        self.0.push(RouteEntry { method, access, tokens_welcome, documented, route });
        self
    }

    /// The routes of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// What is mounted.
    pub fn entries(&self) -> &[RouteEntry] {
        &self.0
    }

    /// What is mounted, to keep; the handlers are lost.
    pub fn into_entries(self) -> Vec<RouteEntry> {
        self.0
    }

    /// Registers everything with actix-web: `/users/me` before `/users/{id}`, and 405 with `Allow` for the rest.
    pub fn configure(self, config: &mut ServiceConfig) {
        let mut by_path: Vec<(String, Vec<RouteEntry>)> = Vec::new();
        for entry in self.0 {
            match by_path.iter_mut().find(|(path, _)| *path == entry.documented.path) {
                Some((_, entries)) => entries.push(entry),
                None => by_path.push((entry.documented.path.clone(), vec![entry])),
            }
        }
        by_path.sort_by_key(|(path, _)| specificity(path));
        for (path, entries) in by_path {
            config.service(resource(&path, entries));
        }
    }
}

/// Sorts literal segments before parameters.
fn specificity(path: &str) -> Vec<(bool, String)> {
    path.split('/').map(|segment| (segment.starts_with('{'), segment.to_owned())).collect()
}

fn resource(path: &str, entries: Vec<RouteEntry>) -> actix_web::Resource {
    let mut methods: Vec<&str> = Vec::new();
    for entry in &entries {
        methods.push(match entry.method {
            Method::GET => "GET, HEAD",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "POST",
        });
    }
    let allow = methods.join(", ");
    let refuse = move || {
        let problem = Problem::new(
            actix_web::http::StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            format!("This address answers to {allow}."),
        );
        let allow = allow.clone();
        async move { Err::<HttpResponse, _>(problem.with_header(header::ALLOW.as_str(), allow)) }
    };
    let resource = web::resource(path).default_service(web::to(refuse));
    entries.into_iter().fold(resource, |resource, entry| resource.route(entry.route))
}

fn method_of(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Head => Method::HEAD,
        HttpMethod::Options => Method::OPTIONS,
        HttpMethod::Trace => Method::TRACE,
    }
}

/// The routes of the handlers named, each `module::function` with its `#[utoipa::path]`.
#[macro_export]
macro_rules! routes {
    ($($module:ident :: $function:ident),+ $(,)?) => {
        $crate::pastey::paste! {
            $crate::http::Routes::default()
                $(.mount($crate::http::Documented::of::<$module::[<__path_ $function>]>(), $module::$function))+
        }
    };
}
