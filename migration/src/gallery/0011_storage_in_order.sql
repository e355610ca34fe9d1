-- Who deletes images of several workspaces takes what is counted of them in one order, as who adds some does: two at once
-- would else wait for each other.
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
        PERFORM FROM gallery.storage WHERE workspace_id IN (SELECT workspace_id FROM changed)
        ORDER BY workspace_id FOR UPDATE;
        UPDATE gallery.storage AS kept SET bytes = kept.bytes - gone.bytes
        FROM (SELECT workspace_id, sum(original_bytes) AS bytes FROM changed GROUP BY workspace_id) AS gone
        WHERE kept.workspace_id = gone.workspace_id;
        PERFORM FROM gallery.storage_of_people
        WHERE (workspace_id, uploader_id) IN (SELECT workspace_id, uploader_id FROM changed)
        ORDER BY workspace_id, uploader_id FOR UPDATE;
        UPDATE gallery.storage_of_people AS kept SET bytes = kept.bytes - gone.bytes
        FROM (SELECT workspace_id, uploader_id, sum(original_bytes) AS bytes FROM changed GROUP BY 1, 2) AS gone
        WHERE kept.workspace_id = gone.workspace_id AND kept.uploader_id = gone.uploader_id;
    END IF;
    RETURN NULL;
END
$$;
