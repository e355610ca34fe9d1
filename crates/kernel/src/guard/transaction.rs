//! The transaction that a permit opens: it re-reads the authority it rests on, carries its events, and keeps the reply
//! of an idempotent request. Events and reply are written as one, last of all.

use std::{
    fmt,
    future::{Ready, ready},
    sync::{Mutex, PoisonError},
};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::{
    action::{Action, Identified},
    permit::Permit,
};
use crate::{
    db::{Module, delegate_connection},
    failure::Failure,
    outbox::{self, Event},
    reply::StoredReply,
    trace,
};

/// A transaction of one permit. Dropped without a commit, it rolls back.
pub struct Tx<'p, A: Action> {
    permit: &'p Permit<A>,
    inner: DatabaseTransaction,
    /// The hash under which the reply is kept, if the request is idempotent.
    key: Option<Vec<u8>>,
    /// What was announced and is written when it commits.
    events: Mutex<Vec<Event>>,
}

impl<A: Action> fmt::Debug for Tx<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("permit", &self.permit).finish_non_exhaustive()
    }
}

delegate_connection!(['p, A: Action] Tx<'p, A>, |this| this.inner);

impl<A: Identified> Permit<A> {
    /// Opens a transaction in the module's database. In it the caller's role and membership are read again and locked
    /// until it ends, so that no write comes after the revocation of its right.
    pub async fn begin(&self) -> Result<Tx<'_, A>, Failure> {
        let inner = self.gate.databases.begin(A::Module::NAME).await?;
        if !self.gate.authority.confirm(&self.claim(), A::Module::NAME, &inner).await? {
            return Err(Failure::Stale);
        }
        let mut tx = Tx { permit: self, inner, key: None, events: Mutex::default() };
        if let (Some(key), "POST") = (&self.facts.idempotency_key, self.facts.method.as_str()) {
            match tx.claim_key(key).await {
                Ok(hash) => tx.key = Some(hash),
                Err(refused) => {
                    // Not left to the drop, which rolls back later: the next repetition would meet the lock.
                    tx.inner.rollback().await?;
                    return Err(refused);
                }
            }
        }
        Ok(tx)
    }
}

impl<M: Module> Permit<super::action::Public<M>> {
    /// Opens a transaction for what is open to all.
    pub async fn begin(&self) -> Result<Tx<'_, super::action::Public<M>>, Failure> {
        let inner = self.gate.databases.begin(M::NAME).await?;
        Ok(Tx { permit: self, inner, key: None, events: Mutex::default() })
    }
}

impl<A: Action> Tx<'_, A> {
    /// The permit it was opened from.
    pub fn permit(&self) -> &Permit<A> {
        self.permit
    }

    /// 412 if the request's `If-Match` is not `etag`, the tag of the row as locked in this transaction.
    pub fn check_version(&self, etag: &str) -> Result<(), Failure> {
        self.permit.facts.check_if_match(etag).map_err(|_| Failure::Changed)
    }

    /// Makes everything that happened in it durable.
    pub async fn commit(self) -> Result<(), DbErr> {
        let events = self.announced();
        if !events.is_empty() {
            outbox::store(&events, A::Module::NAME, &self.inner).await?;
        }
        self.finish().await
    }

    /// Commits, and keeps `reply` for a repetition of the request.
    pub async fn commit_with(self, reply: &impl Reply) -> Result<(), Failure> {
        match &self.key {
            Some(key) => {
                self.keep_reply(key, &reply.stored()).await?;
                Ok(self.finish().await?)
            }
            None => Ok(self.commit().await?),
        }
    }

    async fn finish(self) -> Result<(), DbErr> {
        self.inner.commit().instrument(trace::transaction("COMMIT")).await?;
        self.permit.gate.databases.announced().send_replace(());
        Ok(())
    }

    /// What was announced, in its order.
    fn announced(&self) -> Vec<Event> {
        std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, event: Event) {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    /// Writes the reply and what was announced, in one statement.
    async fn keep_reply(&self, key: &[u8], reply: &StoredReply) -> Result<(), Failure> {
        let module = A::Module::NAME;
        let sql = format!(
            "WITH told AS ({}) \
             INSERT INTO {module}.idempotency (key_hash, body_hash, reply, created_at) VALUES ($2, $3, $4, $5)",
            outbox::insertion(module)
        );
        let reply = serde_json::to_value(reply).map_err(|error| DbErr::Json(error.to_string()))?;
        let events = outbox::rows_of(&self.announced());
        let values =
            [events.into(), key.to_vec().into(), self.body_mark().into(), reply.into(), self.permit.now().into()];
        self.inner.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        Ok(())
    }

    /// By what a repetition of the request is known. With a key: a body may hold a password, which nobody who reads the
    /// table may be able to guess.
    fn body_mark(&self) -> Vec<u8> {
        self.permit.gate.seal.mark("idempotency", &self.permit.facts.body_hash())
    }

    /// Takes the key for the length of the transaction; answers its hash if this is the first request with it.
    async fn claim_key(&self, key: &str) -> Result<Vec<u8>, Failure> {
        if key.is_empty() || key.len() > 255 || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Failure::KeyMalformed);
        }
        let facts = &self.permit.facts;
        // A token sees less than its owner, so it gets no reply that the owner got.
        let caller = &self.permit.caller;
        let token = caller.token().map(|token| token.to_string()).unwrap_or_default();
        let whose = format!("{}{token}", caller.user);
        let hash = Sha256::digest(format!("{whose}\n{}\n{}\n{key}", facts.method, facts.path));
        let hash = hash.to_vec();

        let lock = i64::from_be_bytes(std::array::from_fn(|byte| hash[byte]));
        let sql = format!("SELECT taken, body_hash, reply FROM {}.claim_key($1, $2)", A::Module::NAME);
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [lock.into(), hash.clone().into()]);
        let Some(row) = self.inner.query_one_raw(statement).await? else { return Err(Failure::KeyInProgress) };
        if !row.try_get::<bool>("", "taken")? {
            return Err(Failure::KeyInProgress);
        }
        match row.try_get::<Option<Vec<u8>>>("", "body_hash")? {
            None => Ok(hash),
            Some(body) if body != self.body_mark() => Err(Failure::KeyReused),
            Some(_) => {
                let reply: serde_json::Value = row.try_get("", "reply")?;
                let reply = serde_json::from_value(reply).map_err(|error| DbErr::Json(error.to_string()))?;
                Err(Failure::Replay(Box::new(reply)))
            }
        }
    }
}

impl<A: Identified> Tx<'_, A> {
    /// Announces an event of the change that it is committed with. Actor and workspace are the permit's. It is written
    /// when the transaction commits; one that doesn't, told nothing.
    pub fn announce(&self, event: Event) -> Ready<Result<(), DbErr>> {
        self.announce_all([event])
    }

    /// The same with many.
    pub fn announce_all(&self, events: impl IntoIterator<Item = Event>) -> Ready<Result<(), DbErr>> {
        for event in events {
            let mut event = event.by(self.permit.acting());
            event.workspace_id = event.workspace_id.or(self.permit.place());
            event.as_platform = self.permit.is_platform();
            self.keep(event);
        }
        ready(Ok(()))
    }
}

impl<M: Module> Tx<'_, super::action::Public<M>> {
    /// Announces something that nobody signed in for. The event says who, if it made them known.
    pub fn announce(&self, event: Event) -> Ready<Result<(), DbErr>> {
        self.keep(event);
        ready(Ok(()))
    }
}

/// A reply that can be kept for a repetition of its request.
pub trait Reply {
    /// The reply as kept.
    fn stored(&self) -> StoredReply;
}
