-- Rows that refer to a row of their own table and come back to themselves: those that no row which refers to none of the
-- others leads to. A row may refer to itself, as the first event of a series does.
WITH RECURSIVE linked AS MATERIALIZED (
    SELECT t.ctid AS place, t.{key} AS id, t.{parent} AS parent
    FROM {staged} AS t
    WHERE t._reason IS NULL AND NOT t._known AND t.{parent} <> t.{key}
), reached AS (
    SELECT l.id
    FROM linked AS l
    WHERE NOT EXISTS (SELECT FROM linked AS p WHERE p.id = l.parent)
    UNION ALL
    SELECT l.id
    FROM reached AS r
    JOIN linked AS l ON l.parent = r.id
)
UPDATE {staged} AS s
SET _column = {column}, _reason = 'refers to itself, over other rows'
FROM linked AS l
WHERE s.ctid = l.place AND NOT EXISTS (SELECT FROM reached AS r WHERE r.id = l.id)
