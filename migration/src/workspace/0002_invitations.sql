-- Invitations, and the events of other modules that were acted upon.

CREATE TABLE workspace.invitations (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspace.workspaces (id),
    -- To an address, as the inviter wrote it and in lower case, or to somebody's account.
    email        text CHECK (char_length(email) BETWEEN 3 AND 254),
    email_key    text,
    user_id      uuid,
    -- Not a reference: a settled invitation outlives its role.
    role_id      uuid NOT NULL,
    hour_rate    bigint CHECK (hour_rate >= 0),
    -- Who answers for it: with their right to invite it ends.
    invited_by   uuid NOT NULL,
    status       text NOT NULL DEFAULT 'open'
        CHECK (status IN ('open', 'accepted', 'declined', 'revoked', 'expired')),
    -- What the mailed token is derived from, together with the server's secret. Another one ends the former link.
    token_id     uuid NOT NULL UNIQUE,
    -- How often it was sent since when; a day later it counts anew.
    sends        integer NOT NULL DEFAULT 1,
    sends_since  timestamptz NOT NULL,
    sent_at      timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    settled_at   timestamptz,
    -- Who accepted.
    accepted_by  uuid,
    CHECK ((email IS NULL) <> (user_id IS NULL)),
    CHECK ((email IS NULL) = (email_key IS NULL)),
    CHECK ((status = 'open') = (settled_at IS NULL)),
    CHECK ((status = 'accepted') = (accepted_by IS NOT NULL))
);
-- One open invitation per address, and one per account.
CREATE UNIQUE INDEX invitations_open_email ON workspace.invitations (workspace_id, email_key) WHERE status = 'open';
CREATE UNIQUE INDEX invitations_open_user ON workspace.invitations (workspace_id, user_id) WHERE status = 'open';
CREATE INDEX invitations_by_age ON workspace.invitations (workspace_id, created_at, id);
-- What waits for whom, and what was sent to them lately.
CREATE INDEX invitations_by_email ON workspace.invitations (email_key, id) WHERE email_key IS NOT NULL;
CREATE INDEX invitations_by_user ON workspace.invitations (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX invitations_by_role ON workspace.invitations (workspace_id, role_id) WHERE status = 'open';

-- Events that were acted upon, so that one that comes again changes nothing, whatever happened since.
CREATE TABLE workspace.heard (
    event_id     uuid NOT NULL,
    workspace_id uuid NOT NULL,
    heard_at     timestamptz NOT NULL,
    PRIMARY KEY (event_id, workspace_id)
);
