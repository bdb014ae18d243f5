-- Every sequence that would give a number in use goes on behind it; only ever forward.
DO $sequences$
DECLARE
    one  record;
    most bigint;
BEGIN
    FOR one IN
        SELECT s.oid::regclass AS sequence, c.oid::regclass AS rows, a.attname AS attribute
        FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_class AS s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid AND c.relnamespace = 'public'::regnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
    LOOP
        EXECUTE format('SELECT max(%I) FROM %s', one.attribute, one.rows) INTO most;
        IF most >= 1 AND most > coalesce(pg_catalog.pg_sequence_last_value(one.sequence), 0) THEN
            PERFORM pg_catalog.setval(one.sequence, most);
        END IF;
    END LOOP;
END
$sequences$;
