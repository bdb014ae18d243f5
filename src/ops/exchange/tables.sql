-- The tables of the community with their columns, each table's in their order: name, type, whether a value is needed, and
-- the key that tells one row from another. Columns that are computed from others are left out.
SELECT c.relname::text                                                       AS name,
       array_agg(a.attname::text ORDER BY a.attnum)                          AS columns,
       array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum)     AS types,
       array_agg(a.attnotnull ORDER BY a.attnum)                             AS needed,
       coalesce((
           SELECT array_agg(k.attname::text ORDER BY p.place)
           FROM pg_catalog.pg_index AS i
           CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS p (number, place)
           JOIN pg_catalog.pg_attribute AS k ON k.attrelid = c.oid AND k.attnum = p.number
           WHERE i.indrelid = c.oid AND i.indisprimary
       ), '{}')                                                              AS key
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_attribute AS a
  ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relnamespace = 'public'::regnamespace
  AND c.relkind = 'r'
  AND c.relname <> ALL ($1)
  AND NOT EXISTS (
      SELECT
      FROM pg_catalog.pg_depend AS e
      WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
GROUP BY c.oid, c.relname
ORDER BY c.relname
