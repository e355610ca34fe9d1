-- What every module's schema has, whatever its domain: its events and its kept replies.
CREATE SCHEMA IF NOT EXISTS {schema};

-- Events, written in the transaction of the change they tell of. Rows stay after they were told: this is the log.
CREATE TABLE {schema}.outbox (
    id            uuid PRIMARY KEY,
    workspace_id  uuid,
    actor_id      uuid,
    system_actor  text,
    as_platform   boolean NOT NULL DEFAULT false,
    action        text NOT NULL,
    resource_kind text NOT NULL,
    resource_id   uuid NOT NULL,
    changes       jsonb NOT NULL,
    at            timestamptz NOT NULL,
    told_at       timestamptz,
    attempts      integer NOT NULL DEFAULT 0,
    next_try_at   timestamptz NOT NULL
);
CREATE INDEX outbox_waiting ON {schema}.outbox (id) WHERE told_at IS NULL;
CREATE INDEX outbox_by_workspace ON {schema}.outbox (workspace_id, id);

-- Replies to requests with an Idempotency-Key. The hash covers caller, method, path and key.
CREATE TABLE {schema}.idempotency (
    key_hash   bytea PRIMARY KEY,
    body_hash  bytea NOT NULL,
    reply      jsonb NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX idempotency_by_age ON {schema}.idempotency (created_at);
