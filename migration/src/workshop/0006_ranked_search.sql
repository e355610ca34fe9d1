-- Searching workshops, with what is the same for every search taken from `search_statement`. The statement that is run
-- is the one that was, but that how like a word is to a long text is not measured for the score: that takes milliseconds.

-- The workshops of some workspaces (of all, where that is null) that have every word, and how well they do: 0 to 1000.
-- What is in the title counts more than what is in the description.
CREATE OR REPLACE FUNCTION workshop.search(places uuid[], words text[]) RETURNS TABLE (id uuid, score integer)
LANGUAGE plpgsql STABLE ROWS 200
SET pg_trgm.word_similarity_threshold = 0.35
AS $$
BEGIN
    RETURN QUERY EXECUTE workshop.search_statement(
        'workshop.workshops',
        $text$lower(r.title || ' ' || r.location || ' ' || r.description)$text$,
        $score$CASE
            WHEN r.title_sort = $2[%1$s] THEN 1000
            WHEN r.title_sort LIKE $3[%1$s] || '%%' THEN 950
            WHEN r.title_sort LIKE '%% ' || $3[%1$s] || '%%' THEN 900
            WHEN r.title_sort LIKE '%%' || $3[%1$s] || '%%' THEN 850
            WHEN lower(r.location) LIKE '%%' || $3[%1$s] || '%%' THEN 700
            ELSE greatest(
                600 * word_similarity($2[%1$s], r.title_sort),
                CASE WHEN lower(r.description) LIKE '%%' || $3[%1$s] || '%%' THEN 500 ELSE 200 END
            )
        END$score$,
        places IS NOT NULL,
        words
    ) USING places, workshop.search_words(words), workshop.search_patterns(words);
END
$$;
