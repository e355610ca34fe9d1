//! Codes for phone numbers, counted in Redis or Valkey. Each rule is one script, which the server runs by itself.
//!
//! One hash per person, which goes by itself when it limits nothing any more. Times are the program's, in milliseconds;
//! only that expiry is by the server's clock.

use std::{fmt, time::Duration};

use accounts::ports::phone_codes::{
    Attempt, Begun, CodeStorage, CodesAway, DAY, LIFETIME, PAUSE, PER_DAY, PhoneCodes, TRIES, Tried,
};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::ids::UserId;
use redis::{
    Client, RedisError, Script, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::settings::RedisSettings;

/// How long a request waits for the server before it is answered 503.
const PATIENCE: Duration = Duration::from_secs(2);

const BEGIN: &str = r"
local held = redis.call('HMGET', KEYS[1], 'sent', 'day', 'today')
local now, pause, day = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local today, began = 1, now
if held[1] then
    local wait = tonumber(held[1]) + pause - now
    if tonumber(held[2]) > now - day then
        today, began = tonumber(held[3]) + 1, tonumber(held[2])
        if today > tonumber(ARGV[6]) then wait = math.max(wait, began + day - now) end
    end
    if wait > 0 then return wait end
end
redis.call('HSET', KEYS[1], 'attempt', ARGV[1], 'phone', ARGV[2], 'tries', 0, 'used', 0,
    'sent', ARGV[3], 'day', string.format('%.0f', began), 'today', today)
redis.call('PEXPIRE', KEYS[1], ARGV[7])
return 0
";

const TRY: &str = r"
local held = redis.call('HMGET', KEYS[1], 'attempt', 'phone', 'used', 'sent', 'tries')
if not held[1] or held[3] ~= '0' then return {} end
if tonumber(held[4]) + tonumber(ARGV[2]) <= tonumber(ARGV[1]) then return {} end
if tonumber(held[5]) >= tonumber(ARGV[3]) then return {} end
return { held[1], held[2], tostring(redis.call('HINCRBY', KEYS[1], 'tries', 1)) }
";

const SPEND: &str = r"
local held = redis.call('HMGET', KEYS[1], 'attempt', 'used')
if held[1] ~= ARGV[1] or held[2] ~= '0' then return 0 end
redis.call('HSET', KEYS[1], 'used', 1)
return 1
";

const CURRENT: &str = r"
local held = redis.call('HMGET', KEYS[1], 'attempt', 'phone', 'used', 'sent')
if not held[1] or held[3] ~= '0' then return {} end
if tonumber(held[4]) + tonumber(ARGV[2]) <= tonumber(ARGV[1]) then return {} end
return { held[1], held[2] }
";

const FORGET: &str = "return redis.call('DEL', KEYS[1])";

/// The configured place for codes: Redis where there is one, else the database.
pub fn storage(settings: &RedisSettings) -> Result<CodeStorage, RedisError> {
    let url = settings.url.expose_secret();
    if url.is_empty() {
        return Ok(CodeStorage::Here);
    }
    let config = ConnectionManagerConfig::new()
        .set_number_of_retries(1)
        .set_min_delay(Duration::from_millis(50))
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(PATIENCE));
    let connection = ConnectionManager::new_lazy_with_config(Client::open(url)?, config)?;
    let codes = RedisCodes {
        connection,
        prefix: settings.prefix.clone(),
        begin: Script::new(BEGIN),
        try_once: Script::new(TRY),
        spend: Script::new(SPEND),
        current: Script::new(CURRENT),
        forget: Script::new(FORGET),
    };
    Ok(CodeStorage::Elsewhere(std::sync::Arc::new(codes)))
}

/// Codes in Redis.
struct RedisCodes {
    connection: ConnectionManager,
    prefix: String,
    begin: Script,
    try_once: Script,
    spend: Script,
    current: Script,
    forget: Script,
}

impl fmt::Debug for RedisCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisCodes").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

fn away(error: RedisError) -> CodesAway {
    CodesAway(error.to_string())
}

fn attempt_of(id: &str, phone: &str) -> Result<Attempt, CodesAway> {
    let id = id.parse().map_err(|_| CodesAway("an attempt that is no id".to_owned()))?;
    Ok(Attempt { id, phone: phone.to_owned() })
}

impl RedisCodes {
    fn key(&self, user: UserId) -> String {
        format!("{}:phone_codes:{user}", self.prefix)
    }

    async fn run<T: redis::FromRedisValue>(&self, call: &ScriptInvocation<'_>) -> Result<T, CodesAway> {
        call.invoke_async(&mut self.connection.clone()).await.map_err(away)
    }
}

#[async_trait]
impl PhoneCodes for RedisCodes {
    async fn begin(&self, user: UserId, attempt: &Attempt, now: DateTime<Utc>) -> Result<Begun, CodesAway> {
        let mut call = self.begin.key(self.key(user));
        call.arg(attempt.id.to_string()).arg(&attempt.phone).arg(now.timestamp_millis());
        call.arg(PAUSE.num_milliseconds()).arg(DAY.num_milliseconds()).arg(PER_DAY);
        call.arg((DAY + LIFETIME).num_milliseconds());
        let wait: i64 = self.run(&call).await?;
        Ok(if wait > 0 { Begun::TooSoon(TimeDelta::milliseconds(wait)) } else { Begun::Yes })
    }

    async fn try_once(&self, user: UserId, now: DateTime<Utc>) -> Result<Option<Tried>, CodesAway> {
        let mut call = self.try_once.key(self.key(user));
        call.arg(now.timestamp_millis()).arg(LIFETIME.num_milliseconds()).arg(TRIES);
        let found: Vec<String> = self.run(&call).await?;
        let [id, phone, tries] = found.as_slice() else { return Ok(None) };
        Ok(Some(Tried { attempt: attempt_of(id, phone)?, tries: tries.parse().unwrap_or(TRIES) }))
    }

    async fn spend(&self, user: UserId, attempt: Uuid) -> Result<bool, CodesAway> {
        let mut call = self.spend.key(self.key(user));
        call.arg(attempt.to_string());
        Ok(self.run::<i64>(&call).await? == 1)
    }

    async fn current(&self, user: UserId, now: DateTime<Utc>) -> Result<Option<Attempt>, CodesAway> {
        let mut call = self.current.key(self.key(user));
        call.arg(now.timestamp_millis()).arg(LIFETIME.num_milliseconds());
        let found: Vec<String> = self.run(&call).await?;
        let [id, phone] = found.as_slice() else { return Ok(None) };
        Ok(Some(attempt_of(id, phone)?))
    }

    async fn forget(&self, user: UserId) -> Result<(), CodesAway> {
        self.run::<i64>(&self.forget.key(self.key(user))).await.map(drop)
    }
}
