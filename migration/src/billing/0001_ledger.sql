-- The ledger: append-only double entry. What makes it one is kept by this schema, whoever writes: per transfer and
-- currency the entries sum to zero, a committed transfer takes no further entry, and nothing is changed or deleted.

-- What money is counted in. Made with their first entry, never changed.
CREATE TABLE billing.accounts (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    -- What it counts for its owner, as 'cash' or 'receivable'; a word of the domain that keeps it.
    kind         text NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,39}$'),
    -- Whose, as the id of a project. No foreign key: it lies in another schema.
    owner_id     uuid NOT NULL,
    currency     text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT accounts_one_each UNIQUE (workspace_id, owner_id, kind, currency)
);

CREATE TABLE billing.transfers (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    -- By what a repetition is known.
    key          text COLLATE "C" NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    -- The transfer that this one takes back, if it does.
    reverses     uuid,
    -- The day that it counts for, and the moment it was posted.
    occurred_on  date NOT NULL,
    posted_at    timestamptz NOT NULL,
    -- Nobody, when the program did it.
    actor_id     uuid,
    -- The transaction that made it; written by a trigger. No other may add entries.
    made_in      xid8 NOT NULL,
    CONSTRAINT transfers_once UNIQUE (workspace_id, key),
    CONSTRAINT transfers_reversed_once UNIQUE (reverses)
);

CREATE TABLE billing.entries (
    transfer_id  uuid NOT NULL,
    line         smallint NOT NULL CHECK (line > 0),
    workspace_id uuid NOT NULL,
    account_id   uuid NOT NULL,
    currency     text COLLATE "C" NOT NULL,
    -- Minor units of the currency; a debit is positive, a credit negative.
    amount       bigint NOT NULL CHECK (amount <> 0),
    -- The transfer's; written by a trigger. Here, so that the index alone answers for a balance of any day and moment.
    occurred_on  date NOT NULL,
    posted_at    timestamptz NOT NULL,
    CONSTRAINT entries_pkey PRIMARY KEY (transfer_id, line)
);
-- No foreign keys between the three: their checks lock the row that is referred to, which needs the right to update it
-- and makes a hot account hotter. Rows that nobody can change or delete need no lock; the triggers below look.
CREATE INDEX entries_by_account ON billing.entries (workspace_id, account_id, occurred_on) INCLUDE (posted_at, amount);


-- A transfer is stamped with the transaction that makes it. One that takes another back names one of its workspace that
-- takes none back itself.
CREATE FUNCTION billing.stamp_transfer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    NEW.made_in := pg_current_xact_id();
    IF NEW.reverses IS NOT NULL AND NOT EXISTS (
        SELECT FROM billing.transfers t
        WHERE t.id = NEW.reverses AND t.workspace_id = NEW.workspace_id AND t.reverses IS NULL
    ) THEN
        RAISE EXCEPTION 'there is no transfer % to reverse', NEW.reverses
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'transfers_reverse_a_transfer';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transfers_stamped BEFORE INSERT ON billing.transfers
    FOR EACH ROW EXECUTE FUNCTION billing.stamp_transfer();

-- An entry comes with its transfer, in one transaction, or not at all; into an account of its currency.
CREATE FUNCTION billing.stamp_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    transfer record;
BEGIN
    SELECT t.occurred_on, t.posted_at, t.made_in INTO transfer
        FROM billing.transfers t WHERE t.id = NEW.transfer_id AND t.workspace_id = NEW.workspace_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no transfer %', NEW.transfer_id
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entries_of_transfer';
    END IF;
    IF transfer.made_in <> pg_current_xact_id() THEN
        RAISE EXCEPTION 'transfer % is posted and takes no further entry', NEW.transfer_id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'entries_with_transfer';
    END IF;
    IF NOT EXISTS (
        SELECT FROM billing.accounts a
        WHERE a.id = NEW.account_id AND a.workspace_id = NEW.workspace_id AND a.currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'there is no account % in %', NEW.account_id, NEW.currency
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entries_in_account';
    END IF;
    NEW.occurred_on := transfer.occurred_on;
    NEW.posted_at := transfer.posted_at;
    RETURN NEW;
END $$;
CREATE TRIGGER entries_stamped BEFORE INSERT ON billing.entries
    FOR EACH ROW EXECUTE FUNCTION billing.stamp_entry();

-- Asked when the transaction commits: a transfer has two entries or more, which sum to zero in each currency; one that
-- takes another back mirrors it, account by account.
CREATE FUNCTION billing.require_balance() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    checked uuid;
    reversed uuid;
    lines bigint;
    off bigint;
BEGIN
    IF TG_TABLE_NAME = 'transfers' THEN
        checked := NEW.id;
        reversed := NEW.reverses;
    ELSE
        checked := NEW.transfer_id;
        SELECT t.reverses INTO reversed FROM billing.transfers t WHERE t.id = checked;
    END IF;
    SELECT coalesce(sum(c.lines), 0), count(*) FILTER (WHERE c.total <> 0) INTO lines, off
        FROM (SELECT count(*) AS lines, sum(e.amount) AS total
              FROM billing.entries e WHERE e.transfer_id = checked GROUP BY e.currency) c;
    IF lines < 2 OR off > 0 THEN
        RAISE EXCEPTION 'transfer % does not balance', checked
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'transfers_balance';
    END IF;
    IF reversed IS NOT NULL AND EXISTS (
        SELECT FROM billing.entries e WHERE e.transfer_id IN (checked, reversed)
        GROUP BY e.account_id HAVING sum(e.amount) <> 0
    ) THEN
        RAISE EXCEPTION 'transfer % is no mirror of %', checked, reversed
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'transfers_mirror';
    END IF;
    RETURN NULL;
END $$;
-- On both tables: a transfer without entries is none, and entries may come after `SET CONSTRAINTS ALL IMMEDIATE`.
CREATE CONSTRAINT TRIGGER transfers_balance AFTER INSERT ON billing.transfers
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.require_balance();
CREATE CONSTRAINT TRIGGER entries_balance AFTER INSERT ON billing.entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION billing.require_balance();

-- Nothing is changed or deleted, not even nothing: the statement itself is refused.
CREATE FUNCTION billing.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% of billing.% is refused: the ledger is only added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_append_only';
END $$;

DO $$
DECLARE
    ledger text;
    guard record;
BEGIN
    FOREACH ledger IN ARRAY ARRAY['accounts', 'transfers', 'entries'] LOOP
        EXECUTE format('CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_change()', ledger);
    END LOOP;
    -- ALWAYS: also where session_replication_role says that triggers rest.
    FOR guard IN
        SELECT t.tgname, t.tgrelid::regclass AS of FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'billing'::regnamespace AND NOT t.tgisinternal
            AND c.relname IN ('accounts', 'transfers', 'entries')
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.of, guard.tgname);
    END LOOP;
END $$;

-- Posts a transfer in one round trip, making the accounts that are new. Answers its id and whether it is new: a
-- repetition of the key answers the first one, if it asks for the same.
CREATE FUNCTION billing.post(
    transfer uuid, workspace uuid, by_key text, reversed uuid, on_day date, at timestamptz, actor uuid,
    account_ids uuid[], kinds text[], owners uuid[], currencies text[], amounts bigint[],
    OUT id uuid, OUT is_new boolean
) LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO billing.transfers (id, workspace_id, key, reverses, occurred_on, posted_at, actor_id, made_in)
        VALUES (transfer, workspace, by_key, reversed, on_day, at, actor, pg_current_xact_id())
        ON CONFLICT ON CONSTRAINT transfers_once DO NOTHING;
    IF FOUND THEN
        INSERT INTO billing.accounts (id, workspace_id, kind, owner_id, currency, created_at)
            SELECT DISTINCT n.account_id, workspace, n.kind, n.owner, n.currency, at
            FROM unnest(account_ids, kinds, owners, currencies) AS n (account_id, kind, owner, currency)
            ON CONFLICT DO NOTHING;
        INSERT INTO billing.entries (transfer_id, line, workspace_id, account_id, currency, amount, occurred_on, posted_at)
            SELECT transfer, n.line, workspace, n.account_id, n.currency, n.amount, on_day, at
            FROM unnest(account_ids, currencies, amounts) WITH ORDINALITY AS n (account_id, currency, amount, line);
        id := transfer;
        is_new := true;
        RETURN;
    END IF;
    SELECT t.id INTO post.id FROM billing.transfers t
        WHERE t.workspace_id = workspace AND t.key = by_key
            AND t.reverses IS NOT DISTINCT FROM reversed AND t.occurred_on = on_day;
    is_new := false;
    IF post.id IS NULL OR (SELECT array_agg((e.account_id, e.currency, e.amount)::text ORDER BY e.line)
            FROM billing.entries e WHERE e.transfer_id = post.id)
        IS DISTINCT FROM (SELECT array_agg((n.account_id, n.currency, n.amount)::text ORDER BY n.line)
            FROM unnest(account_ids, currencies, amounts) WITH ORDINALITY AS n (account_id, currency, amount, line))
    THEN
        RAISE EXCEPTION 'key % was used for another transfer', by_key
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'transfers_once';
    END IF;
END $$;

-- Who owns a table may do anything to it by default; here, nothing but look and add.
REVOKE UPDATE, DELETE, TRUNCATE ON billing.accounts, billing.transfers, billing.entries FROM CURRENT_USER;
