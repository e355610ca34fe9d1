-- What can be subscribed to: plans of the platform, sold to workspaces, and of workspaces, sold to their members.

CREATE TABLE billing.plans (
    id           uuid PRIMARY KEY,
    -- Who sells it; the platform, where it is null.
    workspace_id uuid,
    code         text COLLATE "C" NOT NULL CHECK (code ~ '^[a-z][a-z0-9_-]{0,62}$'),
    -- The version that is sold. Former ones stay in force for who has them.
    version      integer NOT NULL CHECK (version > 0),
    is_active    boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT plans_code UNIQUE NULLS NOT DISTINCT (workspace_id, code)
);
CREATE INDEX plans_by_age ON billing.plans (workspace_id, created_at, id);

-- What was published, as it was published.
CREATE TABLE billing.plan_versions (
    plan_id      uuid NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    workspace_id uuid,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    description  text NOT NULL CHECK (char_length(description) <= 2000),
    -- Minor units of the currency, for each interval.
    price        bigint NOT NULL CHECK (price BETWEEN 0 AND 1000000000000),
    currency     text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    interval     text NOT NULL CHECK (interval IN ('month', 'year')),
    trial_days   smallint NOT NULL CHECK (trial_days BETWEEN 0 AND 365),
    -- {"limits": {"max_projects": 3}, "flags": {"priority_review": true}}
    features     jsonb NOT NULL CHECK (jsonb_typeof(features) = 'object'),
    benefits     jsonb NOT NULL CHECK (jsonb_typeof(benefits) = 'array'),
    -- The role that it gives to a member; only a workspace's plan has one. No foreign key: it lies in another schema.
    role_id      uuid CHECK (role_id IS NULL OR workspace_id IS NOT NULL),
    role_name    text,
    published_at timestamptz NOT NULL,
    published_by uuid,
    PRIMARY KEY (plan_id, version)
);

-- A version that was published is what somebody agreed to: it is neither changed nor taken away.
CREATE FUNCTION billing.refuse_republishing() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION '% of billing.plan_versions is refused: what was published stays', TG_OP
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'plan_versions_immutable';
END $$;
CREATE TRIGGER plan_versions_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON billing.plan_versions
    FOR EACH STATEMENT EXECUTE FUNCTION billing.refuse_republishing();
ALTER TABLE billing.plan_versions ENABLE ALWAYS TRIGGER plan_versions_immutable;
REVOKE UPDATE, DELETE, TRUNCATE ON billing.plan_versions FROM CURRENT_USER;
