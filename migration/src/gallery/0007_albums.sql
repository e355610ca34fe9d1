-- Albums: images in an order. An image may be in several.
CREATE TABLE gallery.albums (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL,
    creator_id   uuid NOT NULL,
    title        text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    title_sort   text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(title)) STORED,
    description  text NOT NULL CHECK (char_length(description) <= 2000),
    -- Goes up with everything that is changed of it: what it is called, what is in it, in which order.
    version      integer NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

CREATE INDEX albums_by_age ON gallery.albums (workspace_id, created_at, id);
CREATE INDEX albums_by_title ON gallery.albums (workspace_id, title_sort, id);

CREATE TABLE gallery.album_images (
    workspace_id uuid NOT NULL,
    album_id     uuid NOT NULL REFERENCES gallery.albums (id) ON DELETE CASCADE,
    image_id     uuid NOT NULL REFERENCES gallery.images (id) ON DELETE CASCADE,
    -- Where it comes. Places have room between them, so that moving one image seldom moves others.
    place        bigint NOT NULL,
    -- What the album is shown by.
    is_cover     boolean NOT NULL DEFAULT false,
    added_by     uuid NOT NULL,
    added_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, album_id, image_id)
);

-- Also for the foreign keys: what goes with an album, or with an image, is found without reading the rest.
CREATE INDEX album_images_in_order ON gallery.album_images (album_id, place, image_id);
CREATE INDEX album_images_of_image ON gallery.album_images (image_id);
CREATE UNIQUE INDEX album_images_covers ON gallery.album_images (album_id) WHERE is_cover;
