//! The demo: four workspaces, one per role model, with a person per role. Made twice it is made once.

use std::{collections::HashMap, fmt::Write};

use accounts::provision::{NewAccount, ensure_user};
use anyhow::{Context, bail, ensure};
use billing::{PlanContent, provision::ensure_plan};
use gallery::{
    Status,
    picture::Format,
    provision::{ProvisionedImage, ensure_image},
};
use kernel::ids::{UserId, WorkspaceId};
use project::provision::{ProjectSpec, ensure_project, ensure_project_member};
use secrecy::SecretString;
use serde::Deserialize;
use workshop::{
    WorkshopId,
    provision::{WorkshopSpec, ensure_attendee, ensure_workshop},
};

use crate::{
    services::Services,
    settings::{Profile, Settings},
};

/// The workspaces, as `config/fixtures` has them.
const FIXTURES: [&str; 4] = [
    include_str!("../../../config/fixtures/team.json"),
    include_str!("../../../config/fixtures/developers.json"),
    include_str!("../../../config/fixtures/pictures.json"),
    include_str!("../../../config/fixtures/workshops.json"),
];

/// Everybody's password in the demo. It is printed and published, which is why production refuses the demo.
pub const DEMO_PASSWORD: &str = "demo-lobby-2026";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    workspace: WorkspaceFixture,
    people: Vec<PersonFixture>,
    projects: Vec<ProjectFixture>,
    images: Vec<ImageFixture>,
    #[serde(default)]
    plans: Vec<PlanFixture>,
    #[serde(default)]
    workshops: Vec<WorkshopFixture>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkspaceFixture {
    slug: String,
    name: String,
    blueprint: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonFixture {
    username: String,
    first_name: String,
    last_name: String,
    role: String,
    #[serde(default)]
    owner: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProjectFixture {
    key: String,
    name: String,
    description: String,
    owner: String,
    is_public: bool,
    members: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFixture {
    code: String,
    plan: PlanContent,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ImageFixture {
    seed: u64,
    uploader: String,
    description: String,
    tags: Vec<String>,
    status: String,
}

/// A workshop, some days from when the demo is made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WorkshopFixture {
    id: WorkshopId,
    title: String,
    description: String,
    location: String,
    timezone: String,
    creator: String,
    in_days: i64,
    hours: i64,
    capacity: Option<i32>,
    is_published: bool,
    attendees: Vec<String>,
}

/// Demo people have a published password: never in production.
pub fn refuse_in_production(settings: &Settings) -> anyhow::Result<()> {
    ensure!(
        settings.profile == Profile::Development,
        "demo people have a published password; the production profile refuses them"
    );
    Ok(())
}

/// Makes what of the demo is missing; answers the sign-ins, for printing.
pub async fn demo(services: &Services) -> anyhow::Result<String> {
    let mut told = format!("Demo sign-ins (password {DEMO_PASSWORD}):\n");
    for text in FIXTURES {
        let fixture: Fixture = serde_json::from_str(text).context("a demo fixture is damaged")?;
        enact(services, &fixture).await.with_context(|| format!("demo workspace {}", fixture.workspace.slug))?;
        let WorkspaceFixture { slug, blueprint, .. } = &fixture.workspace;
        writeln!(told, "  workspace {slug} (role model {blueprint})")?;
        for person in &fixture.people {
            writeln!(told, "    {:<28} {}", address(&person.username), person.role)?;
        }
    }
    services.settle().await?;
    Ok(told.trim_end().to_owned())
}

/// Demo people's addresses are under a domain that can't exist (RFC 2606).
fn address(username: &str) -> String {
    format!("{username}@lobby.example")
}

async fn enact(services: &Services, fixture: &Fixture) -> anyhow::Result<()> {
    let people = make_people(services, &fixture.people).await?;
    let id_of = |username: &str| {
        people.get(username).copied().with_context(|| format!("the fixture speaks of {username}, whom it doesn't have"))
    };
    let owner = fixture.people.iter().find(|person| person.owner).context("the fixture has no owner")?;
    let provision = services.provision();
    let WorkspaceFixture { slug, name, blueprint } = &fixture.workspace;
    let workspace = provision.ensure_workspace(slug, name, blueprint, id_of(&owner.username)?).await?;
    for person in fixture.people.iter().filter(|person| !person.owner) {
        provision.ensure_member(workspace, id_of(&person.username)?, &person.role).await?;
    }
    for project in &fixture.projects {
        make_project(services, workspace, project, &id_of).await?;
    }
    for plan in &fixture.plans {
        make_plan(services, workspace, plan).await?;
    }
    for image in &fixture.images {
        make_image(services, workspace, image, id_of(&image.uploader)?).await?;
    }
    for workshop in &fixture.workshops {
        make_workshop(services, workspace, workshop, &id_of).await?;
    }
    Ok(())
}

async fn make_people(services: &Services, people: &[PersonFixture]) -> anyhow::Result<HashMap<String, UserId>> {
    let system = services.databases.system::<accounts::Schema>("seeder");
    let mut ids = HashMap::new();
    for person in people {
        let account = NewAccount {
            email: address(&person.username),
            password: Some(DEMO_PASSWORD.into()),
            username: Some(person.username.clone()),
            first_name: Some(person.first_name.clone()),
            last_name: Some(person.last_name.clone()),
            created_via: None,
        };
        let ensured = ensure_user(&system, &services.passwords, account, services.clock.now()).await?;
        ids.insert(person.username.clone(), ensured.id);
    }
    Ok(ids)
}

async fn make_project(
    services: &Services,
    workspace: WorkspaceId,
    fixture: &ProjectFixture,
    id_of: &impl Fn(&str) -> anyhow::Result<UserId>,
) -> anyhow::Result<()> {
    let system = services.databases.system::<project::Schema>("seeder");
    let now = services.clock.now();
    let spec = ProjectSpec {
        workspace,
        key: fixture.key.clone(),
        name: fixture.name.clone(),
        description: fixture.description.clone(),
        owner: id_of(&fixture.owner)?,
        is_public: fixture.is_public,
        is_billable: false,
        avatar: None,
    };
    let project = ensure_project(&system, spec, now).await?;
    for member in &fixture.members {
        ensure_project_member(&system, workspace, project, id_of(member)?, now).await?;
    }
    Ok(())
}

async fn make_plan(services: &Services, workspace: WorkspaceId, fixture: &PlanFixture) -> anyhow::Result<()> {
    let system = services.databases.system::<billing::Schema>("seeder");
    let role = match &fixture.plan.grants_role {
        Some(name) => Some(services.role_for_plans(workspace, name).await?.context("a plan's role isn't there")?),
        None => None,
    };
    let (code, plan, now) = (&fixture.code, fixture.plan.clone(), services.clock.now());
    ensure_plan(&system, workspace, code, plan, role, now).await?;
    Ok(())
}

async fn make_workshop(
    services: &Services,
    workspace: WorkspaceId,
    fixture: &WorkshopFixture,
    id_of: &impl Fn(&str) -> anyhow::Result<UserId>,
) -> anyhow::Result<()> {
    let system = services.databases.system::<workshop::Schema>("seeder");
    let now = services.clock.now();
    let starts_at = now + chrono::Duration::days(fixture.in_days);
    let spec = WorkshopSpec {
        id: fixture.id,
        workspace,
        creator: id_of(&fixture.creator)?,
        title: fixture.title.clone(),
        description: fixture.description.clone(),
        starts_at,
        ends_at: starts_at + chrono::Duration::hours(fixture.hours),
        timezone: fixture.timezone.clone(),
        location: fixture.location.clone(),
        capacity: fixture.capacity,
        is_published: fixture.is_published,
    };
    ensure_workshop(&system, spec, now).await?;
    for attendee in &fixture.attendees {
        ensure_attendee(&system, workspace, fixture.id, id_of(attendee)?, now).await?;
    }
    Ok(())
}

async fn make_image(
    services: &Services,
    workspace: WorkspaceId,
    fixture: &ImageFixture,
    uploader: UserId,
) -> anyhow::Result<()> {
    let system = services.databases.system::<gallery::Schema>("seeder");
    let status = match fixture.status.as_str() {
        "draft" => Status::Draft,
        "pending" => Status::Pending,
        "approved" => Status::Approved,
        other => bail!("an image of the demo can't be {other}"),
    };
    let image = ProvisionedImage {
        workspace,
        uploader,
        bytes: gallery::demo::picture(fixture.seed, Format::Jpeg)?,
        description: fixture.description.clone(),
        tags: fixture.tags.clone(),
        status,
    };
    ensure_image(&system, &services.images, image).await?;
    Ok(())
}

/// Makes someone a platform administrator; an account that exists keeps its password.
pub async fn platform_administrator(services: &Services, email: &str, password: &SecretString) -> anyhow::Result<()> {
    let system = services.databases.system::<accounts::Schema>("command-line");
    let account = NewAccount {
        email: email.to_owned(),
        password: Some(password.clone()),
        username: None,
        first_name: None,
        last_name: None,
        created_via: None,
    };
    let ensured = ensure_user(&system, &services.passwords, account, services.clock.now()).await?;
    services.provision().ensure_platform_admin(ensured.id).await?;
    Ok(())
}
