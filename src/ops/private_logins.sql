-- The logins of the private PostgreSQL, one in each group role. Never run on a server that others use: these logins have
-- no password and are only as safe as the folder of the private server's socket.
DO $logins$
DECLARE
    wanted record;
BEGIN
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pine-time roles'));

    FOR wanted IN
        SELECT *
          FROM (VALUES ('pine_owner_login', 'pine_owner'),
                       ('pine_staff_login', 'pine_staff'),
                       ('pine_kiosk_login', 'pine_kiosk')) AS pair (login, granted)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted.login) THEN
            EXECUTE pg_catalog.format('CREATE ROLE %I LOGIN', wanted.login);
        END IF;
        IF NOT pg_catalog.pg_has_role(wanted.login, wanted.granted, 'MEMBER') THEN
            EXECUTE pg_catalog.format('GRANT %I TO %I', wanted.granted, wanted.login);
        END IF;
    END LOOP;
END
$logins$;
