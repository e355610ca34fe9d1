//! Which projects to export, and as what.

use kernel::http::TableFormat;
use serde::{Deserialize, Deserializer, de::Error};

use super::filter::ProjectFilter;

/// What is asked of an export: the filter of the list, and `format`.
#[derive(Clone, Debug, Default)]
pub struct ExportFilter {
    /// Which projects.
    pub projects: ProjectFilter,
    /// As what.
    pub format: TableFormat,
}

impl<'de> Deserialize<'de> for ExportFilter {
    /// By hand: a flattened filter would no longer refuse what it doesn't know, nor read numbers and instants from text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Format {
            format: TableFormat,
        }
        let pairs = Vec::<(String, String)>::deserialize(deserializer)?;
        let (own, others): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| name == "format");
        let encode = |pairs| serde_urlencoded::to_string::<Vec<(String, String)>>(pairs).map_err(Error::custom);
        let format = if own.is_empty() {
            TableFormat::default()
        } else {
            serde_urlencoded::from_str::<Format>(&encode(own)?).map_err(Error::custom)?.format
        };
        Ok(Self { projects: serde_urlencoded::from_str(&encode(others)?).map_err(Error::custom)?, format })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<ExportFilter, String> {
        serde_urlencoded::from_str(query).map_err(|error| error.to_string())
    }

    #[test]
    fn it_is_the_lists_filter_and_a_format() {
        let filter = read("format=csv&is_active=true&name=a%26b").unwrap();
        assert_eq!((filter.format, filter.projects.is_active), (TableFormat::Csv, Some(true)));
        assert_eq!(filter.projects.name.as_deref(), Some("a&b"));
        assert_eq!(read("").unwrap().format, TableFormat::Json);
        assert!(read("format=xml").is_err());
        assert!(read("is_active=maybe").is_err());
        assert!(read("colour=red").unwrap_err().starts_with("unknown field `colour`"));
    }
}
