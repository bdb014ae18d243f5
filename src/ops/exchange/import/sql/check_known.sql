-- Rows that the database has already: the same ones need not be written, others would be overwritten and are refused.
UPDATE {staged} AS s
SET _known = d.differs = '',
    _column = CASE WHEN d.differs <> '' THEN {column} END,
    _reason = CASE WHEN d.differs <> '' THEN format('is in the database already and differs in %s', d.differs) END
FROM (
    SELECT n.ctid AS place, concat_ws(', ', {differences}) AS differs
    FROM {staged} AS n
    JOIN {target} AS o ON {same}
    WHERE n._reason IS NULL AND NOT n._known
) AS d
WHERE s.ctid = d.place
