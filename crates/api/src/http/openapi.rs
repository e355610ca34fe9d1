//! The OpenAPI 3.1 document, assembled from what is mounted: it can't list a route that isn't there, or miss one.

use kernel::{
    guard::Access,
    http::{RouteEntry, Routes},
    problem::{FieldFault, ProblemDocument},
};
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Components, ContentBuilder, Info, License, OpenApi, OpenApiBuilder, PathItem, Ref, RefOr, ResponseBuilder,
        extensions::Extensions,
        path::{HttpMethod, Operation},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};

/// The base path of the API.
const BASE: &str = "/api/v1";
/// In which files come.
const FORM: &str = "multipart/form-data";

const DESCRIPTION: &str = "The backend that a multi-tenant product starts from: accounts, workspaces with JSON role \
models, projects, an image gallery with approval.\n\nEvery operation says which permission it needs in \
`x-permission`; `public` needs none, `signed_in` needs only a token. Where `x-personal-access-tokens` is true, a personal \
access token will do as far as its permissions reach; elsewhere it takes a session. Errors are `application/problem+json` \
(RFC 9457) with a stable `code`. Lists are keyset pages: pass `next` as `cursor`. `Idempotency-Key` makes a POST safe \
to repeat; `If-Match` makes a change conditional.";

const TAGS: [(&str, &str); 20] = [
    ("auth", "Signing up, in and out."),
    ("users", "People and their accounts."),
    ("profiles", "Who people are, how they look, where they are reached."),
    ("workspaces", "Tenants."),
    ("members", "Who belongs to a workspace, and as what."),
    ("invitations", "Asking people to become members."),
    ("developers", "The directory of members whose role is listed in it."),
    ("roles", "What a workspace's members may do."),
    ("projects", "Projects and who takes part."),
    ("money", "How projects are billed, what was recorded, and what it adds up to."),
    ("images", "The gallery."),
    ("albums", "Images in an order."),
    ("approvals", "Who decides about images, and how."),
    ("workshops", "Workshops, who attends them, and who waits for a seat."),
    ("photos", "Photos of workshops: images under the name that workshops use."),
    ("comments", "What people say of images."),
    ("reports", "What people find wrong with images."),
    ("activity", "What happened, by whom and on whose behalf."),
    ("notifications", "What people are told of, and how; the stream of events."),
    ("server", "The server itself."),
];

/// The document of everything that is mounted.
pub fn document(api: Routes, beside: Routes) -> OpenApi {
    let mut components = Components::new();
    components.add_security_scheme(
        "bearer",
        SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build()),
    );
    components.schemas.insert("Problem".to_owned(), ProblemDocument::schema());
    components.schemas.insert(FieldFault::name().into_owned(), FieldFault::schema());
    let mut schemas = Vec::new();
    ProblemDocument::schemas(&mut schemas);
    components.schemas.extend(schemas);

    let mut document = OpenApiBuilder::new()
        .info(
            Info::builder()
                .title("Lobby")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(DESCRIPTION))
                .license(Some(License::builder().name("Apache-2.0").identifier(Some("Apache-2.0")).build())),
        )
        .tags(Some(TAGS.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build())))
        .components(Some(components))
        .build();
    for entry in api.into_entries() {
        add(&mut document, BASE, entry);
    }
    for entry in beside.into_entries() {
        add(&mut document, "", entry);
    }
    document
}

fn add(document: &mut OpenApi, base: &str, entry: RouteEntry) {
    let path = format!("{base}{}", entry.documented.path);
    let mut operation = entry.documented.operation;
    declare_access(&mut operation, entry.access, entry.tokens_welcome);
    declare_problems(&mut operation, entry.access, &path, &entry.method);
    if let Some(components) = document.components.as_mut() {
        components.schemas.extend(entry.documented.schemas);
    }
    let item = PathItem::new(method_of(&entry.method), operation);
    match document.paths.paths.get_mut(&path) {
        Some(known) => known.merge_operations(item),
        None => {
            document.paths.paths.insert(path, item);
        }
    }
}

fn declare_access(operation: &mut Operation, access: Access, tokens_welcome: bool) {
    let permission = match access {
        Access::Public => "public",
        Access::SignedIn => "signed_in",
        Access::Needs(permission) => permission.key,
    };
    let takes_tokens = match access {
        Access::Public => false,
        Access::SignedIn => tokens_welcome,
        Access::Needs(_) => true,
    };
    let extension = Extensions::builder()
        .add("x-permission", json!(permission))
        .add("x-personal-access-tokens", json!(takes_tokens))
        .build();
    match operation.extensions.as_mut() {
        Some(extensions) => extensions.merge(extension),
        None => operation.extensions = Some(extension),
    }
    if access != Access::Public {
        operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
    }
}

/// The problems that any route of its kind can answer.
fn declare_problems(operation: &mut Operation, access: Access, path: &str, method: &actix_web::http::Method) {
    let mut problems = vec![
        ("405", "The address answers to other methods; `Allow` says to which."),
        ("503", "The server is too busy or the database is away; see `Retry-After`."),
    ];
    if access != Access::Public {
        problems.push(("401", "No access token, or none that is good."));
    }
    if access != Access::Public {
        problems.push(("403", "You may see it but not do this; the answer says what is missing."));
    }
    if path.contains('{') || matches!(access, Access::Needs(_)) {
        problems.push(("404", "It does not exist, or you may not know that it does."));
    }
    if operation.request_body.is_some() {
        problems.push(("400", "The body is not well-formed."));
        problems.push(("413", "The body is too large."));
        problems.push(("415", "The body is of another media type."));
    }
    let takes_file = matches!(&operation.request_body, Some(RefOr::T(body)) if body.content.contains_key(FORM));
    if takes_file {
        problems.push(("408", "The upload stalled: nothing of the body came for a while."));
    }
    if !method.is_safe() {
        problems.push(("409", "The state of things does not allow it."));
    }
    let takes_key = method == actix_web::http::Method::POST;
    if takes_key {
        problems.push(("400", "Something in the request is not well-formed, as its `Idempotency-Key`."));
    }
    if takes_key || operation.request_body.is_some() || operation.parameters.is_some() {
        problems.push(("422", "Something in the request is not valid; `errors` says what."));
    }
    if !method.is_safe() && path.contains('{') {
        problems.push(("412", "It was changed since the version that If-Match names."));
    }
    for (status, text) in problems {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(text).content("application/problem+json", content).build();
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.into());
    }
}

fn method_of(method: &actix_web::http::Method) -> HttpMethod {
    match method.as_str() {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}
