//! The currencies of workspaces.

use kernel::money::Currency;

/// The currency of a workspace that names none.
pub(crate) const DEFAULT: &str = "EUR";

/// Whether `code` is a currency in use.
pub(crate) fn is_active(code: &str) -> bool {
    Currency::of(code).is_some()
}
