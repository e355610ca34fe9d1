-- What slows down guessing: counted attempts, and what an account's owner is known by.

-- Attempts that failed or still run, by who tried and what: keyed hashes of both, so that the table tells nobody
-- anything. Unlogged, because every attempt writes here and none of it is worth a flush to disk: a clean restart keeps
-- it, and after a crash guessing begins anew with its few free attempts. No index but the key: updates stay in place.
CREATE UNLOGGED TABLE accounts.brake_buckets (
    key        bytea PRIMARY KEY,
    -- As of counted_at; one is forgiven for every so many seconds since, how many is the program's to say.
    failures   integer NOT NULL,
    counted_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- The devices that someone has signed in with. Their tokens are derived from the server's secret; here is which of
-- them still count.
CREATE TABLE accounts.devices (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES accounts.users (id) ON DELETE CASCADE,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL
);
CREATE INDEX devices_by_user ON accounts.devices (user_id);
CREATE INDEX devices_by_use ON accounts.devices (last_used_at);

-- The networks from which someone has signed in lately: a keyed hash of a name that they go by and the network.
CREATE TABLE accounts.familiar_networks (
    mark    bytea PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES accounts.users (id) ON DELETE CASCADE,
    seen_at timestamptz NOT NULL
);
CREATE INDEX familiar_networks_by_user ON accounts.familiar_networks (user_id);
CREATE INDEX familiar_networks_by_sight ON accounts.familiar_networks (seen_at);

-- The seconds from `moment` until the next attempt is let in. `failures` are free up to `free`; then the wait doubles with
-- each, from `first` to `forgive` seconds.
CREATE FUNCTION accounts.brake_wait(
    failures integer, counted_at timestamptz, free integer, first double precision, forgive double precision,
    moment timestamptz
) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN failures < free THEN 0
        ELSE least(forgive, first * 2 ^ (failures - free)) - extract(epoch FROM moment - counted_at) END
$$;

-- Lets an attempt in, and counts it as failed in each of its buckets, or in none if one of them refuses it. Answers the
-- seconds to wait; 0 or less for who is in. `buckets` is a list of {key, free, first, forgive}, keys in hexadecimal.
CREATE FUNCTION accounts.brake_attempt(buckets jsonb, moment timestamptz) RETURNS double precision LANGUAGE plpgsql AS $$
DECLARE
    wait double precision;
BEGIN
    -- Whoever is refused by what all can see is refused without a lock and without a write.
    SELECT max(accounts.brake_wait(kept.failures, kept.counted_at, wanted.free, wanted.first, wanted.forgive, moment))
        INTO wait
        FROM jsonb_to_recordset(buckets)
            AS wanted (key text, free integer, first double precision, forgive double precision)
        JOIN accounts.brake_buckets kept ON kept.key = decode(wanted.key, 'hex');
    IF wait > 0 THEN
        RETURN wait;
    END IF;

    -- All buckets are locked, in the order of their keys: two attempts never wait for each other in a circle.
    INSERT INTO accounts.brake_buckets AS kept (key, failures, counted_at)
        SELECT decode(wanted.key, 'hex'), 0, moment FROM jsonb_to_recordset(buckets) AS wanted (key text) ORDER BY 1
        ON CONFLICT (key) DO UPDATE SET failures = kept.failures;
    -- A statement of its own, so that it sees what it waited for.
    SELECT max(accounts.brake_wait(kept.failures, kept.counted_at, wanted.free, wanted.first, wanted.forgive, moment))
        INTO wait
        FROM jsonb_to_recordset(buckets)
            AS wanted (key text, free integer, first double precision, forgive double precision)
        JOIN accounts.brake_buckets kept ON kept.key = decode(wanted.key, 'hex');
    IF wait > 0 THEN
        RETURN wait;
    END IF;
    -- Whole failures are forgiven, from the last one on; a clock that went back forgives none.
    UPDATE accounts.brake_buckets AS kept
        SET failures = 1 + greatest(0, kept.failures
                - floor(greatest(0, extract(epoch FROM moment - kept.counted_at)) / wanted.forgive)::integer),
            counted_at = greatest(kept.counted_at, moment)
        FROM jsonb_to_recordset(buckets) AS wanted (key text, forgive double precision)
        WHERE kept.key = decode(wanted.key, 'hex');
    RETURN 0;
END
$$;

-- Takes back what an attempt was counted for: it was none.
CREATE FUNCTION accounts.brake_release(buckets jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM accounts.brake_buckets kept
        WHERE kept.key IN (SELECT decode(released.key, 'hex') FROM jsonb_to_recordset(buckets) AS released (key text))
        ORDER BY kept.key FOR UPDATE;
    UPDATE accounts.brake_buckets kept SET failures = kept.failures - 1
        WHERE kept.failures > 0 AND kept.key IN
            (SELECT decode(released.key, 'hex') FROM jsonb_to_recordset(buckets) AS released (key text));
END
$$;

-- Who disabled an account, and so who may enable it again: a workspace's administrator, or the platform's.
ALTER TABLE accounts.users ADD COLUMN disabled_by text CHECK (disabled_by IN ('workspace', 'platform'));
-- Who did it so far isn't known; a workspace could undo it until now.
UPDATE accounts.users SET disabled_by = 'workspace' WHERE status = 'disabled';
