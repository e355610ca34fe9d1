-- People: their accounts, profiles and sign-ins.

CREATE TABLE accounts.users (
    id            uuid PRIMARY KEY,
    -- As the person writes it.
    email         text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    -- In lower case, by which it is unique and found. The application folds it: lower() depends on the locale.
    email_key     text NOT NULL CONSTRAINT users_email_unique UNIQUE,
    -- Always in lower case, so it is unique whatever the case.
    username      text CHECK (username ~ '^[a-z0-9_.-]{3,32}$') CONSTRAINT users_username_unique UNIQUE,
    first_name    text CHECK (char_length(first_name) BETWEEN 1 AND 100),
    last_name     text CHECK (char_length(last_name) BETWEEN 1 AND 100),
    -- A PHC string; null until the person has chosen a password.
    password_hash text,
    status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    -- The workspace whose administrator made the account; null for whoever signed up.
    created_via   uuid,
    version       integer NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
-- For searches by the beginning of a word, whatever the database's collation.
CREATE INDEX users_by_email_prefix ON accounts.users (email_key text_pattern_ops);
CREATE INDEX users_by_username_prefix ON accounts.users (username text_pattern_ops);
CREATE INDEX users_by_first_name_prefix ON accounts.users (lower(first_name) text_pattern_ops);
CREATE INDEX users_by_last_name_prefix ON accounts.users (lower(last_name) text_pattern_ops);

CREATE TABLE accounts.profiles (
    user_id      uuid PRIMARY KEY REFERENCES accounts.users (id) ON DELETE CASCADE,
    bio          text NOT NULL DEFAULT '' CHECK (char_length(bio) <= 500),
    description  text NOT NULL DEFAULT '' CHECK (char_length(description) <= 5000),
    -- A BCP 47 tag, as in de-CH.
    locale       text CHECK (char_length(locale) BETWEEN 2 AND 35),
    -- An IANA name, as in Europe/Zurich.
    timezone     text CHECK (char_length(timezone) BETWEEN 1 AND 64),
    avatar_emoji text CHECK (char_length(avatar_emoji) BETWEEN 1 AND 16),
    avatar_color text CHECK (avatar_color ~ '^#[0-9a-f]{6}$'),
    version      integer NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL,
    CHECK ((avatar_emoji IS NULL) = (avatar_color IS NULL))
);

-- One row per sign-in. There is no foreign key to the user: of an erased account the ended sessions stay for as long
-- as a token of theirs could still be shown somewhere, blanked of everything but that they ended.
CREATE TABLE accounts.sessions (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    user_agent   text CHECK (char_length(user_agent) <= 256),
    address      text CHECK (char_length(address) <= 64),
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    -- Moves ahead with every refresh.
    expires_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX sessions_by_user ON accounts.sessions (user_id, id) WHERE revoked_at IS NULL;
-- What an instance reads when it begins to listen, and what the sweep deletes.
CREATE INDEX sessions_by_end ON accounts.sessions (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_by_expiry ON accounts.sessions (expires_at);

-- A session's refresh tokens, the used ones included: that is how a stolen one is recognised. Only hashes are kept.
CREATE TABLE accounts.refresh_tokens (
    id           uuid PRIMARY KEY,
    session_id   uuid NOT NULL REFERENCES accounts.sessions (id) ON DELETE CASCADE,
    token_hash   bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    created_at   timestamptz NOT NULL,
    replaced_at  timestamptz,
    successor_id uuid,
    CHECK ((replaced_at IS NULL) = (successor_id IS NULL))
);
CREATE INDEX refresh_tokens_by_session ON accounts.refresh_tokens (session_id);
CREATE INDEX refresh_tokens_by_replacement ON accounts.refresh_tokens (replaced_at) WHERE replaced_at IS NOT NULL;

-- Every instance keeps the ended sessions in memory, so it must hear of each, whoever ends it.
CREATE FUNCTION accounts.tell_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('accounts_sessions', NEW.id::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER session_ended AFTER UPDATE OF revoked_at ON accounts.sessions
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION accounts.tell_session_ended();
