-- A member's own registrations. Lock order: the event's seats, then the registration.

-- Registers the asker. A cancelled registration is revived, and goes through the seats again like a new one. With
-- `wait` the asker stands in line for a seat when there is none.
CREATE FUNCTION api.register(token bytea, nonce uuid, event_id integer, wait boolean DEFAULT false) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_member(token);
    answer  jsonb := pine.begin_request(actor.key, 'register', nonce, jsonb_build_array(event_id, wait));
    outcome text;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    outcome := pine.register(actor.user_id, pine.the_event(event_id), pine.clock(), coalesce(wait, false));
    IF outcome IN ('registered', 'waitlisted', 'pending') THEN
        PERFORM pine.audit(actor, 'register', 'event', event_id, NULL,
                           jsonb_build_object('user_id', actor.user_id, 'status', outcome));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', outcome, 'event', pine.event_line(pine.the_event(event_id), actor.user_id)));
END
$$;

-- Cancels the asker's registration, and gives its seat to the first in line if it held one. Not once the event has
-- begun, unless they only waited.
CREATE FUNCTION api.cancel_registration(token bytea, nonce uuid, event_id integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_member(token);
    answer  jsonb := pine.begin_request(actor.key, 'cancel_registration', nonce, jsonb_build_array(event_id));
    was     text;
    done    record;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    SELECT coalesce(r.status, 'registered') INTO was
    FROM public.registrations AS r
    WHERE r.user_id = actor.user_id AND r.event_id = cancel_registration.event_id;
    done := pine.cancel_registration(actor.user_id, pine.the_event(event_id), pine.clock());
    IF done.outcome = 'cancelled' THEN
        PERFORM pine.audit(actor, 'cancel_registration', 'event', event_id,
                           jsonb_build_object('user_id', actor.user_id, 'status', was),
                           jsonb_build_object('user_id', actor.user_id, 'status', 'cancelled',
                                              'promoted', done.promoted));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', done.outcome, 'event', pine.event_line(pine.the_event(event_id), actor.user_id)));
END
$$;

-- A page of the asker's registrations, behind the event `after_id` that starts at `after_time`: of events that are not
-- over, the next one first (`upcoming`), or of those that are, the last one first (`past`); and how many there are of each
-- kind.
CREATE FUNCTION api.my_registrations(
    token bytea, part text, after_time timestamptz, after_id integer, most integer
) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    at     timestamptz := pine.clock();
    answer jsonb;
BEGIN
    IF part IS NULL OR part NOT IN ('upcoming', 'past') THEN
        PERFORM pine.refuse_value('part', 'Registrations are upcoming or past.');
    END IF;
    most := greatest(1, least(most, 500));
    WITH mine AS MATERIALIZED (
        SELECT r, e
        FROM public.registrations AS r
        JOIN public.events AS e ON e.id = r.event_id
        WHERE r.user_id = actor.user_id
    ), page AS (
        SELECT m.r, m.e, row_number() OVER (
                   ORDER BY CASE WHEN part = 'upcoming' THEN (m.e).start_time END, (m.e).start_time DESC,
                            CASE WHEN part = 'upcoming' THEN (m.e).id END, (m.e).id DESC) AS number
        FROM mine AS m
        WHERE ((m.e).end_time > at) = (part = 'upcoming')
          AND (after_id IS NULL
               OR part = 'upcoming' AND ((m.e).start_time, (m.e).id) > (after_time, after_id)
               OR part = 'past' AND ((m.e).start_time, (m.e).id) < (after_time, after_id))
        ORDER BY number
        LIMIT most + 1
    )
    SELECT jsonb_build_object(
        'rows', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                            'event', pine.event_line(p.e, actor.user_id),
                            'registration', pine.my_registration(p.r),
                            'cancel_reason', CASE WHEN NOT coalesce((p.e).is_active, true) THEN (p.e).cancel_reason END)
                            ORDER BY p.number), '[]')
                 FROM page AS p WHERE p.number <= most),
        'more', (SELECT count(*) > most FROM page),
        'upcoming', (SELECT count(*) FROM mine AS m
                     WHERE (m.e).end_time > at AND coalesce((m.r).status, 'registered') = 'registered'),
        'waitlisted', (SELECT count(*) FROM mine AS m WHERE (m.e).end_time > at AND (m.r).status = 'waitlisted'),
        'pending', (SELECT count(*) FROM mine AS m WHERE (m.e).end_time > at AND (m.r).status = 'pending'),
        'past', (SELECT count(*) FROM mine AS m WHERE (m.e).end_time <= at)
    )
    INTO answer;
    RETURN answer;
END
$$;

-- What others did to the asker's registrations and they have not seen, the oldest first: promoted, approved, rejected …
CREATE FUNCTION api.my_news(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_member(token);
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'event', pine.event_line(e, actor.user_id),
                   'registration', pine.my_registration(r),
                   'cancel_reason', CASE WHEN NOT coalesce(e.is_active, true) THEN e.cancel_reason END)
                   ORDER BY r.news_at, r.id), '[]')
        FROM public.registrations AS r
        JOIN public.events AS e ON e.id = r.event_id
        WHERE r.user_id = actor.user_id AND r.news IS NOT NULL
    );
END
$$;

-- The asker has seen what was done to their registration at that moment. What was done since then stays unseen: the
-- answer is false.
CREATE FUNCTION api.news_seen(token bytea, nonce uuid, event_id integer, news_at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    answer jsonb := pine.begin_request(actor.key, 'news_seen', nonce, jsonb_build_array(event_id, news_at));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    UPDATE public.registrations AS r
    SET news = NULL, news_at = NULL
    WHERE r.user_id = actor.user_id AND r.event_id = news_seen.event_id AND r.news_at = news_seen.news_at;
    RETURN pine.end_request(actor.key, nonce, to_jsonb(FOUND));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.register(bytea, uuid, integer, boolean),
    api.cancel_registration(bytea, uuid, integer),
    api.my_registrations(bytea, text, timestamptz, integer, integer),
    api.my_news(bytea),
    api.news_seen(bytea, uuid, integer, timestamptz)
    TO pine_staff, pine_kiosk;
