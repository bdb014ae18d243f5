-- Every column that a sequence fills: serial columns (the sequence is owned by the column, deptype `a`) and identity
-- columns (deptype `i`), as the catalog has them, without PostgreSQL's own and without those of extensions.
SELECT format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
       format('%I.%I', n.nspname, c.relname)               AS "table",
       quote_ident(a.attname)                              AS attribute,
       format('%I.%I', sn.nspname, s.relname)              AS sequence,
       CASE d.deptype WHEN 'i' THEN 'identity' ELSE 'serial' END AS kind,
       q.seqincrement                                      AS step,
       q.seqmin                                            AS least,
       q.seqmax                                            AS most
FROM pg_catalog.pg_sequence AS q
JOIN pg_catalog.pg_class AS s ON s.oid = q.seqrelid
JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_depend AS d
  ON d.classid = 'pg_catalog.pg_class'::regclass
 AND d.objid = s.oid
 AND d.refclassid = 'pg_catalog.pg_class'::regclass
 AND d.refobjsubid > 0
 AND d.deptype IN ('a', 'i')
JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid AND c.relkind IN ('r', 'p')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
WHERE n.nspname NOT LIKE 'pg\_%'
  AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^adopted_[0-9]{8}(_[0-9]+)?$'
  AND c.relpersistence <> 't'
  AND NOT EXISTS (
      SELECT
      FROM pg_catalog.pg_depend AS e
      WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
ORDER BY 1
