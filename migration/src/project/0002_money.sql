-- The money of projects: how they are billed, what was recorded, and which months are closed. What the amounts add up to
-- is the ledger's (module billing), which may lie in another database.

-- How a project is billed. Changed under the project's row lock; whoever records an operation shares that lock, so what
-- they read here holds until they have committed.
CREATE TABLE project.billing (
    project_id   uuid PRIMARY KEY REFERENCES project.projects (id) ON DELETE CASCADE,
    workspace_id uuid NOT NULL,
    -- Null while nobody said: a project's first operation fixes its currency, not how it is billed.
    kind         text CHECK (kind IN ('hourly', 'fixed', 'subscription', 'per_task', 'non_billable')),
    -- Minor units of the currency.
    rate         bigint CHECK (rate >= 0),
    budget       bigint CHECK (budget >= 0),
    currency     text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- How much of the budget is used up. Kept while there is a budget, and counted anew when one is set, so that
    -- projects without one have no row that everybody must update.
    invoiced     bigint NOT NULL DEFAULT 0,
    withdrawn    bigint NOT NULL DEFAULT 0,
    version      integer NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL
);

-- What was recorded. A row is never changed or deleted; it is taken back by another that says which.
CREATE TABLE project.operations (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('deposit', 'withdrawal', 'invoice', 'refund', 'reversal')),
    amount       bigint NOT NULL CHECK (amount > 0),
    currency     text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    description  text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000),
    occurred_on  date NOT NULL,
    over_budget  boolean NOT NULL DEFAULT false,
    recorded_at  timestamptz NOT NULL,
    recorded_by  uuid NOT NULL,
    reverses     uuid,
    -- Whose request it was, by its Idempotency-Key: kept for good, longer than replies are.
    request_key  bytea NOT NULL,
    proof_type   text,
    proof_name   text CHECK (char_length(proof_name) <= 255),
    proof_bytes  bigint,
    CONSTRAINT operations_requested_once UNIQUE (project_id, request_key),
    CONSTRAINT operations_reversed_once UNIQUE (reverses),
    CONSTRAINT operations_reversal_says_of_what CHECK ((kind = 'reversal') = (reverses IS NOT NULL)),
    CONSTRAINT operations_proof_whole CHECK ((proof_type IS NULL) = (proof_bytes IS NULL))
);
-- The list of a project, and what is summed up when a budget is set.
CREATE INDEX operations_by_project ON project.operations (workspace_id, project_id, recorded_at, id);

-- Months that are closed, or were once. A closed one takes no operation that is dated in it.
CREATE TABLE project.periods (
    id           uuid NOT NULL UNIQUE,
    workspace_id uuid NOT NULL,
    month        date NOT NULL CHECK (extract(day FROM month) = 1),
    is_closed    boolean NOT NULL,
    changed_at   timestamptz NOT NULL,
    changed_by   uuid NOT NULL,
    version      integer NOT NULL DEFAULT 1,
    CONSTRAINT periods_pkey PRIMARY KEY (workspace_id, month)
);

-- Two statements, each with a snapshot of its own: the second sees what the first waited out. Whoever closes or reopens
-- holds the same lock alone.
CREATE FUNCTION project.require_open_period() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('project periods ' || NEW.workspace_id, 0));
    IF EXISTS (
        SELECT FROM project.periods p
        WHERE p.workspace_id = NEW.workspace_id AND p.is_closed
            AND p.month = date_trunc('month', NEW.occurred_on::timestamp)::date
    ) THEN
        RAISE EXCEPTION 'the month of % is closed', NEW.occurred_on
            USING ERRCODE = 'check_violation', CONSTRAINT = 'operations_period_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER operations_period_open BEFORE INSERT ON project.operations
    FOR EACH ROW EXECUTE FUNCTION project.require_open_period();

CREATE FUNCTION project.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% of project.% is refused: it is only added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'operations_append_only';
END $$;
CREATE TRIGGER operations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project.operations
    FOR EACH STATEMENT EXECUTE FUNCTION project.refuse_change();
ALTER TABLE project.operations ENABLE ALWAYS TRIGGER operations_append_only;
ALTER TABLE project.operations ENABLE ALWAYS TRIGGER operations_period_open;
REVOKE UPDATE, DELETE, TRUNCATE ON project.operations FROM CURRENT_USER;
