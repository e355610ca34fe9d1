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
mod writer;

use std::sync::Arc;

use accounts::{Directory, letters::Letters};
use kernel::{
    clock::Clock,
    db::{Databases, Module},
    keyring::Keyring,
    mail::Mailer,
    outbox::{Relay, Subscriber},
};
use workspace::{Enrolling, Standings};

pub use self::{
    links::{Links, faults_of},
    preview::{NAMES, preview},
    queue::MailQueue,
};
use self::{postman::Postman, writer::Writer};

/// The module, and its schema.
#[derive(Debug)]
pub struct Schema;

impl Module for Schema {
    const NAME: &'static str = "mail";
}

/// What letters are written from.
pub(crate) struct Sources {
    pub(crate) keyring: Keyring,
    pub(crate) standings: Arc<Standings>,
    pub(crate) enrolling: Arc<Enrolling>,
}

/// The relay that has the waiting mail written and handed over. It is apart from the domains': a mail server that is slow
/// keeps nobody waiting.
pub(crate) fn post(
    databases: &Databases,
    clock: &Clock,
    mailer: Arc<dyn Mailer>,
    sources: Sources,
    links: Links,
) -> Relay {
    let letters = Letters::new(databases.system("letters"), sources.keyring, clock.clone());
    let directory = Directory::new(databases.system("mail"));
    let notices = activity::notifications::Letters::new(databases.system("letters"));
    let writer = Writer::new((letters, notices), directory, sources.standings, sources.enrolling, links, clock.clone());
    let postman = Postman::new(mailer, writer, databases.system("postman"));
    let subscribers: Vec<Arc<dyn Subscriber>> = vec![Arc::new(postman)];
    Relay::new(databases.clone(), clock.clone(), [<Schema as Module>::NAME], subscribers).at(Postman::PACE)
}
