-- What the stages have in common: where they write down what they decide, what the old words mean, and how texts are cleaned.

CREATE TEMPORARY TABLE adopt_note (
    place   integer GENERATED ALWAYS AS IDENTITY,
    kind    text    NOT NULL,
    "table" text    NOT NULL,
    id      bigint,
    what    text    NOT NULL,
    stops   boolean NOT NULL DEFAULT false
) ON COMMIT DROP;

CREATE TEMPORARY TABLE adopt_word (
    field    text    NOT NULL,
    old      text    NOT NULL,
    ours     text    NOT NULL,
    attended boolean NOT NULL DEFAULT false,
    PRIMARY KEY (field, old)
) ON COMMIT DROP;

-- A word as it is looked up: ` Checked-In ` is `checked_in`.
CREATE FUNCTION pg_temp.word(raw text) RETURNS text
    LANGUAGE sql IMMUTABLE
RETURN translate(lower(btrim(raw, E' \t\n\r')), ' -', '__');

-- One line without characters that could move a cursor or turn the reading direction; NULL when nothing is left.
CREATE FUNCTION pg_temp.line(raw text, most integer) RETURNS text
    LANGUAGE sql IMMUTABLE
RETURN nullif(btrim("left"(btrim(regexp_replace(
    raw, '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+', ' ', 'g')), most)), '');

-- Several lines: line ends stay.
CREATE FUNCTION pg_temp.lines(raw text) RETURNS text
    LANGUAGE sql IMMUTABLE
RETURN nullif(regexp_replace(replace(raw, E'\r\n', E'\n'),
    '[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+', ' ', 'g'), '');

-- A moment that a calendar has; infinity is none.
CREATE FUNCTION pg_temp.moment(raw timestamptz) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE
RETURN CASE WHEN raw BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59+00' THEN raw END;

-- A text in a sentence: short, in quotes, one line.
CREATE FUNCTION pg_temp.said(raw text) RETURNS text
    LANGUAGE sql IMMUTABLE
RETURN CASE WHEN raw IS NULL THEN 'nothing' ELSE format('“%s”', coalesce(pg_temp.line(raw, 60), '')) END;

-- Numbers of rows are kept, so each has to be there, be one that an integer column takes, and be there once.
CREATE FUNCTION pg_temp.note_numbers(of_table text) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    EXECUTE format($sql$
        INSERT INTO adopt_note (kind, "table", id, what, stops)
        SELECT 'number', %1$L, o.id,
               CASE WHEN o.id IS NULL THEN format('%%s rows have no number (id)', count(*))
                    WHEN count(*) > 1 THEN format('%%s rows have this number; nobody can tell which of them is meant', count(*))
                    ELSE 'the number is not between 1 and 2147483647'
               END, true
        FROM pg_temp.%2$I AS o
        GROUP BY o.id
        HAVING count(*) > 1 OR o.id IS NULL OR o.id NOT BETWEEN 1 AND 2147483647
        ORDER BY o.id
    $sql$, of_table, 'old_' || of_table);
END
$$;
