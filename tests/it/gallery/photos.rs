//! Photos of workshops, as the module that has the workshops keeps them here, and as people find them at `/photos`.

use ::gallery::{
    GalleryError, Part,
    photos::{PhotoForm, PhotoKey, Photos, Selection, Workshop},
};
use actix_web::{FromRequest, test::TestRequest};
use futures_util::future::join_all;
use kernel::{
    authority::{Caller, SignIn},
    ids::{ImageId, SessionId, UserId, WorkspaceId},
};
use uuid::Uuid;

use super::{EACH, IMAGES, objects, pictures, spooled};
use crate::harness::{Client, Lobby, lobby};

/// A workshop of a creator in a crafo workspace.
struct Class {
    photos: Photos,
    workshop: Workshop,
    admin: Client,
    creator: Client,
    assistant: Client,
}

fn caller(client: &Client) -> Caller {
    SignIn { user: UserId(client.user.parse().unwrap()), session: SessionId(Uuid::nil()) }.into()
}

impl Class {
    async fn open(lobby: &Lobby) -> Self {
        let (admin, workspace) = lobby.workspace("crafo").await;
        let creator = lobby.member(&admin, &workspace, "creator").await;
        let assistant = lobby.member(&admin, &workspace, "assistant").await;
        let services = lobby.services();
        let photos = Photos::new((**services.images).clone(), services.databases.system("photos"));
        let workshop = Workshop {
            workspace: WorkspaceId(workspace.parse().unwrap()),
            id: Uuid::now_v7(),
            steward: UserId(creator.user.parse().unwrap()),
            is_shown: true,
        };
        Self { photos, workshop, admin, creator, assistant }
    }

    fn all(&self) -> Selection {
        Selection { workspace: self.workshop.workspace, workshop: self.workshop.id, part: None }
    }

    async fn add(&self, by: &Client, part: Part, bytes: &[u8]) -> Result<ImageId, GalleryError> {
        let form = form(bytes).await;
        let received = self.photos.receive(self.workshop.workspace, form).await.unwrap();
        Ok(self.photos.add(&caller(by), &self.workshop, part, received, None).await?.image.id)
    }

    async fn listed(&self, part: Option<Part>) -> Vec<ImageId> {
        let among = Selection { part, ..self.all() };
        let viewer = self.workshop.steward;
        let rows = self.photos.list(among, viewer, None, 50).await.unwrap();
        rows.into_iter().map(|row| row.image.id).collect()
    }
}

/// The form of an upload, as it comes with a request.
async fn form(bytes: &[u8]) -> PhotoForm {
    let head = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.jpg\"\r\n\r\n".as_bytes();
    let body = [head, bytes, b"\r\n--x--\r\n"].concat();
    let request = TestRequest::post().insert_header(("Content-Type", "multipart/form-data; boundary=x"));
    let (request, mut payload) = request.set_payload(body).to_http_parts();
    let payload = actix_web::web::Payload::from_request(&request, &mut payload).await.unwrap().into_inner();
    PhotoForm::new(request.headers().clone(), String::new(), payload)
}

#[test]
fn photos_are_listed_with_their_workshop_and_nowhere_in_the_gallery() {
    lobby(async |lobby| {
        let class = Class::open(lobby).await;
        let first = class.add(&class.creator, Part::Description, &pictures::fresh()).await.unwrap();
        let second = class.add(&class.assistant, Part::Attendee, &pictures::fresh()).await.unwrap();
        assert_eq!(class.listed(None).await, [second, first]);
        assert_eq!(class.listed(Some(Part::Description)).await, [first]);
        let after = class.photos.list(class.all(), class.workshop.steward, None, 1).await.unwrap()[0].key();
        let rest = class.photos.list(class.all(), class.workshop.steward, Some(after), 9).await.unwrap();
        assert_eq!(rest.iter().map(|row| row.image.id).collect::<Vec<_>>(), [first]);
        assert!(matches!(after, PhotoKey(_, id) if id == second));

        for path in ["/images", "/approvals", "/approvals?status=approved"] {
            assert!(class.admin.get(path).await.expect(200).items().is_empty(), "{path}");
        }
        let shown = class.assistant.get(&format!("/photos/{first}")).await.expect(200);
        assert_eq!(shown.text("workshop_id"), class.workshop.id.to_string());
        assert_eq!((shown.text("part"), shown.text("status")), ("description".into(), "approved".into()));
        assert!(shown.json["sha256"].is_null() && shown.json["original_name"].is_null());
        class.assistant.get(&format!("/images/{first}/content")).await.expect(200);
        for (method, path) in [("POST", "approval"), ("DELETE", "approval")] {
            let path = format!("/images/{first}/{path}");
            class.admin.call(method.parse().unwrap(), &path, None).await.problem(409, "photo_of_workshop");
        }
        let (stranger, _) = lobby.workspace("crafo").await;
        stranger.get(&format!("/photos/{first}")).await.problem(404, "not_found");
    });
}

#[test]
fn the_same_picture_twice_in_a_workshop_is_refused_and_in_the_gallery_it_is_another() {
    lobby(async |lobby| {
        let class = Class::open(lobby).await;
        let bytes = pictures::fresh();
        let first = class.add(&class.creator, Part::Description, &bytes).await.unwrap();
        let refused = class.add(&class.creator, Part::Attendee, &bytes).await;
        assert!(matches!(refused, Err(GalleryError::Duplicate { existing: Some(id) }) if id == first));
        let workspace = class.workshop.workspace.to_string();
        class.admin.upload(&workspace, bytes, "beside").await.expect(201);
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby), spooled(lobby)), (2, EACH, 0));

        let form = form(b"no picture").await;
        assert_eq!(class.photos.receive(class.workshop.workspace, form).await.unwrap_err().status(), 415);
        let unused = self::form(&pictures::fresh()).await;
        let received = class.photos.receive(class.workshop.workspace, unused).await.unwrap();
        class.photos.abandon(received).await;
        assert_eq!((objects(lobby), spooled(lobby)), (EACH, 0), "what was let go of is gone");
    });
}

#[test]
fn a_photo_is_the_creators_whose_workshop_it_is_of() {
    lobby(async |lobby| {
        let class = Class::open(lobby).await;
        let workspace = class.workshop.workspace.to_string();
        let other = lobby.member(&class.admin, &workspace, "creator").await;
        let id = class.add(&class.assistant, Part::Attendee, &pictures::fresh()).await.unwrap();
        let path = format!("/photos/{id}");
        for (client, needed) in [(&other, "any"), (&class.assistant, "own")] {
            let refused = client.delete(&path).await.problem(403, "permission_denied");
            assert!(refused.text("needed") == needed || refused.text("needed") == "any");
        }
        for client in [&class.admin, &class.creator] {
            client.act(&format!("{path}/like")).await.problem(403, "permission_denied");
            client.delete(&format!("{path}/like")).await.problem(403, "permission_denied");
        }
        class.assistant.act(&format!("{path}/like")).await.expect(201);
        class.assistant.act(&format!("{path}/like")).await.expect(200);
        class.creator.post(&format!("{path}/comments"), serde_json::json!({ "body": "Good" })).await.expect(201);
        let row =
            &class.photos.list(class.all(), UserId(class.assistant.user.parse().unwrap()), None, 9).await.unwrap()[0];
        assert_eq!((row.likes, row.liked, row.comments), (1, true, 1));
        let counts = class.photos.counts(class.workshop.workspace, &[class.workshop.id]).await.unwrap();
        let of = counts[&class.workshop.id];
        assert_eq!((of.description, of.attendee, of.likes, of.comments), (0, 1, 1, 1));

        class.creator.delete(&path).await.expect(204);
        class.assistant.get(&path).await.problem(404, "not_found");
        assert!(class.listed(None).await.is_empty());
        assert!(class.photos.counts(class.workshop.workspace, &[class.workshop.id]).await.unwrap().is_empty());
        assert_eq!(class.creator.get("/trash").await.expect(200).each("id"), [id.to_string()]);
        assert!(other.get("/trash").await.expect(200).items().is_empty());
        other.act(&format!("/images/{id}/restore")).await.problem(404, "not_found");
        class.creator.act(&format!("/images/{id}/restore")).await.expect(200);
        assert_eq!(class.listed(None).await, [id]);
    });
}

#[test]
fn photos_are_deleted_all_or_none() {
    lobby(async |lobby| {
        let class = Class::open(lobby).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(class.add(&class.creator, Part::Description, &pictures::fresh()).await.unwrap());
        }
        let foreign = class.add(&class.assistant, Part::Attendee, &pictures::fresh()).await.unwrap();
        let among = Selection { part: Some(Part::Description), ..class.all() };
        let by = caller(&class.creator);
        let refused = class.photos.delete(&by, among, &[ids[0], foreign, ids[1]]).await;
        assert!(matches!(refused, Err(GalleryError::NotOfWorkshop { foreign: named }) if named == [foreign]));
        let elsewhere = Selection { workspace: WorkspaceId(Uuid::now_v7()), ..among };
        assert!(class.photos.delete(&by, elsewhere, &ids[..1]).await.is_err());
        assert_eq!(class.listed(None).await.len(), 4, "none was touched");
        // Together and one by one at once: each goes once.
        let alone = ids.iter().map(|id| class.photos.delete(&by, among, std::slice::from_ref(id)));
        let (all, alone) = futures_util::future::join(class.photos.delete(&by, among, &ids), join_all(alone)).await;
        let singly = alone.iter().filter(|done| done.is_ok()).count();
        assert!((all.is_ok() && singly == 0) || (all.is_err() && singly == 3), "{all:?} {singly}");
        assert_eq!(class.listed(None).await, [foreign]);

        class.photos.delete_all(&by, class.workshop.workspace, class.workshop.id).await.unwrap();
        assert_eq!((lobby.database.number(IMAGES).await, objects(lobby)), (0, 0), "for good");
    });
}

#[test]
fn photos_of_a_workshop_that_is_a_draft_exist_for_its_creator_and_administrators() {
    lobby(async |lobby| {
        let class = Class::open(lobby).await;
        let id = class.add(&class.creator, Part::Description, &pictures::fresh()).await.unwrap();
        let (workspace, workshop) = (class.workshop.workspace, class.workshop.id);
        let other = lobby.member(&class.admin, &workspace.to_string(), "creator").await;
        class.photos.show(workspace, workshop, false).await.unwrap();
        for client in [&class.admin, &class.creator] {
            client.get(&format!("/photos/{id}")).await.expect(200);
        }
        for client in [&class.assistant, &other] {
            for path in [format!("/photos/{id}"), format!("/images/{id}/content"), format!("/photos/{id}/comments")] {
                client.get(&path).await.problem(404, "not_found");
            }
        }
        class.photos.hand_over(workspace, workshop, UserId(other.user.parse().unwrap())).await.unwrap();
        other.get(&format!("/photos/{id}")).await.expect(200);
        class.creator.get(&format!("/photos/{id}")).await.problem(404, "not_found");
        class.photos.show(workspace, workshop, true).await.unwrap();
        class.assistant.get(&format!("/photos/{id}")).await.expect(200);
    });
}
