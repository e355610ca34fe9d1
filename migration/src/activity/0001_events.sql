-- What happened, in the order in which it was recorded, one chain per workspace. Each row's hash covers its content and the
-- hash of the row before it, so that none can be altered, removed or slipped in unseen.

-- Where each chain ends. What happened in no workspace has a chain of its own, under the nil UUID.
CREATE TABLE activity.chains (
    workspace_id uuid PRIMARY KEY,
    length       bigint NOT NULL DEFAULT 0 CHECK (length >= 0),
    head         bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex') CHECK (octet_length(head) = 32)
);

CREATE TABLE activity.events (
    workspace_id  uuid NOT NULL,
    seq           bigint NOT NULL,
    -- The event's own identity: a repetition is known by it.
    id            uuid NOT NULL,
    actor_id      uuid,
    token_id      uuid,
    system_actor  text,
    as_platform   boolean NOT NULL,
    -- "C": so that an index finds all actions of a module by their beginning.
    action        text COLLATE "C" NOT NULL,
    resource_kind text COLLATE "C" NOT NULL,
    resource_id   uuid NOT NULL,
    -- Fields, {"name": {"from": …, "to": …}} or {"email": {"withheld": true}}.
    changes       jsonb NOT NULL,
    facts         jsonb NOT NULL,
    at            timestamptz NOT NULL,
    hash          bytea NOT NULL CHECK (octet_length(hash) = 32),
    CONSTRAINT events_pkey PRIMARY KEY (workspace_id, seq),
    CONSTRAINT events_id_unique UNIQUE (id)
);
-- The audit of a workspace, by what can be asked of it; all newest first.
CREATE INDEX events_by_time ON activity.events (workspace_id, at, id);
CREATE INDEX events_by_resource ON activity.events (workspace_id, resource_id, at, id);
CREATE INDEX events_by_kind ON activity.events (workspace_id, resource_kind, at, id);
CREATE INDEX events_by_action ON activity.events (workspace_id, action, at, id);
CREATE INDEX events_by_actor ON activity.events (workspace_id, actor_id, at, id);
-- What somebody did anywhere.
CREATE INDEX events_of_person ON activity.events (actor_id, at, id) WHERE actor_id IS NOT NULL;

-- What a row's hash covers besides the hash before it. PostgreSQL writes jsonb in one way only, and the instant comes in
-- microseconds, so that no setting of a session changes the text.
CREATE FUNCTION activity.content_of(event activity.events) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        event.seq, event.id, event.workspace_id, event.actor_id, event.token_id, event.system_actor, event.as_platform,
        event.action, event.resource_kind, event.resource_id, event.changes, event.facts,
        (extract(epoch FROM event.at) * 1000000)::bigint
    )::text
$$;

-- Every insert goes to the end of its chain, whoever inserts. The chain's row is locked until the transaction ends: two
-- who append at once wait for each other, and neither leaves a gap nor takes the other's number. An event that is there is
-- passed over; nobody can have put it there meanwhile, because an event always goes to the same chain.
CREATE FUNCTION activity.append() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chain activity.chains%ROWTYPE;
BEGIN
    SELECT * INTO chain FROM activity.chains WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO activity.chains (workspace_id) VALUES (NEW.workspace_id) ON CONFLICT DO NOTHING;
        SELECT * INTO STRICT chain FROM activity.chains WHERE workspace_id = NEW.workspace_id FOR UPDATE;
    END IF;
    IF EXISTS (SELECT FROM activity.events WHERE id = NEW.id) THEN
        RETURN NULL;
    END IF;
    NEW.seq := chain.length + 1;
    NEW.hash := sha256(chain.head || convert_to(activity.content_of(NEW), 'UTF8'));
    UPDATE activity.chains SET length = NEW.seq, head = NEW.hash WHERE workspace_id = NEW.workspace_id;
    RETURN NEW;
END
$$;
CREATE TRIGGER events_append BEFORE INSERT ON activity.events
    FOR EACH ROW EXECUTE FUNCTION activity.append();

CREATE FUNCTION activity.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE ON activity.events
    FOR EACH ROW EXECUTE FUNCTION activity.refuse();
CREATE TRIGGER events_stay_whole BEFORE TRUNCATE ON activity.events
    FOR EACH STATEMENT EXECUTE FUNCTION activity.refuse();
-- A chain's end moves when an event is appended, and in no other way: then this is called from within the other trigger.
CREATE TRIGGER chains_stay BEFORE INSERT OR UPDATE ON activity.chains
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION activity.refuse();
CREATE TRIGGER chains_stay_there BEFORE DELETE ON activity.chains
    FOR EACH ROW EXECUTE FUNCTION activity.refuse();
CREATE TRIGGER chains_stay_whole BEFORE TRUNCATE ON activity.chains
    FOR EACH STATEMENT EXECUTE FUNCTION activity.refuse();
-- Also where a session passes for a replica.
ALTER TABLE activity.events ENABLE ALWAYS TRIGGER events_stay;
ALTER TABLE activity.events ENABLE ALWAYS TRIGGER events_stay_whole;
ALTER TABLE activity.chains ENABLE ALWAYS TRIGGER chains_stay_there;
ALTER TABLE activity.chains ENABLE ALWAYS TRIGGER chains_stay_whole;
