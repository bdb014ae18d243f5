-- The catalogs of a database, a line an object.
WITH theirs AS (
    SELECT n.oid FROM pg_namespace AS n
    WHERE n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
)
SELECT 'schema ' || n.oid, concat_ws('|', n.nspname, n.nspowner, n.nspacl::text, obj_description(n.oid, 'pg_namespace'))
FROM pg_namespace AS n JOIN theirs USING (oid)
UNION ALL
SELECT 'relation ' || c.oid, concat_ws('|', c.relnamespace, c.relname, c.relkind, c.relowner, c.relacl::text, c.relfilenode, c.reloptions::text)
FROM pg_class AS c JOIN theirs ON theirs.oid = c.relnamespace
UNION ALL
SELECT 'column ' || a.attrelid || ' ' || a.attnum,
       concat_ws('|', a.attname, a.atttypid, a.attnotnull, a.attacl::text, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute AS a
JOIN pg_class AS c ON c.oid = a.attrelid
JOIN theirs ON theirs.oid = c.relnamespace
LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint ' || k.oid, concat_ws('|', k.conname, k.conrelid, k.contype, pg_get_constraintdef(k.oid))
FROM pg_constraint AS k JOIN theirs ON theirs.oid = k.connamespace
UNION ALL
SELECT 'function ' || p.oid, concat_ws('|', p.pronamespace, p.proname, p.proowner, p.proacl::text, p.prosrc)
FROM pg_proc AS p JOIN theirs ON theirs.oid = p.pronamespace
UNION ALL
SELECT 'type ' || t.oid, concat_ws('|', t.typnamespace, t.typname, t.typowner, t.typtype)
FROM pg_type AS t JOIN theirs ON theirs.oid = t.typnamespace
UNION ALL
SELECT 'trigger ' || t.oid, concat_ws('|', t.tgrelid, t.tgname, t.tgenabled)
FROM pg_trigger AS t
UNION ALL
SELECT 'extension ' || e.oid, concat_ws('|', e.extname, e.extnamespace, e.extversion)
FROM pg_extension AS e
UNION ALL
SELECT 'database', concat_ws('|', d.datname, d.datdba, d.datacl::text)
FROM pg_database AS d WHERE d.datname = current_database()
