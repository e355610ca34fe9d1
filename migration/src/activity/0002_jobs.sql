-- Work that is done after the request, claimed by workers under a lease. A module that needs jobs has a table of this shape,
-- so that it can enqueue in its own transactions, whichever database it lives in.
CREATE TABLE activity.jobs (
    id           uuid PRIMARY KEY,
    kind         text COLLATE "C" NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 100),
    -- By what a repetition is known.
    key          text COLLATE "C" NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
    workspace_id uuid,
    payload      jsonb NOT NULL,
    -- Where whoever does it was; written together with what was done.
    progress     jsonb,
    state        text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'dead', 'discarded')),
    attempts     integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- When it may be claimed next: of one that is claimed, when the lease is over.
    due_at       timestamptz NOT NULL,
    -- Whose it is: another for every claim, so that whoever lost it can write nothing.
    lease        uuid,
    last_error   text CHECK (char_length(last_error) <= 500),
    created_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    CONSTRAINT jobs_key_unique UNIQUE (kind, key),
    CONSTRAINT jobs_ended CHECK ((state = 'waiting') = (ended_at IS NULL)),
    CONSTRAINT jobs_leased CHECK (lease IS NULL OR state = 'waiting')
);
CREATE INDEX jobs_due ON activity.jobs (due_at, id) WHERE state = 'waiting';
CREATE INDEX jobs_ended_at ON activity.jobs (ended_at) WHERE state IN ('done', 'discarded');
CREATE INDEX jobs_by_workspace ON activity.jobs (workspace_id, id);

-- Wakes the workers of every instance when the transaction commits.
CREATE FUNCTION activity.wake_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('activity_jobs', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER jobs_wake AFTER INSERT ON activity.jobs
    FOR EACH STATEMENT EXECUTE FUNCTION activity.wake_workers();
