//! The schema of module `mail`: nothing but its outbox, where mail waits to be sent.

use crate::Step;

pub(crate) const STEPS: &[Step] = &[];
