-- Whether somebody's address is theirs, and whether they are onboarded.

-- Set when they come by a link that was mailed to the address.
ALTER TABLE accounts.users ADD COLUMN IF NOT EXISTS email_verified_at timestamptz;

-- The log knows who is onboarded; asked when somebody gets a role that promises another.
CREATE INDEX outbox_onboarded ON accounts.outbox (resource_id) WHERE action = 'accounts.onboarding_completed';
