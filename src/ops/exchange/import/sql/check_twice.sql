-- Rows that have what an earlier row has and no two rows may have.
UPDATE {staged} AS s
SET _column = {column}, _reason = format('is the same as in line %s, and no two rows may have it', d.first)
FROM (
    SELECT n.place, n.first
    FROM (
        SELECT t.ctid AS place, row_number() OVER same AS number, first_value(t._line) OVER same AS first
        FROM {staged} AS t
        WHERE NOT t._known AND {given} AND ({condition})
        WINDOW same AS (PARTITION BY {columns} ORDER BY t._line)
    ) AS n
    WHERE n.number > 1
) AS d
WHERE s.ctid = d.place AND s._reason IS NULL
