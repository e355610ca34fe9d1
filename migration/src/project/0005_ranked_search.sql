-- Searching projects, with what is the same for every search taken from `search_statement`. The statement that is run is
-- the one that was, but that how like a word is to a description is not measured for the score: that takes milliseconds.

-- The projects of some workspaces (of all, where that is null) that have every word, and how well they do: 0 to 1000.
-- What is in the name counts more than what is in the description, and what is written as it was asked for more than
-- what is merely like it. The threshold lets a word of seven letters be found in which two changed places, and not much
-- more.
CREATE OR REPLACE FUNCTION project.search(places uuid[], words text[]) RETURNS TABLE (id uuid, score integer)
LANGUAGE plpgsql STABLE ROWS 200
SET pg_trgm.word_similarity_threshold = 0.35
AS $$
BEGIN
    RETURN QUERY EXECUTE project.search_statement(
        'project.projects',
        $text$lower((r.key COLLATE "default") || ' ' || r.name || ' ' || r.description)$text$,
        $score$CASE
            WHEN lower(r.key) = $2[%1$s] OR r.name_sort = $2[%1$s] THEN 1000
            WHEN r.name_sort LIKE $3[%1$s] || '%%' THEN 950
            WHEN r.name_sort LIKE '%% ' || $3[%1$s] || '%%' THEN 900
            WHEN r.name_sort LIKE '%%' || $3[%1$s] || '%%' THEN 850
            WHEN lower(r.key) LIKE '%%' || $3[%1$s] || '%%' THEN 800
            ELSE greatest(
                600 * word_similarity($2[%1$s], r.name_sort),
                600 * word_similarity($2[%1$s], lower(r.key)),
                CASE WHEN lower(r.description) LIKE '%%' || $3[%1$s] || '%%' THEN 500 ELSE 200 END
            )
        END$score$,
        places IS NOT NULL,
        words
    ) USING places, project.search_words(words), project.search_patterns(words);
END
$$;
