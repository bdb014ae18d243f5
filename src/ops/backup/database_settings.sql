-- The statements that give a database (2) what another one (1) has and no dump holds: settings, its own and those of roles
-- in it; the limit of connections; who may connect to it. Lists among the settings are written as they are kept, quoted.
WITH old AS (
    SELECT d.oid, d.datconnlimit, d.datacl FROM pg_catalog.pg_database AS d WHERE d.datname = $1
),
setting AS (
    SELECT s.setrole,
           split_part(c, '=', 1)              AS name,
           substr(c, strpos(c, '=') + 1)      AS value
    FROM old
    JOIN pg_catalog.pg_db_role_setting AS s ON s.setdatabase = old.oid
    CROSS JOIN LATERAL unnest(s.setconfig) AS c
),
statement (place, text) AS (
    SELECT 1, format('ALTER DATABASE %I CONNECTION LIMIT %s', $2::text, old.datconnlimit)
    FROM old
    WHERE old.datconnlimit <> -1
    UNION ALL
    SELECT 2,
           CASE WHEN s.setrole = 0 THEN format('ALTER DATABASE %I SET ', $2::text)
                ELSE format('ALTER ROLE %I IN DATABASE %I SET ', r.rolname, $2::text)
           END
           || quote_ident(s.name) || ' TO '
           || CASE WHEN s.name IN ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
                   THEN s.value
                   ELSE quote_literal(s.value)
              END
    FROM setting AS s
    LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.setrole
    UNION ALL
    SELECT 3, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2::text)
    FROM old
    WHERE old.datacl IS NOT NULL
    UNION ALL
    SELECT 4,
           format('GRANT %s ON DATABASE %I TO %s', a.privilege_type, $2::text,
                  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END)
    FROM old
    CROSS JOIN LATERAL aclexplode(old.datacl) AS a
    LEFT JOIN pg_catalog.pg_roles AS g ON g.oid = a.grantee
)
SELECT text FROM statement ORDER BY place, text
