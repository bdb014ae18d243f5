-- How much of roles.sql is there: the group roles by name, and whether the owner can do what staff can.
-- The CASE keeps pg_has_role from being asked about roles that are not there.
SELECT ARRAY(SELECT rolname::text
               FROM pg_catalog.pg_roles
              WHERE rolname IN ('pine_owner', 'pine_staff', 'pine_kiosk')
              ORDER BY rolname) AS present,
       CASE WHEN 2 = (SELECT pg_catalog.count(*)
                        FROM pg_catalog.pg_roles
                       WHERE rolname IN ('pine_owner', 'pine_staff'))
            THEN pg_catalog.pg_has_role('pine_owner', 'pine_staff', 'MEMBER')
            ELSE false
       END AS granted
