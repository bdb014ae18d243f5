-- What comes after a check-in: taking it back, going out, and who is asked how.

-- Takes a check-in back whole: attendance, points, totals. What another terminal did needs a reason.
CREATE FUNCTION api.undo_check_in(token bytea, nonce uuid, event_id integer, member_id integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'undo_check_in', nonce,
                                       jsonb_build_array(event_id, member_id, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.undo_passage(
        actor, pine.the_event(event_id), pine.member_numbered(member_id), 'in', reason, nonce));
END
$$;

-- Takes back that a member went `out`, or came `back`; both without touching the attendance's points.
CREATE FUNCTION api.undo_passage(
    token bytea, nonce uuid, event_id integer, member_id integer, passage text, reason text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'undo_passage', nonce,
                                       jsonb_build_array(event_id, member_id, passage, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    IF passage IS NULL OR passage NOT IN ('out', 'back') THEN
        PERFORM pine.refuse_value('passage', 'A passage to take back is out or back.');
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.undo_passage(
        actor, pine.the_event(event_id), pine.member_numbered(member_id), passage, reason, nonce));
END
$$;

-- Out for now: at events that check people out. Who is meant is found as at the way in.
CREATE FUNCTION api.check_out(token bytea, nonce uuid, event_id integer, presented text, member_id integer)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'check_out', nonce,
                                       jsonb_build_array(event_id, presented, member_id));
    event  public.events;
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    event := pine.the_event(event_id);
    IF NOT event.has_check_out THEN
        RAISE EXCEPTION 'Nobody is checked out of this event; turn that on at the door first.'
            USING ERRCODE = 'PT409';
    END IF;
    SELECT * INTO member FROM public.users AS u WHERE u.id = coalesce(member_id, pine.find_presented(presented));
    RETURN pine.end_request(actor.key, nonce, pine.with_door_note(
        pine.check_out(actor, event, member, coalesce(presented, ''), nonce)));
END
$$;

-- Whether people who leave an event are checked out and may come back. Answers how it stands.
CREATE FUNCTION api.set_check_out(token bytea, nonce uuid, event_id integer, has_check_out boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'set_check_out', nonce,
                                       jsonb_build_array(event_id, has_check_out));
    event  public.events;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    event := pine.the_event(event_id);
    UPDATE public.events AS e
    SET has_check_out = coalesce(set_check_out.has_check_out, false)
    WHERE e.id = event.id;
    PERFORM pine.audit(actor, 'set_check_out', 'event', event.id,
                       jsonb_build_object('has_check_out', event.has_check_out),
                       jsonb_build_object('has_check_out', coalesce(set_check_out.has_check_out, false)));
    RETURN pine.end_request(actor.key, nonce, to_jsonb(coalesce(set_check_out.has_check_out, false)));
END
$$;

-- What a check-in would bring, and every rule's answer to it; nothing is done and nothing is logged.
CREATE FUNCTION api.evaluate_check_in(token bytea, event_id integer, presented text, member_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    event  public.events := pine.the_event(event_id);
    at     timestamptz := pine.clock();
    member public.users;
    back   boolean;
BEGIN
    SELECT * INTO member FROM public.users AS u WHERE u.id = coalesce(member_id, pine.find_presented(presented));
    back := pine.may_come_back(event, member, at);
    RETURN pine.with_door_note(jsonb_build_object(
        'input', left(presented, 255),
        'outcome', CASE WHEN back THEN 'ok' ELSE pine.evaluate_check_in(event, member, at) END,
        'passage', CASE WHEN back THEN 'back' ELSE 'in' END,
        'member', CASE WHEN member.id IS NOT NULL THEN jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name) END,
        'event_id', event.id,
        'event_title', event.title,
        'at', at,
        'rules', pine.explain_check_in(event, member, at)
    ));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.undo_check_in(bytea, uuid, integer, integer, text),
    api.undo_passage(bytea, uuid, integer, integer, text, text),
    api.check_out(bytea, uuid, integer, text, integer),
    api.set_check_out(bytea, uuid, integer, boolean),
    api.evaluate_check_in(bytea, integer, text, integer)
    TO pine_staff;
