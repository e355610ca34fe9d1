-- What is proven by mail: that someone reads the mail of an address. And from where people sign in.

-- When the address was last proven; null until it was.
ALTER TABLE accounts.users ADD COLUMN email_verified_at timestamptz;

-- Something that was mailed to someone, to be given back: a code, a link, or both. Neither is kept here: they are
-- derived from the id and the server's secret.
CREATE TABLE accounts.proofs (
    id         uuid PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN
        ('password_reset', 'password_setup', 'email_verification', 'email_change', 'email_undo', 'sign_up')),
    -- Null while there is no account yet.
    user_id    uuid REFERENCES accounts.users (id) ON DELETE CASCADE,
    -- The address that it is mailed to, and that is proven by giving it back.
    email      text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    email_key  text NOT NULL,
    -- Guesses of the code. The link can't be guessed, and is not counted: a stranger's guesses don't spoil it.
    tries      smallint NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    -- How often it was mailed, and when last.
    mails      smallint NOT NULL DEFAULT 1,
    mailed_at  timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- When it was used, or made worthless by another.
    ended_at   timestamptz,
    CHECK ((user_id IS NULL) = (purpose = 'sign_up'))
);
CREATE INDEX proofs_by_address ON accounts.proofs (email_key, purpose, id);
CREATE INDEX proofs_by_user ON accounts.proofs (user_id, purpose, id);
CREATE INDEX proofs_by_expiry ON accounts.proofs (expires_at);

-- Who wants an account and has still to prove the address, where that is required. Each try has a row of its own, with
-- its own link: whoever signs up with somebody else's address changes nothing for them.
CREATE TABLE accounts.sign_ups (
    proof_id      uuid PRIMARY KEY REFERENCES accounts.proofs (id) ON DELETE CASCADE,
    username      text,
    first_name    text,
    last_name     text,
    password_hash text NOT NULL,
    workspace_id  uuid,
    role_id       uuid,
    CHECK ((workspace_id IS NULL) = (role_id IS NULL))
);

-- Whoever can still undo a change of address keeps the old one for themselves: otherwise a thief would change the
-- address, sign up anew with the old one, and the owner could not have it back. A trigger, so that no way past it is
-- forgotten; it sees what committed while the insertion waited for the address to become free.
CREATE FUNCTION accounts.keep_for_undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts.proofs
               WHERE purpose = 'email_undo' AND email_key = NEW.email_key AND user_id <> NEW.id
                 AND ended_at IS NULL AND expires_at > NEW.updated_at) THEN
        RAISE unique_violation USING CONSTRAINT = 'users_email_unique', MESSAGE = 'the address is kept for its last owner';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER email_kept_for_undo AFTER INSERT OR UPDATE OF email_key ON accounts.users
    FOR EACH ROW EXECUTE FUNCTION accounts.keep_for_undo();

-- From where someone signed in: a mark of browser and network that nobody can read without the server's secret.
CREATE TABLE accounts.places (
    user_id      uuid NOT NULL REFERENCES accounts.users (id) ON DELETE CASCADE,
    mark         bytea NOT NULL CHECK (octet_length(mark) = 32),
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, mark)
);
CREATE INDEX places_by_age ON accounts.places (last_seen_at);
