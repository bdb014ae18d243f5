-- Whether this login may make databases that belong to the owner, and whether the group roles are there.
SELECT r.rolsuper,
       r.rolsuper OR r.rolcreatedb,
       3 = (SELECT count(*) FROM pg_catalog.pg_roles WHERE rolname IN ('pine_owner', 'pine_staff', 'pine_kiosk')),
       r.rolname::text
FROM pg_catalog.pg_roles AS r
WHERE r.rolname = session_user
