-- What the values of a row have to keep to.
SELECT c.relname::text                                              AS "table",
       (SELECT a.attname::text
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum = k.conkey[1])        AS "column",
       pg_get_expr(k.conbin, k.conrelid)                            AS condition
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
WHERE k.contype = 'c' AND c.relnamespace = 'public'::regnamespace AND cardinality(k.conkey) > 0
ORDER BY c.relname, k.conname
