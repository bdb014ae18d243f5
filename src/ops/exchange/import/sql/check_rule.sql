-- Rows that do not keep to what every row of their table keeps to.
UPDATE {staged}
SET _column = {column},
    _reason = format('does not keep to this: %s', {told})
WHERE _reason IS NULL AND NOT _known AND NOT ({condition})
