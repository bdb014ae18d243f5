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
    done    record;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    done := pine.cancel_registration(actor.user_id, pine.the_event(event_id), pine.clock());
    IF done.outcome = 'cancelled' THEN
        PERFORM pine.audit(actor, 'cancel_registration', 'event', event_id, NULL,
                           jsonb_build_object('user_id', actor.user_id, 'promoted', done.promoted));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', done.outcome, 'event', pine.event_line(pine.the_event(event_id), actor.user_id)));
END
$$;

GRANT EXECUTE ON FUNCTION api.register(bytea, uuid, integer, boolean), api.cancel_registration(bytea, uuid, integer)
    TO pine_staff, pine_kiosk;
