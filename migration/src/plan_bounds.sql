-- What plans bound of the things that a module keeps, as of the last word about each subscription: so that the transaction which
-- uses something up goes by what is in force when it commits, and not by what was a moment before it began. Told by billing, in
-- any order; the highest sequence is the last word.
CREATE TABLE {schema}.plan_bounds (
    workspace_id    uuid NOT NULL,
    subscription_id uuid NOT NULL,
    -- The member who subscribed; none where it is the workspace.
    user_id         uuid,
    sequence        bigint NOT NULL,
    -- None where it bounds nothing, or is in force no more.
    most            bigint,
    PRIMARY KEY (workspace_id, subscription_id)
);
CREATE INDEX plan_bounds_of_member ON {schema}.plan_bounds (workspace_id, user_id);

-- The bounds that hold for a member until the transaction ends: of each subscription the later word, of what is kept here and of
-- what billing told before the transaction began. Volatile, and in a language whose statements each see what was committed before
-- they began: the second must see what the lock waited for.
CREATE FUNCTION {schema}.plan_bounds_now(
    of_workspace uuid, of_user uuid, told jsonb, OUT of_member bigint, OUT of_all bigint
)
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('{schema} bounds ' || of_workspace, 0));
    SELECT min(w.most) FILTER (WHERE w.user_id IS NOT NULL), min(w.most) FILTER (WHERE w.user_id IS NULL)
    INTO of_member, of_all
    FROM (
        SELECT DISTINCT ON (word.subscription_id) word.user_id, word.most
        FROM (
            SELECT k.subscription_id, k.user_id, k.sequence, k.most FROM {schema}.plan_bounds k
            WHERE k.workspace_id = of_workspace AND k.user_id = of_user
            UNION ALL
            SELECT k.subscription_id, k.user_id, k.sequence, k.most FROM {schema}.plan_bounds k
            WHERE k.workspace_id = of_workspace AND k.user_id IS NULL
            UNION ALL
            SELECT t.subscription_id, t.user_id, t.sequence, t.most
            FROM jsonb_to_recordset(told) AS t (subscription_id uuid, user_id uuid, sequence bigint, most bigint)
        ) word
        ORDER BY word.subscription_id, word.sequence DESC
    ) w;
END
$$;

-- Keeps a word, once those who go by another have committed.
CREATE FUNCTION {schema}.note_plan_bound(
    of_workspace uuid, of_subscription uuid, of_user uuid, its_sequence bigint, its_most bigint
)
RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('{schema} bounds ' || of_workspace, 0));
    INSERT INTO {schema}.plan_bounds AS k (workspace_id, subscription_id, user_id, sequence, most)
    VALUES (of_workspace, of_subscription, of_user, its_sequence, its_most)
    ON CONFLICT (workspace_id, subscription_id) DO UPDATE SET sequence = EXCLUDED.sequence, most = EXCLUDED.most
    WHERE k.sequence < EXCLUDED.sequence;
END
$$;
