-- Searching projects: by words that may be mistyped, ranked; and an index for every filter of the list.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- Lets an index of texts lead with the workspace.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- What is searched: all that a person would know a project by. The key is ASCII in a collation of its own.
CREATE INDEX projects_by_text ON project.projects USING gin (
    workspace_id,
    name_sort gin_trgm_ops,
    lower((key COLLATE "default") || ' ' || name || ' ' || description) gin_trgm_ops
);
CREATE INDEX projects_by_activity ON project.projects (workspace_id, is_active, created_at, id);
CREATE INDEX projects_by_publicity ON project.projects (workspace_id, is_public, created_at, id);

-- The projects of some workspaces (of all, where that is null) that have every word, and how well they do: 0 to 1000.
--
-- A word is had by a text that contains it; one of four letters or more also by a text with a word that is like it, so
-- that a letter too many, too few or wrong, or two that changed places, do no harm. What is in the name counts more
-- than what is in the description, and what is written as it was asked for more than what is merely like it.
--
-- The threshold lets a word of seven letters be found in which two changed places, and not much more. It is a setting because only the operator that reads it can use the index; it lasts as long as the call. The
-- statement is put together so that the planner sees the very words: each becomes a condition that the index answers.
CREATE FUNCTION project.search(places uuid[], words text[]) RETURNS TABLE (id uuid, score integer)
LANGUAGE plpgsql STABLE ROWS 200
SET pg_trgm.word_similarity_threshold = 0.35
AS $$
DECLARE
    text_of constant text := $text$lower((p.key COLLATE "default") || ' ' || p.name || ' ' || p.description)$text$;
    lowered text[] := ARRAY(SELECT lower(word) FROM unnest(words) AS word);
    patterns text[] := ARRAY(
        SELECT replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') FROM unnest(lowered) AS word
    );
    conditions text := 'true';
    scores text := '0';
BEGIN
    IF places IS NOT NULL THEN
        conditions := 'p.workspace_id = ANY ($1)';
    END IF;
    FOR n IN 1 .. coalesce(array_length(lowered, 1), 0) LOOP
        conditions := conditions || format(
            CASE WHEN char_length(lowered[n]) < 4 OR lowered[n] ~ '[0-9]' THEN ' AND %1$s LIKE ''%%'' || $3[%2$s] || ''%%'''
            ELSE ' AND (%1$s LIKE ''%%'' || $3[%2$s] || ''%%'' OR $2[%2$s] <%% %1$s)' END,
            text_of, n
        );
        scores := scores || format(
            $score$ + CASE
                WHEN lower(p.key) = $2[%1$s] OR p.name_sort = $2[%1$s] THEN 1000
                WHEN p.name_sort LIKE $3[%1$s] || '%%' THEN 950
                WHEN p.name_sort LIKE '%% ' || $3[%1$s] || '%%' THEN 900
                WHEN p.name_sort LIKE '%%' || $3[%1$s] || '%%' THEN 850
                WHEN lower(p.key) LIKE '%%' || $3[%1$s] || '%%' THEN 800
                ELSE greatest(
                    600 * word_similarity($2[%1$s], p.name_sort),
                    600 * word_similarity($2[%1$s], lower(p.key)),
                    CASE WHEN lower(p.description) LIKE '%%' || $3[%1$s] || '%%' THEN 500
                    ELSE 400 * word_similarity($2[%1$s], lower(p.description)) END
                )
            END$score$,
            n
        );
    END LOOP;
    RETURN QUERY EXECUTE format(
        'SELECT p.id, ((%s) / %s)::integer FROM project.projects p WHERE %s',
        scores, greatest(coalesce(array_length(lowered, 1), 0), 1), conditions
    ) USING places, lowered, patterns;
END
$$;
