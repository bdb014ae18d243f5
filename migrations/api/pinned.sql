-- What every function of this schema has pinned besides what it says itself. Boards and causes are named by dates as text:
-- a login that has dates written otherwise must neither read nor make another name. And what stands between quotes is read
-- when it is run. Last of all files.
DO $$
DECLARE
    function regprocedure;
BEGIN
    FOR function IN
        SELECT p.oid FROM pg_catalog.pg_proc AS p WHERE p.pronamespace = 'api'::regnamespace
    LOOP
        EXECUTE format(
            'ALTER FUNCTION %s
                 SET datestyle = ''ISO, YMD'' SET intervalstyle = ''postgres'' SET standard_conforming_strings = on',
            function);
    END LOOP;
END
$$;
