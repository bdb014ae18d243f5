-- The calendar: events as a member sees them, and their making by staff.

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
    RETURN pine.event_page(pine.the_event(event_id), actor.user_id);
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

-- Makes an event (no id) or changes one. Answers its page as it then stands.
CREATE FUNCTION api.event_save(
    token bytea, nonce uuid, event_id integer, title text, event_type text, location text,
    start_time timestamptz, end_time timestamptz, max_participants integer, points_reward integer, description text,
    price numeric
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'event_save', nonce, jsonb_build_array(
        event_id, title, event_type, location, start_time, end_time, max_participants, points_reward, description,
        price));
    was    public.events;
    now_is public.events;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_event(title, event_type, location, start_time, end_time, max_participants, points_reward, price);
    IF event_id IS NULL THEN
        INSERT INTO public.events AS e
            (title, description, event_type, location, start_time, end_time, max_participants, points_reward,
             price, created_by, created_at)
        VALUES
            (btrim(title), description, event_type, btrim(location), start_time, end_time, max_participants,
             coalesce(points_reward, 0), nullif(price, 0), actor.user_id, pine.clock())
        RETURNING * INTO now_is;
    ELSE
        -- Seats first, then the event: whoever is taking a seat at this moment is waited for.
        PERFORM FROM public.event_seats AS s WHERE s.event_id = event_save.event_id FOR UPDATE;
        was := pine.the_event(event_id);
        UPDATE public.events AS e
        SET title = btrim(event_save.title),
            description = event_save.description,
            event_type = event_save.event_type,
            location = btrim(event_save.location),
            start_time = event_save.start_time,
            end_time = event_save.end_time,
            max_participants = event_save.max_participants,
            points_reward = coalesce(event_save.points_reward, 0),
            price = nullif(event_save.price, 0)
        WHERE e.id = event_save.event_id
        RETURNING * INTO now_is;
    END IF;
    PERFORM pine.audit(actor, CASE WHEN event_id IS NULL THEN 'event_add' ELSE 'event_change' END, 'event',
                       now_is.id, CASE WHEN event_id IS NOT NULL THEN to_jsonb(was) END, to_jsonb(now_is));
    RETURN pine.end_request(actor.key, nonce, pine.event_page(now_is, actor.user_id));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.events(bytea, timestamptz, timestamptz), api.event(bytea, integer), api.event_types(bytea)
    TO pine_staff, pine_kiosk;
GRANT EXECUTE ON FUNCTION
    api.event_save(bytea, uuid, integer, text, text, text, timestamptz, timestamptz, integer, integer, text,
                   numeric)
    TO pine_staff;
