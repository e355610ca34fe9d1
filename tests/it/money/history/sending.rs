//! Requests whose answers get lost: sent again with the same key until one is answered.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use rand::{RngExt, rngs::StdRng};
use reqwest::Method;
use serde_json::Value;

use super::crashing::Mortal;
use crate::harness::{Answer, Client};

/// Within this every request is answered, however often the instance dies meanwhile.
const PATIENCE: Duration = Duration::from_secs(180);

/// How often what happened.
#[derive(Debug, Default)]
pub struct Tally {
    pub recorded: AtomicU64,
    pub reversed: AtomicU64,
    pub refused: AtomicU64,
    pub repeated: AtomicU64,
    /// Answers that never came, or only in part.
    pub lost: AtomicU64,
    /// Answers that the server could do nothing for.
    pub failed: AtomicU64,
}

/// Counts one more.
pub fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Request {
    pub path: String,
    pub key: String,
    pub body: Value,
}

/// Sends once; none where no answer came that says anything.
async fn once(
    person: &Client,
    instance: &Mortal,
    tally: &Tally,
    request: &Request,
    patience: Duration,
) -> Option<Answer> {
    let sent = person.at(&instance.base()).request(Method::POST, &request.path);
    let sent = sent.header("Idempotency-Key", &request.key).json(&request.body);
    let Some(answer) = person.attempt(sent, patience).await else {
        count(&tally.lost);
        return None;
    };
    if answer.status.is_server_error() {
        count(&tally.failed);
        return None;
    }
    (answer.json["code"] != "idempotency_key_in_progress").then_some(answer)
}

/// Sends until it is answered; now and then several times at once, and, where `may_leave`, giving up before the answer, as
/// who lost the network does.
pub async fn persist(
    dice: &mut StdRng,
    person: &Client,
    (instance, tally): (&Mortal, &Tally),
    request: &Request,
    may_leave: bool,
) -> Answer {
    if may_leave && dice.random_bool(0.1) {
        let little = Duration::from_micros(dice.random_range(100..12_000));
        once(person, instance, tally, request, little).await;
    }
    if dice.random_bool(0.06) {
        let all = (0..3).map(|_| once(person, instance, tally, request, PATIENCE));
        let answers: Vec<Answer> = join_all(all).await.into_iter().flatten().collect();
        let made = answers.iter().filter(|answer| answer.status == 201);
        assert!(made.map(|answer| &answer.json).collect::<Vec<_>>().windows(2).all(|two| two[0] == two[1]));
    }
    let begun = Instant::now();
    loop {
        if let Some(answer) = once(person, instance, tally, request, PATIENCE).await {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "no answer to {request:?}");
        tokio::time::sleep(Duration::from_millis(dice.random_range(2..40))).await;
    }
}
