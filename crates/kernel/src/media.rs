//! The object-storage port: a folder by default, an S3-compatible store by configuration.

use std::sync::Arc;

pub use object_store::{ObjectStore, ObjectStoreExt, path::Path};

/// Where media are kept. Objects are named by module and content, as in `gallery/ab/abcdef…`.
pub type Media = Arc<dyn ObjectStore>;
