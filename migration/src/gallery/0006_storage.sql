-- How many bytes the uploads of a workspace have: counted by the database with every row that comes or goes, whoever
-- brings or takes it. The row is locked until the transaction ends, so that what is read of it there is exact.
CREATE TABLE gallery.storage (
    workspace_id uuid PRIMARY KEY,
    bytes        bigint NOT NULL CHECK (bytes >= 0)
);

INSERT INTO gallery.storage (workspace_id, bytes)
SELECT workspace_id, sum(original_bytes) FROM gallery.images GROUP BY workspace_id;

CREATE FUNCTION gallery.count_storage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO gallery.storage AS kept (workspace_id, bytes)
        SELECT workspace_id, sum(original_bytes) FROM changed GROUP BY workspace_id ORDER BY workspace_id
        ON CONFLICT (workspace_id) DO UPDATE SET bytes = kept.bytes + excluded.bytes;
    ELSE
        UPDATE gallery.storage AS kept SET bytes = kept.bytes - gone.bytes
        FROM (SELECT workspace_id, sum(original_bytes) AS bytes FROM changed GROUP BY workspace_id) AS gone
        WHERE kept.workspace_id = gone.workspace_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_added AFTER INSERT ON gallery.images
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gallery.count_storage();
CREATE TRIGGER count_removed AFTER DELETE ON gallery.images
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gallery.count_storage();
