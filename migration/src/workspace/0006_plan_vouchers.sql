-- Who answers for it that a plan gives a role: whoever last published the plan with it. They have to cover the role whenever
-- it is given. Told by billing, in any order; the highest version is the last word.
CREATE TABLE workspace.plan_vouchers (
    workspace_id uuid NOT NULL,
    plan_id      uuid NOT NULL,
    role_id      uuid NOT NULL,
    version      integer NOT NULL,
    -- None where the program did, which nothing is beyond.
    user_id      uuid,
    PRIMARY KEY (workspace_id, plan_id, role_id)
);

ALTER TABLE workspace.plan_grants
    -- The plan; not known of what was last told before there were vouchers.
    ADD COLUMN plan_id uuid,
    -- Whether the role isn't given, and that was told.
    ADD COLUMN withheld boolean NOT NULL DEFAULT false;

-- What may be to be made up for when somebody gets another role, or a plan is published anew.
CREATE INDEX plan_grants_withheld ON workspace.plan_grants (workspace_id) WHERE withheld;
