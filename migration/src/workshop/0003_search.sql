-- Searching workshops: by words that may be mistyped, ranked.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- Lets an index of texts lead with the workspace.
CREATE EXTENSION IF NOT EXISTS btree_gin;

CREATE INDEX workshops_by_text ON workshop.workshops USING gin (
    workspace_id,
    lower(title || ' ' || location || ' ' || description) gin_trgm_ops
);

-- The workshops of some workspaces (of all, where that is null) that have every word, and how well they do: 0 to 1000.
--
-- A word is had by a text that contains it; one of four letters or more also by a text with a word that is like it, so
-- that a letter too many, too few or wrong, or two that changed places, do no harm. What is in the title counts more
-- than what is in the description. The threshold is a setting because only the operator that reads it can use the
-- index; it lasts as long as the call. The statement is put together so that the planner sees the very words.
CREATE FUNCTION workshop.search(places uuid[], words text[]) RETURNS TABLE (id uuid, score integer)
LANGUAGE plpgsql STABLE ROWS 200
SET pg_trgm.word_similarity_threshold = 0.35
AS $$
DECLARE
    text_of constant text := $text$lower(w.title || ' ' || w.location || ' ' || w.description)$text$;
    lowered text[] := ARRAY(SELECT lower(word) FROM unnest(words) AS word);
    patterns text[] := ARRAY(
        SELECT replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') FROM unnest(lowered) AS word
    );
    conditions text := 'true';
    scores text := '0';
BEGIN
    IF places IS NOT NULL THEN
        conditions := 'w.workspace_id = ANY ($1)';
    END IF;
    FOR n IN 1 .. coalesce(array_length(lowered, 1), 0) LOOP
        conditions := conditions || format(
            CASE WHEN char_length(lowered[n]) < 4 OR lowered[n] ~ '[0-9]' THEN ' AND %1$s LIKE ''%%'' || $3[%2$s] || ''%%'''
            ELSE ' AND (%1$s LIKE ''%%'' || $3[%2$s] || ''%%'' OR $2[%2$s] <%% %1$s)' END,
            text_of, n
        );
        scores := scores || format(
            $score$ + CASE
                WHEN w.title_sort = $2[%1$s] THEN 1000
                WHEN w.title_sort LIKE $3[%1$s] || '%%' THEN 950
                WHEN w.title_sort LIKE '%% ' || $3[%1$s] || '%%' THEN 900
                WHEN w.title_sort LIKE '%%' || $3[%1$s] || '%%' THEN 850
                WHEN lower(w.location) LIKE '%%' || $3[%1$s] || '%%' THEN 700
                ELSE greatest(
                    600 * word_similarity($2[%1$s], w.title_sort),
                    CASE WHEN lower(w.description) LIKE '%%' || $3[%1$s] || '%%' THEN 500
                    ELSE 400 * word_similarity($2[%1$s], lower(w.location || ' ' || w.description)) END
                )
            END$score$,
            n
        );
    END LOOP;
    RETURN QUERY EXECUTE format(
        'SELECT w.id, ((%s) / %s)::integer FROM workshop.workshops w WHERE %s',
        scores, greatest(coalesce(array_length(lowered, 1), 0), 1), conditions
    ) USING places, lowered, patterns;
END
$$;
