-- The calendar: events as a member sees them.

-- Events that touch a span of time, by start.
CREATE FUNCTION api.events(token bytea, from_time timestamptz, to_time timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(pine.event_line(e, actor.user_id) ORDER BY e.start_time, e.id), '[]')
        FROM public.events AS e
        WHERE e.start_time < to_time AND e.end_time > from_time
    );
END
$$;

CREATE FUNCTION api.event(token bytea, event_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    RETURN pine.planned_page(pine.the_event(event_id), actor.user_id);
END
$$;

-- What calendar files are written from: the events asked for by number, else those of a span that touch it, mine
-- alone if so wished. Mine are those that I hold or wait for a seat at, cancelled ones among them: a file takes
-- back what an earlier one brought.
CREATE FUNCTION api.events_for_file(
    token bytea, event_ids integer[], mine boolean, from_time timestamptz, to_time timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    IF cardinality(event_ids) > 10000 THEN
        PERFORM pine.refuse_value('event_ids', 'At most 10000 events go into one file.');
    END IF;
    RETURN jsonb_build_object(
        'calendar_id', (SELECT s.calendar_id FROM public.settings AS s),
        'events', (
            SELECT coalesce(jsonb_agg(pine.planned_page(e, actor.user_id) ORDER BY e.start_time, e.id), '[]')
            FROM public.events AS e
            WHERE (event_ids IS NULL OR e.id = ANY (event_ids))
              AND (from_time IS NULL OR e.end_time > from_time)
              AND (to_time IS NULL OR e.start_time < to_time)
              AND (NOT mine OR EXISTS (
                  SELECT FROM public.registrations AS r
                  WHERE r.event_id = e.id
                    AND r.user_id = actor.user_id
                    AND coalesce(r.status, 'registered') IN ('registered', 'pending', 'waitlisted')))
        )
    );
END
$$;

CREATE FUNCTION api.event_types(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM pine.who(token);
    RETURN (SELECT coalesce(jsonb_agg(t.name ORDER BY t.position, t.name), '[]') FROM public.event_types AS t);
END
$$;

GRANT EXECUTE ON FUNCTION
    api.events(bytea, timestamptz, timestamptz), api.event(bytea, integer), api.event_types(bytea)
    TO pine_staff, pine_kiosk;
GRANT EXECUTE ON FUNCTION api.events_for_file(bytea, integer[], boolean, timestamptz, timestamptz) TO pine_staff;
