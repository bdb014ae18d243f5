-- The group roles of Pine Time. Safe to run again; needs CREATEROLE (or a superuser), and touches no database.
--
-- pine_owner owns the data and runs `pine-time db migrate`, pine_staff is for staff terminals, pine_kiosk for terminals
-- that anybody may touch. pine_kiosk is granted to neither of the others: whoever holds it can do what a kiosk can, and
-- nothing the staff's roles can do is within its reach.
--
-- Afterwards, for logins of your own:   GRANT pine_staff TO "a staff login";
-- and for the one that migrates:        GRANT pine_owner TO "its login";   ALTER DATABASE "…" OWNER TO pine_owner;
DO $roles$
BEGIN
    -- Two at once would trip over each other; the key is the same for all of Pine Time's work on roles.
    PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pine-time roles'));

    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pine_owner') THEN
        CREATE ROLE pine_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pine_staff') THEN
        CREATE ROLE pine_staff NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pine_kiosk') THEN
        CREATE ROLE pine_kiosk NOLOGIN;
    END IF;

    -- The owner can do what staff can: commands that run as the owner call the same functions.
    IF NOT pg_catalog.pg_has_role('pine_owner', 'pine_staff', 'MEMBER') THEN
        GRANT pine_staff TO pine_owner;
    END IF;
END
$roles$;
