-- Images and the history of their approval.

CREATE TABLE gallery.images (
    id                   uuid PRIMARY KEY,
    workspace_id         uuid NOT NULL,
    uploader_id          uuid NOT NULL,
    status               text NOT NULL CHECK (status IN ('draft', 'pending', 'approved', 'rejected')),
    -- When it was last submitted: the review queue is worked off in this order. Null when nothing waits for review.
    submitted_at         timestamptz,
    description          text NOT NULL CHECK (char_length(description) <= 2000),
    -- A list of strings, lower-cased and without doubles.
    tags                 jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'array' AND jsonb_array_length(tags) <= 20),
    -- SHA-256 of the bytes as they were uploaded. Objects are stored under it, so that copies share them.
    content_hash         bytea NOT NULL CHECK (octet_length(content_hash) = 32),
    media_type           text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp', 'image/gif')),
    -- Of the picture as it is looked at, turned the right way up.
    width                integer NOT NULL CHECK (width > 0),
    height               integer NOT NULL CHECK (height > 0),
    frames               integer NOT NULL CHECK (frames > 0),
    original_bytes       bigint NOT NULL CHECK (original_bytes > 0),
    display_bytes        bigint NOT NULL CHECK (display_bytes > 0),
    thumbnail_bytes      bigint NOT NULL CHECK (thumbnail_bytes > 0),
    thumbnail_media_type text NOT NULL CHECK (thumbnail_media_type IN ('image/jpeg', 'image/png')),
    original_name        text CHECK (char_length(original_name) BETWEEN 1 AND 255),
    version              integer NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    CHECK ((status = 'pending') = (submitted_at IS NOT NULL))
);

CREATE INDEX images_by_age ON gallery.images (workspace_id, created_at, id);
CREATE INDEX images_by_uploader ON gallery.images (workspace_id, uploader_id, created_at, id);
CREATE INDEX images_waiting ON gallery.images (workspace_id, submitted_at, id) WHERE status = 'pending';
-- Not unique: a caller may ask for a second copy. That nobody gets one unasked is decided under an advisory lock on
-- workspace and hash, which also decides who deletes the objects.
CREATE INDEX images_by_content ON gallery.images (workspace_id, content_hash);
-- GIN can't lead with workspace_id without an extension; the planner intersects it with an index that does.
CREATE INDEX images_by_tag ON gallery.images USING gin (tags jsonb_path_ops);

CREATE TABLE gallery.approval_events (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    image_id     uuid NOT NULL REFERENCES gallery.images (id) ON DELETE CASCADE,
    -- Null where the program did it by itself, as for demo data.
    actor_id     uuid,
    from_status  text NOT NULL CHECK (from_status IN ('draft', 'pending', 'approved', 'rejected')),
    to_status    text NOT NULL CHECK (to_status IN ('draft', 'pending', 'approved', 'rejected')),
    reason_code  text CHECK (reason_code ~ '^[a-z0-9_]{1,64}$'),
    reason       text CHECK (char_length(reason) BETWEEN 1 AND 2000),
    at           timestamptz NOT NULL,
    CHECK (to_status <> 'rejected' OR reason_code IS NOT NULL OR reason IS NOT NULL)
);

CREATE INDEX approval_events_by_image ON gallery.approval_events (workspace_id, image_id, id);
-- For the foreign key: deleting an image must not read the whole history.
CREATE INDEX approval_events_of_image ON gallery.approval_events (image_id);
