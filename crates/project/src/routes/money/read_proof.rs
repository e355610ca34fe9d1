//! `GET /operations/{id}/proof`.

use actix_web::{HttpResponse, http::header, web::Data};
use kernel::{guard::Guarded, problem::Problem};
use utoipa::ToSchema;

use crate::{actions::ViewOperation, money::OperationId, service::Finances};

/// The bytes of a proof.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct ProofBytes(Vec<u8>);

/// Reads the file that shows that an operation happened.
///
/// 404 where there is none.
#[utoipa::path(
    get,
    path = "/operations/{id}/proof",
    tag = "money",
    operation_id = "read_operation_proof",
    params(("id" = OperationId, Path, description = "The operation.")),
    responses((status = 200, description = "The file.", body = ProofBytes, content_type = "application/octet-stream"))
)]
pub async fn read_operation_proof(
    guard: Guarded<ViewOperation>,
    finances: Data<Finances>,
) -> Result<HttpResponse, Problem> {
    let proof = finances.proof(guard.permit()).await?;
    let name = proof.name.unwrap_or_else(|| "proof".to_owned());
    // The last two keep a browser from taking the file for anything else.
    Ok(HttpResponse::Ok()
        .content_type(proof.media_type)
        .insert_header((header::CONTENT_DISPOSITION, attachment(&name)))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(proof.bytes))
}

/// To be saved under this name, whatever characters it has (RFC 6266, RFC 8187).
fn attachment(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let encoded: String = name
        .bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename*=UTF-8''{encoded}")
}
