-- What hangs on an object of the api schema without being in it: views, indexes, triggers, constraints, defaults
-- of somebody's own. DROP SCHEMA … CASCADE would take them along without a word.
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_depend AS d
JOIN (
    SELECT 'pg_proc'::regclass AS classid, p.oid FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace('api')
    UNION ALL
    SELECT 'pg_class'::regclass, c.oid FROM pg_class AS c WHERE c.relnamespace = to_regnamespace('api')
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid FROM pg_type AS t WHERE t.typnamespace = to_regnamespace('api')
) AS ours ON ours.classid = d.refclassid AND ours.oid = d.refobjid
LEFT JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
LEFT JOIN pg_class AS ruled ON ruled.oid = w.ev_class
CROSS JOIN LATERAL pg_identify_object(d.classid, d.objid, d.objsubid) AS dependent
WHERE d.deptype IN ('n', 'a')
  AND coalesce(ruled.relnamespace::regnamespace::text, dependent.schema, '') <> 'api'
  AND NOT (dependent.type = 'function' AND dependent.schema = 'api')
ORDER BY 1
