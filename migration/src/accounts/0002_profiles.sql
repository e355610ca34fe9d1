-- What a profile has besides its texts, and the codes by which a phone number is confirmed.

ALTER TABLE accounts.profiles
    -- Sealed by the application: neither this table nor a dump of it tells it.
    ADD COLUMN national_id        bytea,
    -- As ITU-T E.164 has it.
    ADD COLUMN phone              text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    ADD COLUMN phone_confirmed_at timestamptz CHECK (phone_confirmed_at IS NULL OR phone IS NOT NULL),
    -- An uploaded picture: its object's name, the hash of its bytes, and what they are.
    ADD COLUMN avatar_image       uuid,
    ADD COLUMN avatar_hash        bytea CHECK (octet_length(avatar_hash) = 32),
    ADD COLUMN avatar_type        text CHECK (avatar_type IN ('image/jpeg', 'image/png')),
    -- Since when nothing is missing; null while something is.
    ADD COLUMN onboarded_at       timestamptz,
    ADD CHECK ((avatar_image IS NULL) = (avatar_hash IS NULL) AND (avatar_hash IS NULL) = (avatar_type IS NULL));

-- The code that is out for someone, and how often they asked for one and tried it. There is no code in it: that is
-- derived from the attempt and the server's secret. No foreign key to the user: its check would lock the account after the
-- profile, where an edit of the account locks them the other way round. Rows of erased accounts are deleted when that is told.
CREATE TABLE accounts.phone_codes (
    user_id    uuid PRIMARY KEY,
    attempt_id uuid NOT NULL,
    -- The number that it was sent to.
    phone      text NOT NULL,
    sent_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries      integer NOT NULL DEFAULT 0,
    used_at    timestamptz,
    -- How many were sent since when.
    day_began  timestamptz NOT NULL,
    sent_today integer NOT NULL DEFAULT 1
);
CREATE INDEX phone_codes_by_age ON accounts.phone_codes (sent_at);
