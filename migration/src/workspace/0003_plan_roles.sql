-- Roles that members hold by what they subscribed to.

-- What is known of each subscription: the role that it gives while it is in force. Told by billing, in any order; the
-- highest sequence is the last word.
CREATE TABLE workspace.plan_grants (
    workspace_id    uuid NOT NULL,
    user_id         uuid NOT NULL,
    subscription_id uuid NOT NULL,
    sequence        bigint NOT NULL,
    -- None where it gives none, or no more.
    role_id         uuid,
    PRIMARY KEY (workspace_id, user_id, subscription_id)
);

-- What came of it for a membership.
CREATE TABLE workspace.plan_roles (
    workspace_id uuid NOT NULL,
    user_id      uuid NOT NULL,
    -- Which membership: who left and came back has another.
    joined_at    timestamptz NOT NULL,
    -- The role that was given and the one they had before; none while none is.
    given_role   uuid,
    former_role  uuid,
    -- The subscription and role that somebody put another in the place of, by hand: that stays.
    yielded_to   uuid,
    yielded_role uuid,
    PRIMARY KEY (workspace_id, user_id),
    CHECK ((given_role IS NULL) = (former_role IS NULL))
);

-- How many members the workspace's own plan has room for, by what is known of its subscriptions to the platform.
CREATE TABLE workspace.plan_seats (
    workspace_id    uuid NOT NULL,
    subscription_id uuid NOT NULL,
    sequence        bigint NOT NULL,
    -- None where it bounds nothing, or is in force no more.
    max_members     bigint,
    PRIMARY KEY (workspace_id, subscription_id)
);
