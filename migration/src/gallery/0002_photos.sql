-- Photos of workshops, which are images of the gallery under another name; and what people say of images.

ALTER TABLE gallery.images
    -- Of which workshop it is a photo, if it is one.
    ADD COLUMN workshop_id uuid,
    -- Where there: among what describes the workshop, or among what was taken on its days.
    ADD COLUMN part        text CHECK (part IN ('description', 'attendee')),
    -- Who made the workshop: its photos are theirs, whoever uploaded them.
    ADD COLUMN steward_id  uuid,
    ADD CONSTRAINT images_are_photos_or_not
        CHECK (num_nonnulls(workshop_id, part, steward_id) IN (0, 3)),
    -- Photos wait for nobody: they are shown, or kept back with a workshop that isn't published.
    ADD CONSTRAINT photos_are_shown_or_not
        CHECK (workshop_id IS NULL OR status IN ('draft', 'approved'));

CREATE INDEX images_by_workshop ON gallery.images (workspace_id, workshop_id, part, created_at, id)
    WHERE workshop_id IS NOT NULL;

CREATE TABLE gallery.likes (
    workspace_id uuid NOT NULL,
    image_id     uuid NOT NULL REFERENCES gallery.images (id) ON DELETE CASCADE,
    user_id      uuid NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, image_id, user_id)
);

-- For the foreign key.
CREATE INDEX likes_of_image ON gallery.likes (image_id);

CREATE TABLE gallery.comments (
    id              uuid PRIMARY KEY,
    workspace_id    uuid NOT NULL,
    image_id        uuid NOT NULL REFERENCES gallery.images (id) ON DELETE CASCADE,
    -- The comment that it answers, if it does.
    parent_id       uuid,
    author_id       uuid NOT NULL,
    body            text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 2000),
    version         integer NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL,
    -- When its words last changed, if they did.
    edited_at       timestamptz,
    is_reply        boolean NOT NULL GENERATED ALWAYS AS (parent_id IS NOT NULL) STORED,
    answers_a_reply boolean NOT NULL GENERATED ALWAYS AS (false) STORED,
    UNIQUE (id, image_id, is_reply),
    -- One level: what is answered is a comment of the same image, and no answer itself. Answers go with what they answer.
    CONSTRAINT comments_answer_comments FOREIGN KEY (parent_id, image_id, answers_a_reply)
        REFERENCES gallery.comments (id, image_id, is_reply) ON DELETE CASCADE
);

CREATE INDEX comments_by_image ON gallery.comments (workspace_id, image_id, created_at, id);
-- For the foreign keys.
CREATE INDEX comments_of_image ON gallery.comments (image_id);
CREATE INDEX comments_of_comment ON gallery.comments (parent_id) WHERE parent_id IS NOT NULL;
