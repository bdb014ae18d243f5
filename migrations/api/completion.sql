-- Completing an event: late entries and results. What a late entry did is taken back as any check-in is
-- (api.undo_check_in).

-- Somebody was there and no door saw them: enters it with a reason. Answers as a check-in does.
CREATE FUNCTION api.attend_late(token bytea, nonce uuid, event_id integer, member_id integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'attend_late', nonce,
                                       jsonb_build_array(event_id, member_id, reason));
    why    text;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    why := pine.need_reason(reason, 'Type how you know that they were there.');
    RETURN pine.end_request(actor.key, nonce, pine.attend_late(
        actor, pine.the_event(event_id), pine.member_numbered(member_id), why, nonce, pine.clock()));
END
$$;

-- Who came first, second and third.
CREATE FUNCTION api.results(token bytea, event_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN pine.results((pine.the_event(event_id)).id);
END
$$;

-- Makes these the event's results, whole: `places` by member, as {"7": 1, "12": 2}; `seen` are those that the writer had
-- before their eyes, NULL when it does not matter.
CREATE FUNCTION api.set_results(token bytea, nonce uuid, event_id integer, places jsonb, seen jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'set_results', nonce,
                                       jsonb_build_array(event_id, places, seen));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.set_results(
        actor, pine.the_event(event_id), places, seen, pine.clock()));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.attend_late(bytea, uuid, integer, integer, text),
    api.results(bytea, integer),
    api.set_results(bytea, uuid, integer, jsonb, jsonb)
    TO pine_staff;
