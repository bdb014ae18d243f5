-- Ours live in a schema of their own: where they are elsewhere they are dropped and made again, which what hangs on them
-- would not survive.
INSERT INTO adopt_note (kind, "table", what)
SELECT 'extension', '', format('the extension %s is dropped from the schema %s and made again in the schema ext', e.extname,
                               e.extnamespace::regnamespace)
FROM pg_extension AS e
WHERE e.extname IN ('pg_trgm', 'unaccent')
ORDER BY e.extname;

WITH RECURSIVE part (extension, classid, objid) AS (
    -- An extension, what it brought, and what that is made of.
    SELECT e.oid, 'pg_extension'::regclass::oid, e.oid
    FROM pg_extension AS e
    WHERE e.extname IN ('pg_trgm', 'unaccent')
    UNION
    SELECT p.extension, d.classid, d.objid
    FROM part AS p
    JOIN pg_depend AS d ON d.refclassid = p.classid AND d.refobjid = p.objid AND d.deptype IN ('e', 'i', 'a')
)
INSERT INTO adopt_note (kind, "table", what, stops)
SELECT DISTINCT 'extension', '',
       format('%s hangs on the extension %s, which has to be made again: drop the former first, or what that belongs to',
              -- A view hangs on it by the rule that makes it.
              regexp_replace(pg_describe_object(d.classid, d.objid, d.objsubid), '^rule _RETURN on ', ''), e.extname),
       true
FROM part AS p
JOIN pg_extension AS e ON e.oid = p.extension
JOIN pg_depend AS d ON d.refclassid = p.classid AND d.refobjid = p.objid AND d.deptype = 'n'
WHERE NOT EXISTS (SELECT FROM part AS o WHERE o.extension = p.extension AND o.classid = d.classid AND o.objid = d.objid)
ORDER BY 3
