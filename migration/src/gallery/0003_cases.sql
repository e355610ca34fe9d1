-- Approval as a case: appeals, who is at it, when it was decided. Reports. The trash.

ALTER TABLE gallery.images
    -- Whether what waits was rejected before and its uploader appealed.
    ADD COLUMN is_appeal     boolean NOT NULL DEFAULT false,
    -- Who looks at it, and until when nobody else decides.
    ADD COLUMN claimed_by    uuid,
    ADD COLUMN claimed_until timestamptz,
    -- When it was last approved or rejected, as long as that stands.
    ADD COLUMN decided_at    timestamptz,
    -- Since when it is in the trash, and who put it there. It keeps its status, and everything said of it.
    ADD COLUMN deleted_at    timestamptz,
    ADD COLUMN deleted_by    uuid,
    ADD CONSTRAINT images_appealed_wait CHECK (NOT is_appeal OR status = 'pending'),
    ADD CONSTRAINT images_claimed_wait
        CHECK ((claimed_by IS NULL) = (claimed_until IS NULL) AND (claimed_by IS NULL OR status = 'pending')),
    ADD CONSTRAINT images_decided CHECK (decided_at IS NULL OR status IN ('approved', 'rejected')),
    ADD CONSTRAINT images_trashed CHECK ((deleted_at IS NULL) = (deleted_by IS NULL));

UPDATE gallery.images i SET decided_at = coalesce(
    (SELECT max(e.at) FROM gallery.approval_events e
     WHERE e.workspace_id = i.workspace_id AND e.image_id = i.id AND e.to_status = i.status), i.updated_at)
WHERE status IN ('approved', 'rejected') AND workshop_id IS NULL;

CREATE INDEX images_decided ON gallery.images (workspace_id, status, decided_at, id) WHERE decided_at IS NOT NULL;
CREATE INDEX images_in_trash ON gallery.images (workspace_id, deleted_at, id) WHERE deleted_at IS NOT NULL;
-- For what empties the trash of all workspaces.
CREATE INDEX images_trashed_long_ago ON gallery.images (deleted_at) WHERE deleted_at IS NOT NULL;

ALTER TABLE gallery.approval_events
    -- A step back into the queue whose reason is the uploader's.
    ADD COLUMN is_appeal boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT approval_events_appeals
        CHECK (NOT is_appeal OR (from_status = 'rejected' AND to_status = 'pending' AND reason IS NOT NULL));

-- How a workspace's gallery is run. No row: approval is required.
CREATE TABLE gallery.settings (
    workspace_id uuid PRIMARY KEY,
    approval     text NOT NULL CHECK (approval IN ('required', 'off')),
    version      integer NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL
);

CREATE TABLE gallery.reports (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    image_id     uuid NOT NULL REFERENCES gallery.images (id) ON DELETE CASCADE,
    reporter_id  uuid NOT NULL,
    reason_code  text NOT NULL CHECK (reason_code ~ '^[a-z0-9_]{1,64}$'),
    reason       text CHECK (char_length(reason) BETWEEN 1 AND 2000),
    status       text NOT NULL CHECK (status IN ('open', 'upheld', 'dismissed')),
    handler_id   uuid,
    handled_at   timestamptz,
    note         text CHECK (char_length(note) BETWEEN 1 AND 2000),
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    CHECK ((status = 'open') = (handled_at IS NULL) AND (status = 'open') = (handler_id IS NULL))
);

-- Nobody has two open reports of one image.
CREATE UNIQUE INDEX reports_once ON gallery.reports (workspace_id, image_id, reporter_id) WHERE status = 'open';
CREATE INDEX reports_by_age ON gallery.reports (workspace_id, created_at, id);
CREATE INDEX reports_by_state ON gallery.reports (workspace_id, status, created_at, id);
-- For the foreign key.
CREATE INDEX reports_of_image ON gallery.reports (image_id);
