-- What was written to everyone who attends a workshop.
CREATE TABLE workshop.broadcasts (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    workshop_id  uuid NOT NULL REFERENCES workshop.workshops (id),
    sender_id    uuid NOT NULL,
    title        text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    body         text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 10000),
    recipients   integer NOT NULL,
    created_at   timestamptz NOT NULL
);
CREATE INDEX broadcasts_by_workshop ON workshop.broadcasts (workspace_id, workshop_id, created_at);

-- To whom: who had a seat in the instant in which it was sent, whoever comes and goes later.
CREATE TABLE workshop.broadcast_recipients (
    broadcast_id uuid NOT NULL REFERENCES workshop.broadcasts (id) ON DELETE CASCADE,
    user_id      uuid NOT NULL,
    workspace_id uuid NOT NULL,
    CONSTRAINT broadcast_recipients_pkey PRIMARY KEY (broadcast_id, user_id)
);

-- The secret address of a person's calendar. Kept is its hash: whoever reads this table can't read the calendar by it.
CREATE TABLE workshop.feeds (
    user_id    uuid PRIMARY KEY,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    created_at timestamptz NOT NULL,
    CONSTRAINT feeds_token_unique UNIQUE (token_hash)
);
