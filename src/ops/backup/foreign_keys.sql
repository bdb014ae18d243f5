-- Every foreign key that holds for all rows, by table, name and what it says.
SELECT format('%s %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
FROM pg_catalog.pg_constraint AS k
WHERE k.contype = 'f' AND k.convalidated AND k.conparentid = 0
ORDER BY 1
