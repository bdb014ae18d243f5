-- Every column, constraint and index of one schema as a line of text that names no schema, so that two schemas
-- can be compared line by line.
SELECT format('column %s.%s %s default %s null %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
              coalesce(regexp_replace(pg_get_expr(d.adbin, d.adrelid), '\m(seed|public)\.', '', 'g'), '-'),
              NOT a.attnotnull)
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'
UNION ALL
SELECT format('constraint %s.%s %s', c.relname, k.conname,
              regexp_replace(pg_get_constraintdef(k.oid), '\m(seed|public)\.', '', 'g'))
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
WHERE k.connamespace = $1::regnamespace
  -- PostgreSQL 18 keeps NOT NULL here too; the columns above tell it already.
  AND k.contype <> 'n'
UNION ALL
SELECT format('index %s', regexp_replace(pg_get_indexdef(i.indexrelid), '\m(seed|public)\.', '', 'g'))
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indrelid
WHERE c.relnamespace = $1::regnamespace AND c.relkind = 'r'
