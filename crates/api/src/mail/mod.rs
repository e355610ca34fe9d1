//! Mail: what follows from events, its words, its two looks (text and HTML from one place), and the way it goes.
//!
//! An event that a letter follows from is put into an outbox of mail's own (`mail.outbox`) and told from there by a relay
//! of its own. So a mail server that is slow or away delays mail, and nothing else.

mod letter;
mod links;
mod postman;
mod preview;
mod queue;
mod wording;

pub use self::{
    links::{Links, faults_of},
    postman::Postman,
    preview::{NAMES, preview},
    queue::MailQueue,
};

/// The module, and its schema.
#[derive(Debug)]
pub struct Schema;

impl kernel::db::Module for Schema {
    const NAME: &'static str = "mail";
}
