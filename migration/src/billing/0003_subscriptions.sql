-- Who subscribed to what, and how that stands.

CREATE TABLE billing.subscriptions (
    id            uuid PRIMARY KEY,
    -- The workspace in which it lies: the seller's, or the one that the platform's plan is for.
    workspace_id  uuid NOT NULL,
    -- Who subscribed: a member; nobody in particular, where it is the workspace's own plan.
    user_id       uuid,
    plan_id       uuid NOT NULL,
    plan_version  integer NOT NULL,
    status        text NOT NULL CHECK (status IN ('trialing', 'active', 'past_due', 'grace', 'canceled', 'expired')),
    -- Whether it gives what its plan gives.
    in_force      boolean NOT NULL,
    -- When something happens to it by itself.
    due_at        timestamptz,
    -- The state whole, as the program reckons with it; what is beside it is for finding and showing.
    state         jsonb NOT NULL,
    -- How many times something became of it.
    sequence      bigint NOT NULL,
    created_by    uuid,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    CHECK ((due_at IS NULL) = (status IN ('canceled', 'expired')))
);
-- No foreign key to what was published: its check locks the row, which takes the right to update it, and nobody has that.
-- One at a time: of a member in a workspace, and of a workspace with the platform.
CREATE UNIQUE INDEX subscriptions_one_at_a_time ON billing.subscriptions (workspace_id, user_id) NULLS NOT DISTINCT
    WHERE status NOT IN ('canceled', 'expired');
CREATE INDEX subscriptions_by_age ON billing.subscriptions (workspace_id, created_at DESC, id DESC);
CREATE INDEX subscriptions_by_user ON billing.subscriptions (workspace_id, user_id, created_at DESC, id DESC);
CREATE INDEX subscriptions_due ON billing.subscriptions (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX subscriptions_by_plan ON billing.subscriptions (plan_id) WHERE status NOT IN ('canceled', 'expired');

-- Trials that were given: one each, of each plan, for good.
CREATE TABLE billing.trials (
    workspace_id uuid NOT NULL,
    user_id      uuid,
    plan_id      uuid NOT NULL,
    begun_at     timestamptz NOT NULL,
    CONSTRAINT trials_once UNIQUE NULLS NOT DISTINCT (workspace_id, user_id, plan_id)
);

-- How far ahead the time of a workspace's billing is, where somebody moved it to try things out.
CREATE TABLE billing.test_clocks (
    workspace_id uuid PRIMARY KEY,
    ahead        interval NOT NULL CHECK (ahead >= interval '0'),
    moved_at     timestamptz NOT NULL
);
