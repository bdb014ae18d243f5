-- The old schema gets another name, with everything that is in it: tables, types, functions, its default privileges. It and
-- all of it belong to pine_owner from now on and nobody else may look into it, so that nothing of the old application can
-- change what was kept. A new schema takes the name public; what was granted on the old one is not granted on it.
DO $move$
DECLARE
    kept  text := current_setting('pine.adopt_schema');
    thing record;
BEGIN
    EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO pine_owner', current_database());
    EXECUTE format('ALTER SCHEMA public RENAME TO %I', kept);
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO pine_owner', kept);

    FOR thing IN
        SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
                              WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind,
               format('%I.%I', kept, c.relname) AS name
        FROM pg_class AS c
        WHERE c.relnamespace = to_regnamespace(quote_ident(kept))
          AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
          AND NOT EXISTS (SELECT FROM pg_depend AS d
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                            -- Sequences of columns go with their tables, what extensions brought with these.
                            AND (d.deptype = 'e' OR c.relkind = 'S' AND d.deptype IN ('a', 'i')))
        UNION ALL
        SELECT 'ROUTINE', p.oid::regprocedure::text
        FROM pg_proc AS p
        WHERE p.pronamespace = to_regnamespace(quote_ident(kept)) AND p.prokind IN ('f', 'p', 'w')
          AND NOT EXISTS (SELECT FROM pg_depend AS d
                          WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, format('%I.%I', kept, t.typname)
        FROM pg_type AS t
        WHERE t.typnamespace = to_regnamespace(quote_ident(kept)) AND t.typtype IN ('d', 'e', 'r')
          AND NOT EXISTS (SELECT FROM pg_depend AS d
                          WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
    LOOP
        EXECUTE format('ALTER %s %s OWNER TO pine_owner', thing.kind, thing.name);
    END LOOP;

    FOR thing IN
        SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS name
        FROM pg_namespace AS n
        CROSS JOIN LATERAL aclexplode(n.nspacl) AS a
        LEFT JOIN pg_roles AS r ON r.oid = a.grantee
        WHERE n.nspname = kept AND a.grantee <> n.nspowner AND r.rolname IS DISTINCT FROM 'pine_owner'
    LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %s', kept, thing.name);
    END LOOP;
    EXECUTE format('ALTER SCHEMA %I OWNER TO pine_owner', kept);
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', kept,
                   'The tables of the application that was here before, as they were. Nothing reads them any more.');

    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
    GRANT USAGE, CREATE ON SCHEMA public TO pine_owner;
    COMMENT ON SCHEMA public IS 'standard public schema';

    FOR thing IN
        SELECT c.relname AS name
        FROM pg_class AS c
        WHERE c.relnamespace = pg_my_temp_schema() AND c.relkind IN ('r', 'v')
    LOOP
        EXECUTE format('GRANT SELECT ON pg_temp.%I TO pine_owner', thing.name);
    END LOOP;
END
$move$
