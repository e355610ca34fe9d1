//! The query of an upload.

use kernel::{authority::WorkspaceRef, problem::Problem};
use utoipa::IntoParams;

/// The query of an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// The workspace, by id or slug: here or as a field. Named here, it is decided before the body is read.
    #[param(value_type = Option<String>)]
    pub(crate) workspace: Option<WorkspaceRef>,
    /// Whether the workspace may have several images of the same bytes.
    #[param(value_type = Option<bool>)]
    pub(crate) allow_duplicate: bool,
}

impl UploadQuery {
    pub(super) fn parse(query: &str) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query)
            .map_err(|_| Problem::bad_request("malformed_query", "The query is not URL-encoded UTF-8."))?;
        let mut parsed = Self::default();
        for (name, value) in pairs {
            let refuse = |code, detail: &str| Err(Problem::invalid_field(format!("?{name}"), code, detail));
            match name.as_str() {
                "workspace" => match value.parse() {
                    Ok(workspace) => parsed.workspace = Some(workspace),
                    Err(sentence) => return refuse("invalid_value", sentence),
                },
                "allow_duplicate" => match value.parse() {
                    Ok(allowed) => parsed.allow_duplicate = allowed,
                    Err(_) => return refuse("invalid_value", "It takes true or false."),
                },
                _ => return refuse("unknown_parameter", "An upload has no such parameter."),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_refused_at_its_parameter() {
        let query = UploadQuery::parse("allow_duplicate=true&workspace=acme").unwrap();
        assert_eq!(query, UploadQuery { workspace: Some(WorkspaceRef::Slug("acme".into())), allow_duplicate: true });
        assert_eq!(UploadQuery::parse("").unwrap(), UploadQuery::default());
        for wrong in ["allow_duplicate=1", "allow_duplicate", "workspace=A%20B", "allow_duplicates=true"] {
            assert_eq!(UploadQuery::parse(wrong).unwrap_err().status(), 422, "{wrong}");
        }
    }
}
