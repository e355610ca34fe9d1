-- What people are told of, each once: an event that is heard again makes no second row.

-- Where each person's notifications end. Who adds one locks the row until the transaction ends, so that a person's
-- positions become visible in their order: whoever read up to one has missed none before it.
CREATE TABLE activity.feeds (
    user_id uuid PRIMARY KEY,
    last    bigint NOT NULL CHECK (last > 0)
);

CREATE TABLE activity.notifications (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    -- The person's own numbering: what a stream goes on from.
    seq          bigint NOT NULL CHECK (seq > 0),
    kind         text COLLATE "C" NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 100),
    -- The event that it tells of.
    cause        uuid NOT NULL,
    subject_kind text NOT NULL CHECK (char_length(subject_kind) BETWEEN 1 AND 100),
    subject_id   uuid NOT NULL,
    title        text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 300),
    body         text NOT NULL CHECK (char_length(body) <= 10000),
    data         jsonb NOT NULL,
    -- By what it is told: shown in the application, mailed.
    in_app       boolean NOT NULL,
    mail         boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    read_at      timestamptz,
    CONSTRAINT notifications_once UNIQUE (user_id, cause),
    CONSTRAINT notifications_told CHECK (in_app OR mail)
);
-- One's own list, newest first, and the stream. These lead by the person: one's own are read across workspaces.
CREATE INDEX notifications_of_person ON activity.notifications (user_id, seq) INCLUDE (workspace_id) WHERE in_app;
-- The unread ones, which are few: counted without looking at the table.
CREATE INDEX notifications_unread ON activity.notifications (user_id, seq) INCLUDE (workspace_id)
    WHERE in_app AND read_at IS NULL;
CREATE INDEX notifications_by_workspace ON activity.notifications (workspace_id, user_id, seq);
CREATE INDEX notifications_by_age ON activity.notifications (created_at);

-- What somebody wants to be told of otherwise than is usual.
CREATE TABLE activity.preferences (
    user_id uuid NOT NULL,
    kind    text COLLATE "C" NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 100),
    channel text COLLATE "C" NOT NULL CHECK (channel IN ('in_app', 'mail')),
    is_on   boolean NOT NULL,
    PRIMARY KEY (user_id, kind, channel)
);

-- Wakes the person's streams, on every instance, when the transaction commits.
CREATE FUNCTION activity.wake_streams() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('activity_feeds', NEW.user_id::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER notifications_wake AFTER INSERT ON activity.notifications
    FOR EACH ROW WHEN (NEW.in_app) EXECUTE FUNCTION activity.wake_streams();
