-- Rows with something that no two rows may have and another row of the database has.
UPDATE {staged} AS s
SET _column = {column}, _reason = 'is in the database already, in another row'
FROM (
    SELECT n.place
    FROM (SELECT ctid AS place, {columns} FROM {staged} WHERE _reason IS NULL AND NOT _known AND ({condition})) AS n
    JOIN (SELECT {columns} FROM {target} WHERE {condition}) AS o ON {same}
) AS d
WHERE s.ctid = d.place
