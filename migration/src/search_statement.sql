-- What every searched table of a schema is searched by: the rows that have every word, and how well they do.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- Lets an index of texts lead with the workspace.
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- The words as they are compared: in lower case ($2 of the statement below).
CREATE FUNCTION {schema}.search_words(words text[]) RETURNS text[]
LANGUAGE sql STABLE
AS $$ SELECT ARRAY(SELECT lower(word) FROM unnest(words) WITH ORDINALITY AS given (word, place) ORDER BY place) $$;

-- The same as LIKE patterns that match them literally ($3 of the statement below).
CREATE FUNCTION {schema}.search_patterns(words text[]) RETURNS text[]
LANGUAGE sql STABLE
AS $$
    SELECT ARRAY(
        SELECT replace(replace(replace(lower(word), '\', '\\'), '%', '\%'), '_', '\_')
        FROM unnest(words) WITH ORDINALITY AS given (word, place) ORDER BY place
    )
$$;

-- The statement that finds the rows of `source` that have every word, in some workspaces (in all, where `is_bounded` is
-- false), with how well they do: 0 to 1000. It takes the workspaces as $1, the words as $2 and their patterns as $3.
--
-- `text_of` is all that is searched, exactly as the index has it, the row being `r`. `score_of` is an expression, with
-- %1$s for the number of a word: how well the row has $2[%1$s], which is $3[%1$s] as a pattern.
--
-- A word is had by a text that contains it. One of four letters or more, of the first three, is also had by a text with a
-- word that is like it, so that a letter too many, too few or wrong, or two that changed places, do no harm; of no more
-- than three, because likeness to a long text takes milliseconds. The threshold of likeness is a setting, which the
-- function that runs this sets for the length of its call: only the operator that reads the setting can use the index.
-- The statement is put together so that the planner sees the very words: each becomes a condition
-- that the index answers.
CREATE FUNCTION {schema}.search_statement(
    source text, text_of text, score_of text, is_bounded boolean, words text[]
) RETURNS text
LANGUAGE plpgsql STABLE
AS $$
DECLARE
    lowered text[] := {schema}.search_words(words);
    conditions text := CASE WHEN is_bounded THEN 'r.workspace_id = ANY ($1)' ELSE 'true' END;
    scores text := '0';
BEGIN
    FOR n IN 1 .. coalesce(array_length(lowered, 1), 0) LOOP
        conditions := conditions || format(
            CASE WHEN n > 3 OR char_length(lowered[n]) < 4 OR lowered[n] ~ '[0-9]' THEN ' AND %1$s LIKE ''%%'' || $3[%2$s] || ''%%'''
            ELSE ' AND (%1$s LIKE ''%%'' || $3[%2$s] || ''%%'' OR $2[%2$s] <%% %1$s)' END,
            text_of, n
        );
        scores := scores || ' + ' || format(score_of, n);
    END LOOP;
    RETURN format(
        'SELECT r.id, ((%s) / %s)::integer FROM %s r WHERE %s',
        scores, greatest(coalesce(array_length(lowered, 1), 0), 1), source, conditions
    );
END
$$;
