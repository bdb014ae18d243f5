-- What tells one row of a table from another: primary key, unique constraints and unique indexes, some of which hold for
-- some rows only.
SELECT c.relname::text                                              AS "table",
       i.indisprimary                                               AS is_primary,
       array_agg(a.attname::text ORDER BY p.place)                  AS columns,
       pg_get_expr(i.indpred, i.indrelid)                           AS condition
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS p (number, place)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.number
WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND 0 <> ALL (i.indkey::int2[])
GROUP BY c.relname, i.indexrelid, i.indisprimary, i.indpred, i.indrelid
ORDER BY c.relname, i.indisprimary DESC, i.indexrelid
