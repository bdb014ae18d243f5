-- Where every sequence stands, as far as it goes forward.
SELECT format('%I.%I', s.schemaname, s.sequencename), coalesce(s.last_value, 0)
FROM pg_catalog.pg_sequences AS s
WHERE s.increment_by > 0 AND s.schemaname NOT LIKE 'pg\_%'
ORDER BY 1
