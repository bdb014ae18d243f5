-- Which columns refer to which row of which table.
SELECT c.relname::text                                              AS "table",
       array_agg(a.attname::text ORDER BY p.place)                  AS columns,
       o.relname::text                                              AS other,
       array_agg(b.attname::text ORDER BY p.place)                  AS other_columns
FROM pg_catalog.pg_constraint AS k
JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
JOIN pg_catalog.pg_class AS o ON o.oid = k.confrelid
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS p (own, others, place)
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = p.own
JOIN pg_catalog.pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = p.others
WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace
GROUP BY c.relname, k.oid, o.relname
ORDER BY c.relname, cardinality(array_agg(p.place)), k.oid
