-- Rows that refer to what is not there, or to what was refused: a row of that number in the database may be another.
UPDATE {staged} AS s
SET _column = {column},
    _reason = CASE WHEN d.was_refused THEN 'refers to a row of {other} that was refused'
                   ELSE 'refers to a row of {other} that is nowhere' END
FROM (
    SELECT n.ctid AS place, EXISTS (SELECT FROM {other_staged} AS r WHERE {refused_same} AND r._reason IS NOT NULL) AS was_refused
    FROM {staged} AS n
    WHERE n._reason IS NULL AND NOT n._known AND {given}
      AND NOT EXISTS (SELECT FROM {other_staged} AS g WHERE {good_same} AND g._reason IS NULL)
      AND (EXISTS (SELECT FROM {other_staged} AS r WHERE {refused_same} AND r._reason IS NOT NULL)
           OR NOT EXISTS (SELECT FROM {other_target} AS o WHERE {target_same}))
) AS d
WHERE s.ctid = d.place
