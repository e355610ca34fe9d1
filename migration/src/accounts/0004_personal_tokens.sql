-- Personal access tokens: for programs that act for a person. The row goes when the token is revoked.
CREATE TABLE accounts.personal_tokens (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES accounts.users (id) ON DELETE CASCADE,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- SHA-256 of 256 random bits.
    token_hash   bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    -- The one workspace that it reaches; null for all of its owner's.
    workspace_id uuid,
    -- A role document. Never changes: instances keep it compiled.
    permissions  jsonb NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    -- Written at most once a minute.
    last_used_at timestamptz
);
CREATE INDEX personal_tokens_by_user ON accounts.personal_tokens (user_id, id);
CREATE INDEX personal_tokens_by_expiry ON accounts.personal_tokens (expires_at);

-- Every instance keeps the tokens that it has seen, so it must hear of each that goes, and of each account that is
-- disabled, whoever does it.
CREATE FUNCTION accounts.tell_token_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('accounts_tokens', 'token:' || OLD.id::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER token_gone AFTER DELETE ON accounts.personal_tokens
    FOR EACH ROW EXECUTE FUNCTION accounts.tell_token_gone();

CREATE FUNCTION accounts.tell_user_disabled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('accounts_tokens', 'user:' || NEW.id::text);
    RETURN NULL;
END
$$;

CREATE TRIGGER user_disabled AFTER UPDATE OF status ON accounts.users
    FOR EACH ROW WHEN (OLD.status = 'active' AND NEW.status <> 'active')
    EXECUTE FUNCTION accounts.tell_user_disabled();
