-- The owner's rights and a fixed way of writing values down. A login that has the owner's rights without asking (a member
-- that inherits, a superuser) keeps its own besides, to reach what it made itself.
DO $owner$
BEGIN
    IF NOT pg_catalog.pg_has_role(session_user, 'pine_owner', 'USAGE') THEN
        SET ROLE pine_owner;
    END IF;
END
$owner$;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET intervalstyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SET search_path = public, pg_catalog, pg_temp;
