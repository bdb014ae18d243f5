-- What was refused, as the file of the refused has it.
SELECT s._line AS line, s._column AS "column", s._reason AS reason,
       coalesce(s._row, (to_jsonb(s) - '{_line,_came,_known,_column,_reason,_row}'::text[])::text) AS row
FROM {staged} AS s
WHERE s._reason IS NOT NULL
ORDER BY s._line
