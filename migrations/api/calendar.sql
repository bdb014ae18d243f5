-- What the calendar asks besides the events.

CREATE FUNCTION api.events_about(token bytea, from_time timestamptz, to_time timestamptz, words text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM pine.who(token);
    RETURN (SELECT coalesce(jsonb_agg(id ORDER BY id), '[]')
            FROM pine.events_about(from_time, to_time, left(words, 255)) AS id);
END
$$;

GRANT EXECUTE ON FUNCTION api.events_about(bytea, timestamptz, timestamptz, text) TO pine_staff, pine_kiosk;
