-- The columns of the community's tables that somebody writes: type, whether a value is needed, and whether one comes by
-- itself when none is given.
SELECT c.relname::text                           AS "table",
       a.attname::text                           AS name,
       format_type(a.atttypid, a.atttypmod)      AS type,
       a.attnotnull                              AS needed,
       a.atthasdef OR a.attidentity <> ''        AS comes_by_itself
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
ORDER BY c.relname, a.attnum
