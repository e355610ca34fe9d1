-- Second factors: a secret that an app makes codes of, and codes for the day when the app is lost.

CREATE TABLE accounts.second_factors (
    user_id      uuid PRIMARY KEY REFERENCES accounts.users (id) ON DELETE CASCADE,
    -- Encrypted with the server's secret, bound to the user.
    secret       bytea NOT NULL,
    -- Null until the first code was right; before that it asks nothing of anybody.
    confirmed_at timestamptz,
    -- The time step of the last code that was taken: that one and those before are never taken again.
    last_step    bigint,
    -- Codes tried since then, whichever door they were tried at; a right one begins anew.
    tries        integer NOT NULL DEFAULT 0,
    tries_since  timestamptz NOT NULL,
    created_at   timestamptz NOT NULL
);

-- Each is good once. Kept as a keyed hash; the row goes when it is used.
CREATE TABLE accounts.recovery_codes (
    id      uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES accounts.second_factors (user_id) ON DELETE CASCADE,
    mark    bytea NOT NULL CHECK (octet_length(mark) = 32),
    CONSTRAINT recovery_codes_unique UNIQUE (user_id, mark)
);

-- Sign-ins whose password was right and that wait for the second factor. The token is derived from the id.
CREATE TABLE accounts.mfa_challenges (
    id            uuid PRIMARY KEY,
    user_id       uuid NOT NULL REFERENCES accounts.users (id) ON DELETE CASCADE,
    -- SHA-256 of the password's hash: once the password is another, what it began leads nowhere.
    password_mark bytea NOT NULL CHECK (octet_length(password_mark) = 32),
    tries         integer NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL
);
CREATE INDEX mfa_challenges_by_user ON accounts.mfa_challenges (user_id);
CREATE INDEX mfa_challenges_by_expiry ON accounts.mfa_challenges (expires_at);
