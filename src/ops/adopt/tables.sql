-- The ordinary tables of the schema public with their columns and types, but for those of extensions. A domain counts as
-- the type that it is made of.
SELECT c.relname::text                                                                        AS name,
       array_agg(a.attname::text ORDER BY a.attnum)                                           AS columns,
       array_agg(CASE WHEN t.typtype = 'd' THEN b.typname ELSE t.typname END::text ORDER BY a.attnum) AS types
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
WHERE c.relnamespace = to_regnamespace('public')
  AND c.relkind IN ('r', 'p')
  AND NOT c.relispartition
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
GROUP BY c.oid, c.relname
ORDER BY c.relname
