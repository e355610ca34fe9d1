-- How many bytes the uploads of each person in a workspace have, counted like those of the whole workspace: a plan bounds them,
-- and every upload asks. The workspace's row is locked before that of the person, by everybody.
LOCK TABLE gallery.images IN SHARE ROW EXCLUSIVE MODE;

CREATE TABLE gallery.storage_of_people (
    workspace_id uuid NOT NULL,
    uploader_id  uuid NOT NULL,
    bytes        bigint NOT NULL CHECK (bytes >= 0),
    PRIMARY KEY (workspace_id, uploader_id)
);

INSERT INTO gallery.storage_of_people (workspace_id, uploader_id, bytes)
SELECT workspace_id, uploader_id, sum(original_bytes) FROM gallery.images GROUP BY workspace_id, uploader_id;

CREATE OR REPLACE FUNCTION gallery.count_storage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO gallery.storage AS kept (workspace_id, bytes)
        SELECT workspace_id, sum(original_bytes) FROM changed GROUP BY workspace_id ORDER BY workspace_id
        ON CONFLICT (workspace_id) DO UPDATE SET bytes = kept.bytes + excluded.bytes;
        INSERT INTO gallery.storage_of_people AS kept (workspace_id, uploader_id, bytes)
        SELECT workspace_id, uploader_id, sum(original_bytes) FROM changed GROUP BY 1, 2 ORDER BY 1, 2
        ON CONFLICT (workspace_id, uploader_id) DO UPDATE SET bytes = kept.bytes + excluded.bytes;
    ELSE
        UPDATE gallery.storage AS kept SET bytes = kept.bytes - gone.bytes
        FROM (SELECT workspace_id, sum(original_bytes) AS bytes FROM changed GROUP BY workspace_id) AS gone
        WHERE kept.workspace_id = gone.workspace_id;
        UPDATE gallery.storage_of_people AS kept SET bytes = kept.bytes - gone.bytes
        FROM (SELECT workspace_id, uploader_id, sum(original_bytes) AS bytes FROM changed GROUP BY 1, 2) AS gone
        WHERE kept.workspace_id = gone.workspace_id AND kept.uploader_id = gone.uploader_id;
    END IF;
    RETURN NULL;
END
$$;

-- Nobody gives an upload to somebody else; did anybody, its bytes would go with it.
CREATE FUNCTION gallery.move_storage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE gallery.storage_of_people SET bytes = bytes - OLD.original_bytes
    WHERE workspace_id = OLD.workspace_id AND uploader_id = OLD.uploader_id;
    INSERT INTO gallery.storage_of_people AS kept (workspace_id, uploader_id, bytes)
    VALUES (NEW.workspace_id, NEW.uploader_id, NEW.original_bytes)
    ON CONFLICT (workspace_id, uploader_id) DO UPDATE SET bytes = kept.bytes + excluded.bytes;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_moved AFTER UPDATE OF uploader_id ON gallery.images FOR EACH ROW
    WHEN (OLD.uploader_id <> NEW.uploader_id) EXECUTE FUNCTION gallery.move_storage();
