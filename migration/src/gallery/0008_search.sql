-- Searching images: by words that may be mistyped, ranked.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- Lets an index of texts lead with the workspace.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- What is searched: all that everybody knows an image by who may see it. Not the name of the file as it was uploaded, which
-- only those know who may edit the image. Tags are taken out of their list by its very text, which is a hundred times faster than
-- by its elements: no tag has a comma, so that `", "` is always between two.
CREATE FUNCTION gallery.said_of(description text, tags jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(
    description || ' ' || replace(replace(btrim(replace(tags::text, '", "', ' '), '[]"'), '\"', '"'), '\\', '\')
);

CREATE INDEX images_by_text ON gallery.images USING gin (workspace_id, gallery.said_of(description, tags) gin_trgm_ops)
    WHERE deleted_at IS NULL AND workshop_id IS NULL;

-- The images in the galleries of some workspaces (of all, where that is null) that have every word, and how well they do:
-- 0 to 1000.
--
-- A word is had by an image whose description or tags contain it; one of four letters or more, of the first three, also by one with a word that
-- is like it. A tag counts more than what is in the description, the beginning of a word more than its middle, and what is
-- written as it was asked for more than what is merely like it.
--
-- The threshold lets a word of seven letters be found in which two changed places, and not much more. It is a setting because
-- only the operator that reads it can use the index; it lasts as long as the call. The statement is put together so that the
-- planner sees the very words: each becomes a condition that the index answers.
CREATE FUNCTION gallery.search(places uuid[], words text[]) RETURNS TABLE (id uuid, score integer)
LANGUAGE plpgsql STABLE ROWS 200
SET pg_trgm.word_similarity_threshold = 0.35
AS $$
DECLARE
    text_of constant text := 'gallery.said_of(i.description, i.tags)';
    lowered text[] := ARRAY(SELECT lower(word) FROM unnest(words) AS word);
    patterns text[] := ARRAY(
        SELECT replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') FROM unnest(lowered) AS word
    );
    conditions text := 'i.deleted_at IS NULL AND i.workshop_id IS NULL';
    scores text := '0';
BEGIN
    IF places IS NOT NULL THEN
        conditions := conditions || ' AND i.workspace_id = ANY ($1)';
    END IF;
    FOR n IN 1 .. coalesce(array_length(lowered, 1), 0) LOOP
        conditions := conditions || format(
            CASE WHEN n > 3 OR char_length(lowered[n]) < 4 OR lowered[n] ~ '[0-9]' THEN ' AND %1$s LIKE ''%%'' || $3[%2$s] || ''%%'''
            ELSE ' AND (%1$s LIKE ''%%'' || $3[%2$s] || ''%%'' OR $2[%2$s] <%% %1$s)' END,
            text_of, n
        );
        scores := scores || format(
            $score$ + CASE
                WHEN i.tags ? $2[%1$s] THEN 1000
                WHEN said.text LIKE $3[%1$s] || '%%' OR said.text LIKE '%% ' || $3[%1$s] || '%%' THEN 900
                WHEN said.text LIKE '%%' || $3[%1$s] || '%%' THEN 800
                ELSE 400
            END$score$,
            n
        );
    END LOOP;
    RETURN QUERY EXECUTE format(
        'SELECT i.id, ((%s) / %s)::integer FROM gallery.images i, LATERAL (SELECT %s AS text OFFSET 0) AS said WHERE %s',
        scores, greatest(coalesce(array_length(lowered, 1), 0), 1), text_of, conditions
    ) USING places, lowered, patterns;
END
$$;
