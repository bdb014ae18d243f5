-- Whatever the login or the database is set to: values are read and written in one way, nothing of the old schema is called
-- by an unqualified name, rows that a policy would hide make an error, and nobody's patience ends in the middle.
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL standard_conforming_strings = on;
SET LOCAL row_security = off;
SET LOCAL check_function_bodies = on;
SELECT set_config(s.name, '0', true)
FROM pg_settings AS s
WHERE s.name IN ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout');
