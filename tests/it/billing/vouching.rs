//! Who lets a plan give a role has to hold what it grants whenever it is given anew, and not only when they publish the plan.

use billing::ports::Outcome::{Paid, Pending};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{change, pass, paying, plan, role_of, script, seller, subscribe};
use crate::harness::{Client, Lobby};

/// What the role of those who sell grants.
fn selling() -> Value {
    json!({
        "can_view_workspace": true, "can_manage_plans": true, "can_view_subscriptions": true,
        "can_manage_subscriptions": true,
    })
}

/// A workspace whose owner made a role for those who sell, which plans may give.
struct Shop {
    owner: Client,
    workspace: String,
    role: String,
    publisher: Client,
    plan: String,
}

/// One whose publisher let the plan `inside` give their own role.
async fn shop(lobby: &Lobby, price: i64) -> Shop {
    let (owner, workspace) = seller(lobby).await;
    let role = json!({ "name": "seller", "permissions": selling(), "granted_by_plan": true });
    let role = owner.post(&format!("/workspaces/{workspace}/roles"), role).await.expect(201).id();
    let publisher = lobby.member(&owner, &workspace, "seller").await;
    let plan = plan(&publisher, &workspace, "inside", price, json!({ "grants_role": "seller" })).await;
    Shop { owner, workspace, role, publisher, plan }
}

impl Shop {
    /// Gives somebody another role by hand.
    async fn gives(&self, person: &Client, role: &str) {
        let path = format!("/workspaces/{}/members/{}/role", self.workspace, person.user);
        self.owner.put(&path, json!({ "role": role })).await.expect(200);
    }

    async fn role_of(&self, person: &Client) -> String {
        role_of(&self.owner, &self.workspace, person).await
    }

    /// Publishes the plan as it is.
    async fn publishes_anew(&self, person: &Client, price: i64) -> Value {
        let content = json!({ "name": "inside", "price": price, "currency": "EUR", "interval": "month", "grants_role": "seller" });
        person.put(&format!("/plans/{}", self.plan), content).await.expect(200).json
    }

    /// Whether the plan says that its role can't be given, which its list says as well.
    async fn is_withheld(&self) -> bool {
        let shown = self.owner.get(&format!("/plans/{}", self.plan)).await.expect(200);
        let request = self.owner.request(reqwest::Method::GET, &format!("/plans/{}", self.plan));
        let again = self.owner.send(request.header("if-none-match", shown.header("etag"))).await.expect(200);
        let list = self.owner.get(&format!("/plans?workspace={}", self.workspace)).await.expect(200);
        assert_eq!((&shown.json, &shown.json), (&again.json, &list.items()[0]));
        shown.json["role_withheld"] == true
    }

    /// How often it was told that somebody doesn't get the role of their plan.
    async fn told(&self, lobby: &Lobby) -> usize {
        // What is told while something is heard is heard in the next round.
        for _ in 0..2 {
            lobby.services().settle().await.unwrap();
        }
        let path = format!("/workspaces/{}/audit?action=workspace.plan_role_withheld", self.workspace);
        self.owner.get(&path).await.expect(200).items().len()
    }

    /// A member who is to pay before they get anything, and has not.
    async fn member_who_is_to_pay(&self, lobby: &Lobby) -> (Client, String) {
        let member = lobby.member(&self.owner, &self.workspace, "company_user").await;
        script(lobby, &member, &[Pending, Paid]);
        let waits = subscribe(&member, &self.workspace, "inside").await.expect(201);
        assert_eq!(waits.json["in_force"], false);
        let invoices = member.get(&format!("/invoices?workspace={}", self.workspace)).await.expect(200);
        (member, format!("/invoices/{}/pay", invoices.items()[0]["id"].as_str().unwrap()))
    }
}

/// Every event of billing is told again.
async fn tell_again(lobby: &Lobby) {
    let told = "UPDATE billing.outbox SET told_at = NULL, attempts = 0, next_try_at = now()";
    lobby.database.execute(told).await;
    lobby.services().settle().await.unwrap();
}

#[test]
fn who_is_demoted_gets_nothing_back_from_a_plan_that_they_published() {
    paying(async |lobby| {
        let shop = shop(lobby, 0).await;
        let Shop { owner, workspace, publisher, .. } = &shop;
        let buyer = lobby.member(owner, workspace, "company_user").await;
        let body = json!({ "plan": "inside", "workspace": workspace });
        let bought = buyer.post_once("/subscriptions", "a-key", &body).await.expect(201);
        assert_eq!((shop.role_of(&buyer).await.as_str(), shop.is_withheld().await), ("seller", false));
        shop.gives(publisher, "company_user").await;
        assert!(shop.is_withheld().await);
        for person in [publisher, &lobby.member(owner, workspace, "company_user").await] {
            subscribe(person, workspace, "inside").await.problem(409, "plan_role_withheld");
            assert_eq!(shop.role_of(person).await, "company_user");
        }
        // Who has it keeps it, and a request that is repeated is answered what it was.
        let again = buyer.post_once("/subscriptions", "a-key", &body).await.expect(201);
        assert_eq!(again.id(), bought.id());
        tell_again(lobby).await;
        assert_eq!(shop.role_of(&buyer).await, "seller");
        for _ in 0..3 {
            pass(owner, workspace, 31).await;
            assert_eq!(shop.role_of(&buyer).await, "seller", "it is renewed");
        }
        assert_eq!(shop.told(lobby).await, 0, "nobody is without what they have");
        // Somebody else answers for it.
        assert_eq!(shop.publishes_anew(owner, 0).await["version"], 2);
        assert_eq!(shop.publishes_anew(owner, 0).await["version"], 2, "nothing is another");
        assert!(!shop.is_withheld().await);
        subscribe(publisher, workspace, "inside").await.expect(201);
        assert_eq!(shop.role_of(publisher).await, "seller", "by somebody else's leave");
    });
}

#[test]
fn who_is_suspended_or_gone_or_out_of_time_answers_for_nothing() {
    paying(async |lobby| {
        let shop = shop(lobby, 0).await;
        let Shop { owner, workspace, publisher, .. } = &shop;
        let buyer = lobby.member(owner, workspace, "company_user").await;
        let path = format!("/workspaces/{workspace}/members/{}", publisher.user);
        let is_refused = async |why: &str| {
            assert!(shop.is_withheld().await, "{why}");
            subscribe(&buyer, workspace, "inside").await.problem(409, "plan_role_withheld");
        };
        owner.act(&format!("{path}/deactivate")).await.expect(200);
        is_refused("suspended").await;
        owner.act(&format!("{path}/activate")).await.expect(200);
        assert!(!shop.is_withheld().await);
        let end = lobby.clock.now() + chrono::Duration::minutes(5);
        owner.patch(&path, json!({ "expires_at": end })).await.expect(200);
        assert!(!shop.is_withheld().await);
        lobby.clock.advance(chrono::Duration::minutes(6));
        is_refused("out of time").await;
        owner.patch(&path, json!({ "expires_at": null })).await.expect(200);
        assert!(!shop.is_withheld().await);
        owner.delete(&path).await.expect(204);
        is_refused("removed").await;
        // Nor is a role given that plans may not give any more, whoever published it.
        shop.publishes_anew(owner, 0).await;
        assert!(!shop.is_withheld().await);
        owner.patch(&format!("/roles/{}", shop.role), json!({ "granted_by_plan": false })).await.expect(200);
        is_refused("not for plans").await;
    });
}

#[test]
fn a_role_that_grants_more_than_its_publisher_holds_is_given_to_nobody_new() {
    paying(async |lobby| {
        let shop = shop(lobby, 0).await;
        let Shop { owner, workspace, publisher, .. } = &shop;
        // Somebody sells by a role of their own, which stays as it is.
        let clerk = json!({ "name": "clerk", "permissions": selling() });
        owner.post(&format!("/workspaces/{workspace}/roles"), clerk).await.expect(201);
        shop.gives(publisher, "clerk").await;
        let buyer = lobby.member(owner, workspace, "company_user").await;
        subscribe(&buyer, workspace, "inside").await.expect(201);
        let mut more = selling();
        more["can_create_projects"] = json!(true);
        owner.patch(&format!("/roles/{}", shop.role), json!({ "permissions": more })).await.expect(200);
        let late = lobby.member(owner, workspace, "company_user").await;
        subscribe(&late, workspace, "inside").await.problem(409, "plan_role_withheld");
        assert_eq!(
            shop.role_of(&buyer).await,
            "seller",
            "what a role grants is decided for those who hold it by who edits it"
        );
        let content =
            json!({ "name": "inside", "price": 0, "currency": "EUR", "interval": "month", "grants_role": "seller" });
        publisher.put(&format!("/plans/{}", shop.plan), content).await.problem(403, "beyond_your_own");
        let mut less = selling();
        less["can_create_projects"] = json!(false);
        owner.patch(&format!("/roles/{}", shop.role), json!({ "permissions": less })).await.expect(200);
        subscribe(&late, workspace, "inside").await.expect(201);
        assert_eq!(shop.role_of(&late).await, "seller");
    });
}

#[test]
fn what_is_paid_after_the_demotion_waits_is_told_once_and_is_given_when_somebody_answers_for_it() {
    paying(async |lobby| {
        let shop = shop(lobby, 1_900).await;
        let Shop { owner, workspace, publisher, .. } = &shop;
        let (first, first_bill) = shop.member_who_is_to_pay(lobby).await;
        let (second, second_bill) = shop.member_who_is_to_pay(lobby).await;
        shop.gives(publisher, "company_user").await;
        for (person, bill) in [(&first, &first_bill), (&second, &second_bill)] {
            owner.act(bill).await.expect(200);
            lobby.services().settle().await.unwrap();
            assert_eq!(shop.role_of(person).await, "company_user");
        }
        tell_again(lobby).await;
        pass(owner, workspace, 31).await;
        assert_eq!(shop.told(lobby).await, 2, "once of each, however often it is settled");
        let path = format!("/workspaces/{workspace}/audit?action=workspace.plan_role_withheld");
        let told = owner.get(&path).await.expect(200).items()[0]["facts"].clone();
        let facts = (&told["plan_id"], &told["role_id"], &told["vouched_by"]);
        assert_eq!(facts, (&json!(shop.plan), &json!(shop.role), &json!(publisher.user)));
        // One of them ends it; the other gets it as soon as somebody answers for it.
        let mine = first.get(&format!("/subscriptions?workspace={workspace}")).await.expect(200);
        let id = mine.items()[0]["id"].as_str().unwrap().to_owned();
        first.delete(&format!("/subscriptions/{id}?now=true")).await.expect(200);
        shop.publishes_anew(owner, 1_900).await;
        lobby.services().settle().await.unwrap();
        assert_eq!(
            (shop.role_of(&first).await.as_str(), shop.role_of(&second).await.as_str()),
            ("company_user", "seller")
        );
        pass(owner, workspace, 31).await;
        assert_eq!((shop.role_of(&second).await.as_str(), shop.told(lobby).await), ("seller", 2));
    });
}

#[test]
fn what_waits_is_given_when_the_publisher_covers_it_again() {
    paying(async |lobby| {
        let shop = shop(lobby, 1_900).await;
        let (member, bill) = shop.member_who_is_to_pay(lobby).await;
        shop.gives(&shop.publisher, "company_user").await;
        shop.owner.act(&bill).await.expect(200);
        lobby.services().settle().await.unwrap();
        assert_eq!(shop.role_of(&member).await, "company_user");
        shop.gives(&shop.publisher, "seller").await;
        lobby.services().settle().await.unwrap();
        assert_eq!(shop.role_of(&member).await, "seller");
    });
}

#[test]
fn who_comes_back_to_the_workspace_gets_what_somebody_answers_for() {
    paying(async |lobby| {
        let shop = shop(lobby, 0).await;
        let Shop { owner, workspace, publisher, .. } = &shop;
        let member = lobby.member(owner, workspace, "company_user").await;
        subscribe(&member, workspace, "inside").await.expect(201);
        assert_eq!(shop.role_of(&member).await, "seller");
        owner.delete(&format!("/workspaces/{workspace}/members/{}", member.user)).await.expect(204);
        lobby.services().settle().await.unwrap();
        shop.gives(publisher, "company_user").await;
        owner.bring(workspace, &member, "company_user").await.expect(201);
        assert_eq!((shop.told(lobby).await, shop.role_of(&member).await.as_str()), (1, "company_user"));
        shop.publishes_anew(owner, 0).await;
        lobby.services().settle().await.unwrap();
        assert_eq!(shop.role_of(&member).await, "seller");
    });
}

#[test]
fn taking_a_plan_off_sale_answers_for_nothing_in_it() {
    paying(async |lobby| {
        let shop = shop(lobby, 1_900).await;
        let Shop { owner, workspace, .. } = &shop;
        let (member, bill) = shop.member_who_is_to_pay(lobby).await;
        // Somebody who makes plans, and covers no role that they give.
        let tidy = json!({ "name": "tidy", "permissions": { "can_view_workspace": true, "can_manage_plans": true } });
        owner.post(&format!("/workspaces/{workspace}/roles"), tidy).await.expect(201);
        let tidy = lobby.member(owner, workspace, "tidy").await;
        tidy.delete(&format!("/plans/{}", shop.plan)).await.expect(204);
        owner.act(&bill).await.expect(200);
        lobby.services().settle().await.unwrap();
        assert_eq!(shop.role_of(&member).await, "seller", "who published it answers for it still");
    });
}

#[test]
fn nobody_changes_to_what_is_withheld_and_who_has_it_may_stay() {
    paying(async |lobby| {
        let shop = shop(lobby, 1_900).await;
        let Shop { owner, workspace, publisher, .. } = &shop;
        plan(owner, workspace, "plain", 900, json!({})).await;
        let (has, wants) = (
            lobby.member(owner, workspace, "company_user").await,
            lobby.member(owner, workspace, "company_user").await,
        );
        let has_it = subscribe(&has, workspace, "inside").await.expect(201).id();
        let wants_it = subscribe(&wants, workspace, "plain").await.expect(201).id();
        let quote =
            wants.post(&format!("/subscriptions/{wants_it}/quote"), json!({ "plan": "inside" })).await.expect(200);
        assert_eq!(change(&has, &has_it, "plain").await, 0, "from the next period on");
        shop.gives(publisher, "company_user").await;
        let quoting = format!("/subscriptions/{wants_it}/quote");
        wants.post(&quoting, json!({ "plan": "inside" })).await.problem(409, "plan_role_withheld");
        let body = json!({ "plan": "inside", "quote": quote.json["quote"] });
        wants.post(&format!("/subscriptions/{wants_it}/change"), body).await.problem(409, "plan_role_withheld");
        let invoices = wants.get(&format!("/invoices?workspace={workspace}")).await.expect(200);
        assert_eq!(invoices.items().len(), 1, "nothing is charged for what isn't given");
        assert_eq!(change(&has, &has_it, "inside").await, 0, "what they have they need not be given");
        pass(owner, workspace, 31).await;
        assert_eq!(shop.role_of(&has).await, "seller");
    });
}

#[test]
fn what_was_told_before_anybody_answered_for_it_waits_for_the_next_word() {
    paying(async |lobby| {
        let shop = shop(lobby, 0).await;
        let Shop { owner, workspace, .. } = &shop;
        let (has, gone) = (
            lobby.member(owner, workspace, "company_user").await,
            lobby.member(owner, workspace, "company_user").await,
        );
        for person in [&has, &gone] {
            subscribe(person, workspace, "inside").await.expect(201);
        }
        lobby.services().settle().await.unwrap();
        owner.delete(&format!("/workspaces/{workspace}/members/{}", gone.user)).await.expect(204);
        lobby.services().settle().await.unwrap();
        lobby.database.execute("DELETE FROM workspace.plan_vouchers").await;
        lobby.database.execute("UPDATE workspace.plan_grants SET plan_id = NULL").await;
        owner.bring(workspace, &gone, "company_user").await.expect(201);
        lobby.services().settle().await.unwrap();
        assert_eq!((shop.role_of(&has).await.as_str(), shop.role_of(&gone).await.as_str()), ("seller", "company_user"));
    });
}

#[test]
fn nobody_is_given_the_role_once_the_demotion_of_its_publisher_was_answered() {
    paying(async |lobby| {
        let shop = shop(lobby, 0).await;
        let Shop { workspace, publisher, .. } = &shop;
        let mut people = Vec::new();
        for _ in 0..32 {
            let person = lobby.person().await;
            lobby.seat(workspace, &person.user, "company_user").await;
            people.push(person);
        }
        let holders = format!(
            "SELECT count(*) FROM workspace.members WHERE role_id = '{}' AND user_id <> '{}'",
            shop.role, publisher.user
        );
        let demotion = async {
            // In the midst of them, and not before the first.
            subscribe(&people[0], workspace, "inside").await.expect(201);
            shop.gives(publisher, "company_user").await;
            lobby.database.number(&holders).await
        };
        let others = join_all(people[1..].iter().map(|person| subscribe(person, workspace, "inside")));
        let (given, answers) = futures_util::join!(demotion, others);
        lobby.services().settle().await.unwrap();
        tell_again(lobby).await;
        assert_eq!(lobby.database.number(&holders).await, given, "nobody after it");
        let refused = answers.iter().filter(|answer| answer.status == 409).count();
        let withheld = shop.told(lobby).await;
        assert_eq!(usize::try_from(given).unwrap() + refused + withheld, 32, "everybody else was told");
    });
}
