-- Taking the key of a request that may be repeated, and looking for what was answered to it, in one round trip.

-- Takes the lock of a key until the transaction ends, if nobody has it, and answers what was kept for the key. Volatile,
-- and in a language whose statements each see what was committed before they began: the look-up must see what another
-- transaction kept that let go of the lock in this very instant. In one plain statement it would not, if that
-- transaction ended after the statement began.
CREATE FUNCTION {schema}.claim_key(
    lock_of_key bigint, hash_of_key bytea, OUT taken boolean, OUT body_hash bytea, OUT reply jsonb
)
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    taken := pg_try_advisory_xact_lock(lock_of_key);
    IF taken THEN
        SELECT kept.body_hash, kept.reply INTO body_hash, reply
        FROM {schema}.idempotency kept WHERE kept.key_hash = hash_of_key;
    END IF;
END
$$;
