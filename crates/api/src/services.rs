//! The services, made from settings and joined to each other; no HTTP yet.

use std::{path::PathBuf, sync::Arc};

use accounts::{Accounts, Directory, Passwords, PhoneMessages, Profiles, Resealed, Tokens};
use activity::{Recorder, Trails, Verifier, notifications::Notifier};
use actix_web::web::{self, Data};
use anyhow::Context;
use billing::{Departures, Ledger, Subscriptions};
use gallery::{Images, photos::Photos};
use kernel::{
    authority::WorkspaceRef,
    clock::Clock,
    db::{Databases, Module},
    guard::Gate,
    ids::{RoleId, WorkspaceId},
    keyring::Keyring,
    media::Media,
    notices::Listener,
    outbox::{Relay, Subscriber},
    page::CursorSeal,
    trail::Trail,
};
use policy::Vocabulary;
use project::{Finances, Participation, Portfolio, Posting, Projects};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinHandle;
use workshop::{AttendanceKeeper, PhotoKeeper, Workshops};
use workspace::{Blueprints, Enrolling, Memberships, Provision, Standings, Workspaces};

use crate::{
    adapters::{
        self, authority::ProgramAuthority, belonging::Belonging, delegations::TokenDelegations, enrolment::Enrolments,
        gateways::Fake, people::People, portfolios::Showcase, premises::Grounds, workshop_photos::WorkshopPhotos,
    },
    data_folder,
    database::Servers,
    housekeeping,
    mail::{self, Links, MailQueue, Sources},
    modules, notices, renewals,
    selling::Selling,
    settings::{
        Settings,
        parts::{account_settings, gallery_settings, keyring},
    },
    telling::Telling,
};

/// Everything that serves requests, jobs and commands.
#[derive(Debug)]
pub struct Services {
    /// The databases.
    pub databases: Databases,
    /// The time.
    pub clock: Clock,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// The gallery.
    pub images: Data<Images>,
    blueprints: Blueprints,
    pub(crate) standings: Arc<Standings>,
    accounts: Data<Accounts>,
    profiles: Data<Profiles>,
    pub(crate) tokens: Tokens,
    workspaces: Data<Workspaces>,
    projects: Data<Projects>,
    finances: Data<Finances>,
    workshops: Data<Workshops>,
    trails: Data<Trails>,
    selling: Selling,
    telling: Telling,
    gate: Data<Gate>,
    relay: Relay,
    /// Of mail, apart from the domains': a mail server that is slow keeps nobody waiting.
    post: Relay,
    links: Links,
    listeners: Vec<Listener>,
    relaying: JoinHandle<()>,
    posting: JoinHandle<()>,
    tidying: JoinHandle<()>,
    renewing: JoinHandle<()>,
}

impl Services {
    /// Starts the databases, brings their schema up to date, and makes the services.
    pub async fn start(settings: &Settings, clock: Clock) -> anyhow::Result<(Self, Servers)> {
        let data_dir = data_folder::prepare(&settings.data_dir)
            .with_context(|| format!("the data folder {} can't be made", settings.data_dir.display()))?;
        let servers = Servers::start(&settings.database, &data_dir).await?;
        match Self::on(&servers, settings, data_dir, clock).await {
            Ok(services) => Ok((services, servers)),
            Err(error) => {
                servers.stop().await;
                Err(error)
            }
        }
    }

    async fn on(servers: &Servers, settings: &Settings, data_dir: PathBuf, clock: Clock) -> anyhow::Result<Self> {
        let databases = open(servers).await?;
        let secret = data_folder::secret(&settings.server.secret, &data_dir)?;
        let mailer = adapters::mail::mailer(&settings.mail, settings.profile)?;
        let media = adapters::media::media(&settings.media, &data_dir)?;

        let vocabulary = modules::vocabulary()?;
        let blueprints = settings.workspaces.blueprints(&vocabulary)?;
        let standings = Arc::new(standings(&databases, &vocabulary, &clock));
        let account_settings = account_settings(settings, &secret);
        let keys = data_folder::keys(&data_dir)?;
        let delegations = Arc::new(TokenDelegations::new(vocabulary.clone(), Arc::clone(&standings), clock.clone()));
        let tokens = Tokens::open(
            &account_settings,
            &keys,
            Arc::clone(&delegations) as _,
            databases.system("tokens"),
            clock.clone(),
        )?;
        let passwords = Passwords::new(&account_settings)?;
        let people = Arc::new(People::new(Directory::new(databases.system("directory")), Arc::clone(&standings)));

        let keyring = account_settings.keyring.clone();
        let enrolling = Arc::new(Enrolling::new(
            databases.system("enrolment"),
            Arc::clone(&standings),
            Arc::clone(&people) as _,
            keyring.clone(),
            clock.clone(),
        ));
        let selling = Selling::new(settings, &databases, &enrolling, &standings, &clock);
        let (profiles, messages) = profiles(settings, &keyring, &media, &databases, &clock)?;

        let spool = data_dir.join("spool");
        let bound = settings.gallery.workspace_bytes;
        let grounds = Grounds::new(Arc::clone(&standings), selling.entitlements.get_ref().clone(), bound);
        let images = images(settings, Arc::clone(&media), grounds, &databases, &clock, spool, &secret)?;
        let images = Data::new(images);
        let photos = workshop_photos(&images, &databases);
        let subscribers = subscribers(&databases, messages, &profiles, &enrolling, &photos, &selling);
        let relay = Relay::new(databases.clone(), clock.clone(), announcing_modules(), subscribers);
        let links = Links::new(settings);
        let sources =
            Sources { keyring: keyring.clone(), standings: Arc::clone(&standings), enrolling: Arc::clone(&enrolling) };
        let post = mail::post(&databases, &clock, mailer, sources, links.clone());

        let enrolments = Arc::new(Enrolments::new(enrolling, relay.clone()));
        let accounts = Accounts::new(
            &account_settings,
            passwords.clone(),
            tokens.clone(),
            Arc::clone(&enrolments) as _,
            enrolments,
            delegations,
            databases.system("accounts"),
        );
        let accounts = Data::new(accounts);
        let workspaces = workspaces(&blueprints, &standings, &people, keyring, &databases, &clock);
        let trails = Trails::new(databases.system("trails"), Arc::clone(&people) as _);
        let projects = Projects::new(Arc::clone(&people) as _, selling.entitlements.get_ref().clone());
        let finances = Finances::new(Ledger::new(&databases), Arc::clone(&people) as _, Arc::clone(&media));

        let telling = Telling::start(settings, &databases, &standings, &clock);
        let listeners = notices::listeners(&databases, &standings, &tokens, &telling).await;
        let seal = CursorSeal::new(secret.expose_secret().as_bytes());
        let authority = ProgramAuthority::new(tokens.clone(), Arc::clone(&standings), &databases);
        Ok(Self {
            gate: Data::new(Gate::new(Arc::new(authority), databases.clone(), clock.clone(), seal)),
            relaying: tokio::spawn(relay.clone().run()),
            tidying: tokio::spawn(housekeeping::run(
                databases.clone(),
                accounts.clone(),
                profiles.clone(),
                telling.clone(),
                images.clone(),
                clock.clone(),
            )),
            posting: tokio::spawn(post.clone().run()),
            renewing: tokio::spawn(renewals::run(selling.subscriptions.clone().into_inner())),
            selling,
            accounts,
            profiles,
            workspaces: Data::new(workspaces),
            projects: Data::new(projects),
            finances: Data::new(finances),
            workshops: Data::new(Workshops::new(people as _, photos as _)),
            trails: Data::new(trails),
            telling,
            images,
            databases,
            clock,
            passwords,
            blueprints,
            standings,
            tokens,
            relay,
            post,
            links,
            listeners,
        })
    }

    /// Tells every event that waits; tests and the seeder need not wait for the relay.
    pub async fn settle(&self) -> anyhow::Result<()> {
        self.relay.drain().await?;
        self.telling.workers.drain().await?;
        self.post.drain().await?;
        Ok(())
    }

    /// What becomes of subscriptions by itself; tests need not wait for it.
    pub fn subscriptions(&self) -> &Subscriptions {
        &self.selling.subscriptions
    }

    /// The gateway that moves no money, to tell it what to answer.
    pub fn fake_gateway(&self) -> &Fake {
        &self.selling.fake
    }

    /// The role of a workspace that plans may give.
    pub(crate) async fn role_for_plans(&self, workspace: WorkspaceId, name: &str) -> anyhow::Result<Option<RoleId>> {
        Ok(self.selling.enrolling.role_for_seeded_plans(workspace, name).await?)
    }

    /// What tells whether the audit trail is whole.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(self.databases.system("audit-verifier"))
    }

    /// The workspace of this id or slug.
    pub async fn find_workspace(&self, reference: &WorkspaceRef) -> anyhow::Result<Option<WorkspaceId>> {
        Ok(self.standings.find_workspace(reference).await?)
    }

    /// Seals anew what a former secret sealed.
    pub async fn reseal(&self) -> anyhow::Result<Resealed> {
        Ok(self.profiles.reseal().await?)
    }

    /// Where links in mails lead.
    pub(crate) fn links(&self) -> &Links {
        &self.links
    }

    /// Makes workspaces and members without a request.
    pub fn provision(&self) -> Provision {
        self.provision_as("provision")
    }

    /// The same, in the name of the part of the program that the audit trail is to show.
    pub fn provision_as(&self, name: &'static str) -> Provision {
        let system = self.databases.system(name);
        Provision::new(system, self.blueprints.clone(), Arc::clone(&self.standings), self.clock.clone())
    }

    /// What registers the services and mounts the routes, for each worker anew.
    pub(crate) fn configuration(&self) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + use<> {
        let (gate, accounts, workspaces) = (self.gate.clone(), self.accounts.clone(), self.workspaces.clone());
        let (projects, images, tokens) = (self.projects.clone(), self.images.clone(), Data::new(self.tokens.clone()));
        let (profiles, finances) = (self.profiles.clone(), self.finances.clone());
        let (trails, workshops) = (self.trails.clone(), self.workshops.clone());
        let (telling, selling) = (self.telling.clone(), self.selling.clone());
        let trail = Data::from(trails.clone().into_inner() as Arc<dyn Trail>);
        move |config| {
            config
                .app_data(gate.clone())
                .app_data(accounts.clone())
                .app_data(profiles.clone())
                .app_data(workspaces.clone())
                .app_data(projects.clone())
                .app_data(finances.clone())
                .app_data(workshops.clone())
                .app_data(images.clone())
                .app_data(tokens.clone())
                .app_data(trails.clone())
                .app_data(trail.clone())
                .app_data(telling.notifications.clone())
                .app_data(telling.streams.clone())
                .service(web::scope("/api/v1").configure(|config| modules::routes().configure(config)));
            selling.register(config);
            modules::routes_beside().configure(config);
        }
    }

    /// Ends the streams of events, which would go on for as long as their clients like.
    pub(crate) fn end_streams(&self) {
        self.telling.streams.close();
    }

    /// Ends the background work and closes the pools.
    pub async fn stop(self) {
        self.telling.stop().await;
        self.relaying.abort();
        self.posting.abort();
        self.tidying.abort();
        self.renewing.abort();
        for listener in &self.listeners {
            listener.stop();
        }
        self.databases.close().await;
    }
}

/// The databases, with the schema that this version works on.
pub(crate) async fn open(servers: &Servers) -> anyhow::Result<Databases> {
    for step in servers.migrate().await.context("the schema can't be brought up to date")? {
        tracing::info!(step, "migrated");
    }
    servers.open().await
}

/// Who may do what, known on this instance as long as nobody changes it.
fn standings(databases: &Databases, vocabulary: &Vocabulary, clock: &Clock) -> Standings {
    let sharing = migration::MODULES.into_iter().filter(|module| databases.share(module, "workspace"));
    let system = databases.system("standings");
    Standings::new(system, vocabulary.clone(), clock.clone(), sharing.collect::<Vec<_>>())
}

/// Those who hear what is announced, in the order in which they do.
fn subscribers(
    databases: &Databases,
    messages: PhoneMessages,
    profiles: &Data<Profiles>,
    enrolling: &Arc<Enrolling>,
    photos: &Arc<WorkshopPhotos>,
    selling: &Selling,
) -> Vec<Arc<dyn Subscriber>> {
    vec![
        // Before all others: nothing is done about an event that isn't recorded.
        Arc::new(Recorder::new(databases.system("recorder"))),
        Arc::new(messages),
        profiles.clone().into_inner(),
        Arc::new(Memberships::new(Arc::clone(enrolling))),
        Arc::new(Participation::new(databases.system("participation"))),
        Arc::new(AttendanceKeeper::new(databases.system("attendance"), Arc::new(Belonging::new(enrolling)))),
        Arc::new(PhotoKeeper::new(Arc::clone(photos) as _, databases.system("workshop-photos"))),
        Arc::new(Posting::new(databases.system("posting"), Ledger::new(databases))),
        Arc::new(selling.limits.clone()),
        Arc::new(Departures::new(selling.subscriptions.clone().into_inner())),
        Arc::new(MailQueue::new(databases.system("mail-queue"))),
        Arc::new(Notifier::new(databases.system("notifier"))),
    ]
}

/// The gallery as workshops know it: it keeps their photos.
fn workshop_photos(images: &Images, databases: &Databases) -> Arc<WorkshopPhotos> {
    Arc::new(WorkshopPhotos::new(Photos::new(images.clone(), databases.system("workshop-photos"))))
}

fn workspaces(
    blueprints: &Blueprints,
    standings: &Arc<Standings>,
    people: &Arc<People>,
    keyring: Keyring,
    databases: &Databases,
    clock: &Clock,
) -> Workspaces {
    let portfolio = Portfolio::new(databases.system("directory"));
    let showcase = Showcase::new(portfolio, Arc::clone(standings), clock.clone());
    let (people, showcase) = (Arc::clone(people) as _, Arc::new(showcase));
    Workspaces::new(blueprints.clone(), Arc::clone(standings), people, showcase, keyring, modules::kinds())
}

fn images(
    settings: &Settings,
    media: Media,
    grounds: Grounds,
    databases: &Databases,
    clock: &Clock,
    spool: PathBuf,
    secret: &SecretString,
) -> anyhow::Result<Images> {
    let (system, keyring) = (databases.system("gallery"), keyring(settings, secret));
    let settings = gallery_settings(settings, spool);
    Ok(Images::new(media, Arc::new(grounds), keyring, system, clock.clone(), settings)?)
}

/// Profiles, and the text messages that confirm the phone numbers in them.
fn profiles(
    settings: &Settings,
    keyring: &Keyring,
    media: &Media,
    databases: &Databases,
    clock: &Clock,
) -> anyhow::Result<(Data<Profiles>, PhoneMessages)> {
    let codes = adapters::redis_codes::storage(&settings.redis).context("redis.url can't be used")?;
    let profiles = Profiles::new(keyring.clone(), Arc::clone(media), codes.clone(), databases.system("profiles"));
    let sms = adapters::sms::sender(&settings.sms, settings.profile)?;
    let system = databases.system("phone-messages");
    Ok((Data::new(profiles), PhoneMessages::new(sms, keyring.clone(), codes, system, clock.clone())))
}

/// The modules whose events are told to everybody: mail's own are for the postman alone.
pub(crate) fn announcing_modules() -> Vec<&'static str> {
    migration::MODULES.into_iter().filter(|module| *module != <mail::Schema as Module>::NAME).collect()
}
