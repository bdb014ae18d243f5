-- What this login lacks to adopt the database, a sentence each: it has to make the old schema another one and give what is
-- in it to pine_owner, and make everything new as pine_owner.
WITH me AS (
    SELECT r.rolname, r.rolsuper, r.rolcreaterole FROM pg_roles AS r WHERE r.rolname = session_user
),
roles AS (
    SELECT count(*) = 3 AS complete
    FROM pg_roles WHERE rolname IN ('pine_owner', 'pine_staff', 'pine_kiosk')
),
missing (place, what) AS (
    SELECT 1, format('%I does not own this database; run it as a superuser or as %I', me.rolname, o.rolname)
    FROM me, pg_database AS d
    JOIN pg_roles AS o ON o.oid = d.datdba
    WHERE d.datname = current_database() AND NOT me.rolsuper AND NOT pg_has_role(session_user, d.datdba, 'USAGE')
    UNION ALL
    SELECT 2, format('the schema public belongs to %I', o.rolname)
    FROM me, pg_namespace AS n
    JOIN pg_roles AS o ON o.oid = n.nspowner
    WHERE n.nspname = 'public' AND NOT me.rolsuper AND NOT pg_has_role(session_user, n.nspowner, 'USAGE')
    UNION ALL
    SELECT 3, format('the table %I belongs to %I', c.relname, o.rolname)
    FROM me, pg_class AS c
    JOIN pg_roles AS o ON o.oid = c.relowner
    WHERE c.relnamespace = to_regnamespace('public') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND NOT me.rolsuper AND NOT pg_has_role(session_user, c.relowner, 'USAGE')
    UNION ALL
    SELECT 4, 'the roles pine_owner, pine_staff and pine_kiosk do not exist yet, and it may not make them: '
              || 'run pine-time db roles create as a superuser first'
    FROM me, roles
    WHERE NOT roles.complete AND NOT me.rolsuper AND NOT me.rolcreaterole
    UNION ALL
    SELECT 5, format('it is no member of pine_owner, or does not inherit its rights: a superuser runs GRANT pine_owner TO %I', me.rolname)
    FROM me
    CROSS JOIN (SELECT r.oid FROM pg_roles AS r WHERE r.rolname = 'pine_owner') AS p
    WHERE NOT me.rolsuper AND NOT pg_has_role(session_user, p.oid, 'USAGE')
    UNION ALL
    SELECT 6, format('a schema called %I is there already, and Pine Time needs that name: rename it', n.nspname)
    FROM pg_namespace AS n
    WHERE n.nspname IN ('api', 'ext', 'pine')
)
SELECT what FROM missing ORDER BY place, what
