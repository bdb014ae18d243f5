-- How far back the community would fall if the server were lost now.

-- The last verified backup: name, made_at, verified_at, bytes, age_seconds; null when there is none (staff).
CREATE FUNCTION api.backup_age(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM pine.who_of_staff(token);
    RETURN coalesce(pine.last_verified_backup(now()), 'null'::jsonb);
END
$$;

GRANT EXECUTE ON FUNCTION api.backup_age(bytea) TO pine_staff;
