-- What is due by the time of a workspace of its own: looked for workspace by workspace, oldest first.
CREATE INDEX subscriptions_due_by_workspace ON billing.subscriptions (workspace_id, due_at, id) WHERE due_at IS NOT NULL;
