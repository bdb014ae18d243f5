-- What holds before anybody has signed in. Every function here answers without a session and tells of no person.

-- Which migrations and which build of this schema the database has; the client compares them with its own.
CREATE FUNCTION api.version() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
    SELECT jsonb_build_object(
        'schema', (SELECT max(m.version) FROM public._sqlx_migrations AS m WHERE m.success),
        'api', (SELECT s.hash FROM pine.api_state AS s)
    )
$$;

CREATE FUNCTION api.community() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
    SELECT jsonb_build_object(
        'community_name', s.community_name,
        'time_zone', s.time_zone,
        'currency', s.currency,
        'payment_channels', s.payment_channels,
        'is_demo', s.is_demo,
        'clock', pine.clock(),
        'clock_offset_seconds', extract(epoch FROM pine.clock() - now())::bigint,
        'check_in_opens_minutes', s.check_in_opens_minutes,
        'password_least', s.password_least,
        'server_version', split_part(current_setting('server_version'), ' ', 1)
    )
    FROM public.settings AS s
$$;

-- How far this server is with its log: where, and of a standby also when its last change was made.
CREATE FUNCTION api.position() RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
    SELECT jsonb_build_object(
        'at', (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
               - '0/0'::pg_lsn)::bigint,
        'changed', CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END,
        'clock', clock_timestamp()
    )
$$;

GRANT EXECUTE ON FUNCTION api.version(), api.community(), api.position() TO pine_staff, pine_kiosk;
