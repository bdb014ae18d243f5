-- A member's own registrations. Lock order: the event's seats, then the registration.

-- Registers the asker. A cancelled registration is revived, and goes through the seats again like a new one.
CREATE FUNCTION api.register(token bytea, nonce uuid, event_id integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_member(token);
    answer  jsonb := pine.begin_request(actor.key, 'register', nonce, jsonb_build_array(event_id));
    event   public.events;
    outcome text;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    event := pine.the_event(event_id);
    outcome := pine.register(actor.user_id, event, pine.clock());
    IF outcome = 'registered' THEN
        PERFORM pine.audit(actor, 'register', 'event', event.id, NULL, jsonb_build_object('user_id', actor.user_id));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', outcome, 'event', pine.event_line(event, actor.user_id)));
END
$$;

-- Cancels the asker's registration, and frees its seat if it held one. Not once the event has begun.
CREATE FUNCTION api.cancel_registration(token bytea, nonce uuid, event_id integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_member(token);
    answer  jsonb := pine.begin_request(actor.key, 'cancel_registration', nonce, jsonb_build_array(event_id));
    event   public.events;
    outcome text;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    event := pine.the_event(event_id);
    outcome := pine.cancel_registration(actor.user_id, event, pine.clock());
    IF outcome = 'cancelled' THEN
        PERFORM pine.audit(actor, 'cancel_registration', 'event', event.id, NULL,
                           jsonb_build_object('user_id', actor.user_id));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', outcome, 'event', pine.event_line(event, actor.user_id)));
END
$$;

GRANT EXECUTE ON FUNCTION api.register(bytea, uuid, integer), api.cancel_registration(bytea, uuid, integer)
    TO pine_staff, pine_kiosk;
