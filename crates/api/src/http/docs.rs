//! The OpenAPI document and the page that shows it; both are in the binary and work without a network.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    http::header,
    middleware::DefaultHeaders,
    web::{self, Bytes, Data, ServiceConfig},
};
use kernel::http::{client_has, etag_of_content};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The document as served, made once.
#[derive(Clone, Debug)]
pub struct ServedDocument {
    json: Bytes,
    etag: String,
}

/// Renders the document for serving.
pub fn served(document: &utoipa::openapi::OpenApi) -> ServedDocument {
    let json = document.to_json().unwrap_or_default();
    let etag = etag_of_content(json.as_bytes());
    ServedDocument { json: json.into(), etag }
}

async fn openapi(request: HttpRequest, document: Data<ServedDocument>) -> impl Responder {
    if client_has(&request, &document.etag) {
        return HttpResponse::NotModified().insert_header((header::ETAG, document.etag.clone())).finish();
    }
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::ETAG, document.etag.clone()))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(document.json.clone())
}

/// Mounts `/api/openapi.json` and `/api/docs/`.
pub fn configure(config: &mut ServiceConfig) {
    // The page's own scripts and styles and nothing else; it styles some elements inline.
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    let page = SwaggerUi::new("/{_:.*}").config(Config::from("/api/openapi.json").try_it_out_enabled(true));
    config
        .route("/api/openapi.json", web::get().to(openapi))
        .route("/api/docs", web::get().to(|| async { web::Redirect::to("/api/docs/").see_other() }))
        .service(
            web::scope("/api/docs")
                .wrap(DefaultHeaders::new().add((header::CONTENT_SECURITY_POLICY, policy)))
                .service(page),
        );
}
