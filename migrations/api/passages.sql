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
        actor, pine.the_event(event_id), pine.the_member(member_id), 'in', reason, nonce));
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
        actor, pine.the_event(event_id), pine.the_member(member_id), passage, reason, nonce));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.undo_check_in(bytea, uuid, integer, integer, text),
    api.undo_passage(bytea, uuid, integer, integer, text, text)
    TO pine_staff;
