use std::{collections::HashMap, sync::Arc, time::Duration};
use actix_web::{App, test, web};
use async_trait::async_trait;
use kernel::{authority::*, clock::Clock, db::{Databases, DatabaseSettings}, guard::Gate, ids::*, page::CursorSeal};
use sea_orm::{DatabaseTransaction, DbErr, ConnectionTrait};
use serde_json::{Value, json};
use workspace::{*, ports::*};

struct Auth(Arc<Standings>);
#[async_trait]
impl Authority for Auth {
    async fn authenticate(&self, token: &str) -> Result<Caller, TokenFault> {
        let id: uuid::Uuid = token.parse().map_err(|_| TokenFault::Invalid)?;
        Ok(Caller { user: UserId(id), session: SessionId(id) })
    }
    async fn standing(&self, user: UserId) -> Result<Arc<Standing>, DbErr> { self.0.standing(user).await }
    async fn find_workspace(&self, r: &WorkspaceRef) -> Result<Option<WorkspaceId>, DbErr> { self.0.find_workspace(r).await }
    async fn confirm(&self, claim: &Claim, module: &'static str, tx: &DatabaseTransaction) -> Result<bool, DbErr> { self.0.confirm(claim, module, tx).await }
}
struct Folk;
#[async_trait]
impl People for Folk {
    async fn find_by_email(&self, email: &str) -> Result<Option<UserId>, DbErr> { Ok(email.starts_with("known").then(|| UserId(uuid::Uuid::from_u128(4242)))) }
    async fn names(&self, users: &[UserId]) -> Result<HashMap<UserId, PersonName>, DbErr> { Ok(users.iter().map(|u| (*u, PersonName { username: Some("x".into()), ..Default::default() })).collect()) }
    async fn exists(&self, _: UserId) -> Result<bool, DbErr> { Ok(true) }
}
const LOBBY: &str = r#"{
 "name": "lobby", "title": "L", "description": "d", "owner_role": "admin", "default_role": "user", "registration": "invite",
 "roles": [
  {"name": "admin", "title": "A", "description": "d", "permissions": {"*": true}},
  {"name": "hr", "title": "H", "description": "d", "permissions": {"can_view_workspace": true, "can_view_members": true, "can_manage_members": true, "can_view_roles": true, "can_manage_roles": true}},
  {"name": "dev", "title": "D", "description": "d", "self_assignable": true, "promotes_to": "user", "permissions": {"can_view_workspace": true}},
  {"name": "user", "title": "U", "description": "d", "permissions": {"can_view_workspace": true, "can_view_members": true, "can_view_roles": true}},
  {"name": "client", "title": "C", "description": "d", "permissions": {"can_view_workspace": true}}
 ]}"#;

fn user(n: u128) -> String { uuid::Uuid::from_u128(n).to_string() }

struct World { dbs: Databases, standings: Arc<Standings>, ws: web::Data<Workspaces>, clock: Clock, enrolling: Arc<Enrolling>, provision: Provision }
async fn world() -> World {
    let url = std::env::var("WS_DB").unwrap();
    let dbs = Databases::connect(&DatabaseSettings { url, modules: Default::default(), max_connections: 20, acquire_timeout: Duration::from_secs(30) }).await.unwrap();
    let clock = Clock::system();
    let vocabulary = policy::Vocabulary::new(&[DECLARATIONS]).unwrap().governed_by(GOVERNING).unwrap();
    let blueprints = Blueprints::parse(&vocabulary, [("x".to_owned(), LOBBY.to_owned())]).unwrap();
    let standings = Arc::new(Standings::new(dbs.system("standings"), vocabulary, clock.clone(), ["workspace"]));
    dbs.listen::<Schema>(CHANNELS, standings.clone());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let ws = web::Data::new(Workspaces::new(blueprints.clone(), standings.clone(), Arc::new(Folk)));
    let enrolling = Arc::new(Enrolling::new(dbs.system("enrolling"), standings.clone(), clock.clone()));
    let provision = Provision::new(dbs.system("seed"), blueprints, standings.clone(), clock.clone());
    World { dbs, standings, ws, clock, enrolling, provision }
}
macro_rules! app { ($w:expr) => {{
    let gate = web::Data::new(Gate::new(Arc::new(Auth($w.standings.clone())), $w.dbs.clone(), $w.clock.clone(), CursorSeal::new(b"x")));
    let ws = $w.ws.clone();
    test::init_service(App::new().app_data(gate).app_data(ws).configure(|c| { let mut s = actix_web::web::scope("/api/v1"); s = s.configure(|c| routes().configure(c)); c.service(s); })).await
}}}
macro_rules! call { ($app:expr, $who:expr, $method:expr, $path:expr, $body:expr) => { call!($app, $who, $method, $path, $body, "") };
 ($app:expr, $who:expr, $method:expr, $path:expr, $body:expr, $ifm:expr) => {{
    let mut r = test::TestRequest::default().method($method.parse().unwrap()).uri(&format!("/api/v1{}", $path)).insert_header(("Authorization", format!("Bearer {}", $who)));
    let body: Option<Value> = $body;
    if let Some(b) = body { r = r.set_json(b); }
    if !$ifm.is_empty() { r = r.insert_header(("If-Match", $ifm)); }
    let resp = match test::try_call_service(&$app, r.to_request()).await { Ok(r) => r.map_into_boxed_body(), Err(e) => { let er: actix_web::HttpResponse = e.error_response(); actix_web::dev::ServiceResponse::new(test::TestRequest::default().to_http_request(), er) } };
    let status = resp.status().as_u16();
    let bytes = test::read_body(resp).await;
    let v: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    println!("{} {} {} -> {} {}", $method, $path, $who, status, v);
    (status, v)
 }}}
macro_rules! expect { ($r:expr, $s:expr) => {{ let r = $r; assert_eq!(r.0, $s, "{}", r.1); r.1 }}; ($r:expr, $s:expr, $c:expr) => {{ let r = $r; assert_eq!((r.0, r.1["code"].as_str().unwrap_or_default()), ($s, $c), "{}", r.1); r.1 }} }
const N: Option<Value> = None;

#[actix_web::test]
async fn scenario() {
    let w = world().await; let a = app!(w);
    let seed: u128 = u128::from(std::process::id()) << 64;
    let (ann, bob, cid, dan, eve) = (user(seed+1), user(seed+2), user(seed+3), user(seed+4), user(seed+5));
    assert_eq!(expect!(call!(a, ann, "GET", "/workspaces", N), 200)["items"], json!([]));
    expect!(call!(a, ann, "POST", "/workspaces", Some(json!({"name":" "}))), 422);
    expect!(call!(a, ann, "POST", "/workspaces", Some(json!({"name":"X","blueprint":"nope"}))), 422);
    let ws = expect!(call!(a, ann, "POST", "/workspaces", Some(json!({"name":"Acme","avatar":{"emoji":"🦊","color":"#FFcc00"}}))), 201);
    let ws2 = expect!(call!(a, ann, "POST", "/workspaces", Some(json!({"name":"Acme"}))), 201);
    println!("{} {}", ws["slug"], ws2["slug"]);
    let id = ws["id"].as_str().unwrap().to_owned();
    let p = format!("/workspaces/{id}");
    expect!(call!(a, ann, "POST", "/workspaces", Some(json!({"name":"Acme","slug":ws["slug"]}))), 409, "slug_taken");
    assert_eq!(expect!(call!(a, ann, "GET", "/workspaces?limit=1&count=true", N), 200)["count"], 2);
    let page = expect!(call!(a, ann, "GET", "/workspaces?limit=1", N), 200);
    let next = page["next"].as_str().unwrap();
    let page2 = expect!(call!(a, ann, "GET", format!("/workspaces?limit=1&cursor={next}"), N), 200);
    assert!(page2["next"].is_null() && page2["items"][0]["id"] == ws2["id"]);
    expect!(call!(a, bob, "GET", &p, N), 404);
    expect!(call!(a, ann, "GET", format!("/workspaces/{}", ws["slug"].as_str().unwrap()), N), 200);
    // members
    let m = format!("{p}/members");
    expect!(call!(a, ann, "POST", &m, Some(json!({"user_id":bob,"role":"hr","hour_rate":100}))), 201);
    expect!(call!(a, ann, "POST", &m, Some(json!({"user_id":bob,"role":"hr"}))), 409, "already_member");
    expect!(call!(a, ann, "POST", &m, Some(json!({"email":"nobody@x.org","role":"hr"}))), 422);
    expect!(call!(a, ann, "POST", &m, Some(json!({"user_id":dan,"role":"nope"}))), 422);
    expect!(call!(a, bob, "POST", &m, Some(json!({"user_id":cid,"role":"admin"}))), 403, "beyond_your_own");
    expect!(call!(a, bob, "POST", &m, Some(json!({"user_id":cid,"role":"client"}))), 201);
    expect!(call!(a, cid, "GET", &m, N), 403);
    expect!(call!(a, cid, "GET", &p, N), 200);
    expect!(call!(a, cid, "GET", format!("{m}/{bob}"), N), 404);
    expect!(call!(a, cid, "PATCH", format!("{m}/{bob}"), Some(json!({"status":"suspended"}))), 404);
    expect!(call!(a, bob, "PUT", format!("{m}/{ann}/role"), Some(json!({"role":"client"}))), 403, "beyond_your_own");
    expect!(call!(a, bob, "DELETE", format!("{m}/{ann}"), N), 403, "beyond_your_own");
    expect!(call!(a, bob, "POST", format!("{m}/{ann}/deactivate"), N), 403, "beyond_your_own");
    expect!(call!(a, bob, "PUT", format!("{m}/{bob}/role"), Some(json!({"role":"admin"}))), 403, "beyond_your_own");
    expect!(call!(a, ann, "PUT", format!("{m}/{ann}/role"), Some(json!({"role":"client"}))), 409, "owner_must_hand_over");
    expect!(call!(a, ann, "DELETE", format!("{m}/{ann}"), N), 409, "owner_must_hand_over");
    expect!(call!(a, ann, "DELETE", format!("{m}/me"), N), 409, "owner_must_hand_over");
    expect!(call!(a, ann, "POST", format!("{m}/{ann}/deactivate"), N), 409, "owner_must_hand_over");
    expect!(call!(a, ann, "POST", format!("{m}/{cid}/deactivate"), N), 200);
    expect!(call!(a, cid, "GET", &p, N), 404);
    expect!(call!(a, ann, "POST", format!("{m}/{cid}/activate"), N), 200);
    expect!(call!(a, ann, "POST", format!("{m}/{cid}/activate"), N), 200);
    expect!(call!(a, cid, "GET", &p, N), 200);
    expect!(call!(a, ann, "PATCH", format!("{m}/{cid}"), Some(json!({"hour_rate":5})), "\"1\""), 412);
    expect!(call!(a, ann, "PATCH", format!("{m}/{cid}"), Some(json!({"hour_rate":5})), "\"3\""), 200);
    assert_eq!(expect!(call!(a, ann, "GET", format!("{m}?role=client&status=active&count=true&limit=1"), N), 200)["count"], 1);
    expect!(call!(a, ann, "GET", format!("{m}?status=zzz"), N), 422);
    expect!(call!(a, ann, "GET", format!("{m}?workspace=zzz"), N), 422);
    expect!(call!(a, ann, "PATCH", &p, Some(json!({"currency":"USD"}))), 409, "currency_in_use");
    let v = expect!(call!(a, ann, "PATCH", &p, Some(json!({"name":"Acme 2","avatar":null,"default_role":"client","registration":"open"})), "\"1\""), 200);
    assert!(v["avatar"].is_null() && v["default_role"] == "client" && v["my_role"] == "admin");
    expect!(call!(a, ann, "PATCH", &p, Some(json!({"default_role":"admin"}))), 422);
    expect!(call!(a, ann, "PUT", &p, Some(json!({"name":"Acme 3"}))), 200);
    expect!(call!(a, ann, "PUT", &p, Some(json!({"name":"Acme 3"}))), 200);
    // join
    expect!(call!(a, dan, "POST", format!("{p}/join"), Some(json!({"role":"admin"}))), 422);
    expect!(call!(a, dan, "POST", format!("{p}/join"), N), 201);
    expect!(call!(a, dan, "POST", format!("{p}/join"), N), 409, "already_member");
    expect!(call!(a, dan, "DELETE", format!("{m}/me"), N), 204);
    expect!(call!(a, dan, "POST", format!("{p}/join"), Some(json!({"role":"dev"}))), 201);
    expect!(call!(a, eve, "POST", format!("/workspaces/{}/join", ws2["id"].as_str().unwrap()), N), 404);
    let mine = expect!(call!(a, dan, "GET", format!("{p}/permissions"), N), 200);
    assert_eq!(mine["grants"]["can_view_workspace"]["source"]["key"], "can_view_workspace");
    let mine = expect!(call!(a, ann, "GET", format!("{p}/permissions"), N), 200);
    assert_eq!(mine["grants"]["can_manage_members"]["source"]["key"], "*");
    // roles
    let roles = expect!(call!(a, ann, "GET", format!("{p}/roles?count=true"), N), 200);
    let rid = |n: &str| roles["items"].as_array().unwrap().iter().find(|r| r["name"] == n).unwrap()["id"].as_str().unwrap().to_owned();
    let names: Vec<_> = roles["items"].as_array().unwrap().iter().map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["admin","hr","dev","user","client"]);
    let pg = expect!(call!(a, ann, "GET", format!("{p}/roles?limit=2"), N), 200);
    let pg2 = expect!(call!(a, ann, "GET", format!("{p}/roles?limit=2&cursor={}", pg["next"].as_str().unwrap()), N), 200);
    assert_eq!(pg2["items"][0]["name"], "dev");
    expect!(call!(a, dan, "GET", format!("/roles?workspace={id}"), N), 403);
    expect!(call!(a, dan, "GET", format!("/roles/{}", rid("admin")), N), 404);
    assert_eq!(expect!(call!(a, ann, "GET", "/roles?count=true", N), 200)["count"], 10);
    expect!(call!(a, ann, "POST", "/roles", Some(json!({"name":"x","permissions":{}}))), 422);
    expect!(call!(a, bob, "POST", "/roles", Some(json!({"name":"x","permissions":{"can_edit_workspace":true}}))), 403, "beyond_your_own");
    let x = expect!(call!(a, bob, "POST", "/roles", Some(json!({"name":"x","permissions":{"can_view_roles":true}}))), 201);
    expect!(call!(a, bob, "POST", format!("{p}/roles"), Some(json!({"name":"x","permissions":{"can_view_roles":true}}))), 409, "role_name_taken");
    expect!(call!(a, bob, "POST", format!("{p}/roles"), Some(json!({"name":"y","permissions":{"can_veiw_roles":true,"max_x":1}}))), 422);
    expect!(call!(a, bob, "POST", format!("{p}/roles"), Some(json!({"name":"y","self_assignable":true,"permissions":{"can_manage_roles":true}}))), 422);
    expect!(call!(a, bob, "PATCH", format!("/roles/{}", rid("hr")), Some(json!({"permissions":{"can_edit_workspace":true}}))), 403, "beyond_your_own");
    expect!(call!(a, bob, "PATCH", format!("/roles/{}", rid("admin")), Some(json!({"permissions":{"*":null}}))), 403, "beyond_your_own");
    expect!(call!(a, ann, "PATCH", format!("/roles/{}", rid("admin")), Some(json!({"permissions":{"*":null}}))), 409, "last_administrator");
    expect!(call!(a, ann, "PATCH", format!("/roles/{}", rid("admin")), Some(json!({"permissions":{"can_manage_members":false}}))), 409, "last_administrator");
    expect!(call!(a, ann, "DELETE", format!("/roles/{}", rid("admin")), N), 409, "owner_role");
    expect!(call!(a, bob, "PATCH", format!("/roles/{}", rid("user")), Some(json!({"promotes_to":"admin"}))), 422);
    expect!(call!(a, bob, "PATCH", format!("/roles/{}", rid("user")), Some(json!({"promotes_to":"dev"}))), 422);
    let r = expect!(call!(a, bob, "PATCH", format!("/roles/{}", rid("client")), Some(json!({"promotes_to":"user","title":"Kunde","permissions":{"can_view_members":true}}))), 200);
    assert!(r["promotes_to"] == "user" && r["version"] == 2 && r["permissions"]["can_view_members"] == true);
    expect!(call!(a, cid, "GET", &m, N), 200); // the change acts at once
    let r = expect!(call!(a, bob, "PUT", format!("/roles/{}", rid("client")), Some(json!({"name":"client","permissions":{"can_view_workspace":true}}))), 200);
    assert!(r["promotes_to"].is_null() && r["version"] == 3);
    expect!(call!(a, cid, "GET", &m, N), 403);
    expect!(call!(a, bob, "DELETE", format!("/roles/{}", rid("client")), N), 409, "role_in_use");
    expect!(call!(a, bob, "DELETE", format!("/roles/{}?reassign_to=admin", rid("client")), N), 403, "beyond_your_own");
    expect!(call!(a, bob, "DELETE", format!("/roles/{}?reassign_to=hr", rid("client")), N), 422);
    expect!(call!(a, bob, "DELETE", format!("/roles/{}?reassign_to=nope", rid("client")), N), 422);
    expect!(call!(a, bob, "DELETE", format!("/roles/{}?x=nope", rid("client")), N), 422);
    expect!(call!(a, bob, "DELETE", format!("/roles/{}?reassign_to={}", rid("client"), x["id"].as_str().unwrap()), N), 204);
    expect!(call!(a, cid, "GET", format!("/roles/{}", rid("client")), N), 404);
    expect!(call!(a, cid, "GET", format!("/roles/{}", rid("hr")), N), 200);
    assert_eq!(expect!(call!(a, ann, "GET", format!("{m}/{cid}"), N), 200)["role"], "x");
    expect!(call!(a, ann, "DELETE", format!("/roles/{}", rid("user")), N), 204); // dev's promotion ends
    assert!(expect!(call!(a, ann, "GET", format!("/roles/{}", rid("dev")), N), 200)["promotes_to"].is_null());
    // owner
    expect!(call!(a, bob, "PUT", format!("{p}/owner"), Some(json!({"user_id":bob}))), 403, "permission_denied");
    expect!(call!(a, ann, "PUT", format!("{p}/owner"), Some(json!({"user_id":eve}))), 422);
    expect!(call!(a, ann, "PUT", format!("{p}/owner"), Some(json!({"user_id":bob}))), 200);
    expect!(call!(a, ann, "DELETE", format!("{p}?confirm=Acme%203"), N), 403);
    expect!(call!(a, ann, "DELETE", format!("{m}/{bob}"), N), 409, "owner_must_hand_over");
    expect!(call!(a, ann, "DELETE", format!("{m}/me"), N), 204);
    expect!(call!(a, bob, "DELETE", &p, N), 422);
    expect!(call!(a, bob, "DELETE", &p, Some(json!({"confirm":"acme 3"}))), 422);
    expect!(call!(a, bob, "DELETE", &p, Some(json!({"confirm":"Acme 3"}))), 204);
    expect!(call!(a, bob, "GET", &p, N), 404);
    expect!(call!(a, cid, "GET", &p, N), 404);
    expect!(call!(a, bob, "GET", format!("/roles/{}", rid("hr")), N), 404);
    expect!(call!(a, ann, "GET", "/permissions", N), 200);
    expect!(call!(a, ann, "GET", "/blueprints", N), 200);
    expect!(call!(a, ann, "GET", format!("/workspaces/{}", user(1)), N), 404);
    // platform
    w.provision.ensure_platform_admin(UserId(eve.parse().unwrap())).await.unwrap();
    w.provision.ensure_platform_admin(UserId(eve.parse().unwrap())).await.unwrap();
    let p2 = format!("/workspaces/{}", ws2["slug"].as_str().unwrap());
    expect!(call!(a, eve, "GET", &p2, N), 200);
    expect!(call!(a, eve, "GET", format!("{p2}/permissions"), N), 200);
    expect!(call!(a, eve, "POST", format!("{p2}/members"), Some(json!({"user_id":dan,"role":"admin"}))), 201);
    expect!(call!(a, eve, "DELETE", format!("{p2}?confirm=Acme"), N), 403);
    expect!(call!(a, eve, "POST", "/roles", Some(json!({"workspace":ws2["id"],"name":"z","permissions":{"*":true}}))), 201);
    // a gone account
    let sub = Memberships::new(w.enrolling.clone());
    use kernel::outbox::{Event, Subscriber};
    let ev = Event::new("accounts.user_deleted", "user", ann.parse().unwrap(), w.clock.now());
    sub.hear(&ev).await.unwrap();
    assert_eq!(expect!(call!(a, eve, "GET", &p2, N), 200)["owner_id"], dan);
    let ev = Event::new("accounts.user_deleted", "user", dan.parse().unwrap(), w.clock.now());
    sub.hear(&ev).await.unwrap();
    expect!(call!(a, eve, "GET", &p2, N), 404);
    let wid = w.provision.ensure_workspace(&format!("demo-{}", std::process::id()), "Demo", "lobby", UserId(ann.parse().unwrap())).await.unwrap();
    assert_eq!(wid, w.provision.ensure_workspace(&format!("demo-{}", std::process::id()), "Demo", "lobby", UserId(ann.parse().unwrap())).await.unwrap());
    w.provision.ensure_member(wid, UserId(bob.parse().unwrap()), "user").await.unwrap();
    w.provision.ensure_member(wid, UserId(bob.parse().unwrap()), "hr").await.unwrap();
    let up = Event::new("accounts.signed_up", "user", cid.parse().unwrap(), w.clock.now()).fact("workspace_id", wid.to_string()).fact("role_id", user(3));
    sub.hear(&up).await.unwrap(); sub.hear(&up).await.unwrap();
    assert_eq!(expect!(call!(a, cid, "GET", format!("/workspaces/{wid}"), N), 200)["my_role"], "user");
    let bobid = UserId(bob.parse().unwrap());
    assert!(matches!(w.enrolling.check(&WorkspaceRef::Id(wid), None).await, Err(EnrollingError::Closed)));
    assert!(w.enrolling.check_by(bobid, wid, Some("hr")).await.is_ok());
    assert!(matches!(w.enrolling.check_by(bobid, wid, Some("admin")).await, Err(EnrollingError::Refused(WorkspaceError::BeyondYourOwn(_)))));
    assert!(w.enrolling.remove(bobid, wid, UserId(ann.parse().unwrap())).await.is_err());
    w.enrolling.remove(bobid, wid, UserId(cid.parse().unwrap())).await.unwrap();
    assert!(!w.enrolling.is_active_member(wid, UserId(cid.parse().unwrap())).await.unwrap());
    println!("{:?}", w.enrolling.people(Some(&[wid]), None, false, 10).await.unwrap());
    // another instance's write
    expect!(call!(a, bob, "GET", format!("/workspaces/{wid}"), N), 200);
    let sys = w.dbs.system::<Schema>("psql");
    sys.db().execute_unprepared(&format!("UPDATE workspace.members SET status = 'suspended' WHERE workspace_id = '{wid}' AND user_id = '{bob}'")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    expect!(call!(a, bob, "GET", format!("/workspaces/{wid}"), N), 404);
}

#[actix_web::test]
async fn race() {
    let w = world().await; let a = app!(w);
    let seed: u128 = (u128::from(std::process::id()) << 64) | (1 << 40);
    let ann = user(seed);
    let ws = expect!(call!(a, ann, "POST", "/workspaces", Some(json!({"name":"Race"}))), 201);
    let m = format!("/workspaces/{}/members", ws["id"].as_str().unwrap());
    let admins: Vec<String> = (1..=40).map(|n| user(seed + n)).collect();
    for u in &admins { expect!(call!(a, ann, "POST", &m, Some(json!({"user_id":u,"role":"admin"}))), 201); }
    // everybody demotes or removes everybody, the role is edited meanwhile, people join and leave
    let started = std::time::Instant::now();
    let mut all = Vec::new();
    let (a, m) = (&a, &m);
    for (i, u) in admins.iter().enumerate() {
        for k in 1..=25usize {
            let v = admins[(i + k) % admins.len()].clone();
            let u = u.clone();
            all.push(async move {
                let r = match k % 3 {
                    0 => call!(a, u, "PUT", format!("{m}/{v}/role"), Some(json!({"role":"user"}))),
                    1 => call!(a, u, "POST", format!("{m}/{v}/deactivate"), N),
                    _ => call!(a, u, "PATCH", format!("{m}/{v}"), Some(json!({"hour_rate":k}))),
                };
                r.0
            });
        }
    }
    let got = futures_util::future::join_all(all).await;
    let mut count = HashMap::new(); for g in got { *count.entry(g).or_insert(0) += 1; }
    println!("RACE {count:?} in {:?}", started.elapsed());
    assert!(!count.contains_key(&500) && !count.contains_key(&503));
    let left = expect!(call!(a, ann, "GET", format!("{m}?role=admin&status=active"), N), 200);
    println!("LEFT {}", left["items"].as_array().unwrap().len());
    assert!(left["items"].as_array().unwrap().len() >= 1);
}
