-- Which end of a membership was told: memberships end by time, and somebody has to say so.
ALTER TABLE workspace.members ADD COLUMN expiry_told timestamptz;

-- Those whose end isn't told, whatever their workspace, in the order in which they end.
CREATE INDEX members_to_end ON workspace.members (expires_at)
    WHERE status = 'active' AND expires_at IS DISTINCT FROM expiry_told;
