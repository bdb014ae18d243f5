-- What the calendar asks besides the events: which of them have words in their text.

-- Events of a span that have every word somewhere in title, type, place or description, without case and accents.
-- Terminals look through what they have of an event; its description is here only, and stays here: it may have ten
-- thousand letters, and the calendar is asked again every few seconds.
CREATE FUNCTION pine.events_about(from_time timestamptz, to_time timestamptz, words text) RETURNS SETOF integer
    LANGUAGE sql STABLE
AS $$
    SELECT e.id
    FROM public.events AS e
    CROSS JOIN LATERAL (
        SELECT pine.fold(pg_catalog.concat_ws(' ', e.title, e.location, e.event_type, e.description)) AS text
        OFFSET 0  -- folded once for all words
    ) AS folded
    WHERE e.start_time < to_time AND e.end_time > from_time
      AND NOT EXISTS (
          SELECT FROM pg_catalog.regexp_split_to_table(pg_catalog.btrim(pine.fold(words)), '\s+') AS word
          WHERE pg_catalog.strpos(folded.text, word) = 0
      )
$$;
