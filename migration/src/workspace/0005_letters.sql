-- How many letters went out for somebody who invites, in whatever workspaces.
CREATE INDEX invitations_by_inviter ON workspace.invitations (invited_by, sends_since);
