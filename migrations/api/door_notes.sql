-- Door notes: written by the staff, read at the door. The rules stand in pine; the notes themselves come with what the
-- door asks and does (api.find_at_door, api.door_roster, api.check_in and its kin). No kiosk is told any.

-- Writes the note on a member, or clears it with NULL. `number` is that of the note which is changed, NULL where there
-- is none.
CREATE FUNCTION api.set_door_note(token bytea, nonce uuid, member_id integer, note text, number integer)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'set_door_note', nonce, jsonb_build_array(member_id, note, number));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.set_door_note(actor, member_id, note, number));
END
$$;

-- The note with this number was read at an event's door: it does not come up there again.
CREATE FUNCTION api.acknowledge_door_note(
    token bytea, nonce uuid, event_id integer, member_id integer, number integer
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'acknowledge_door_note', nonce,
                                       jsonb_build_array(event_id, member_id, number));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.acknowledge_door_note(
        actor, pine.the_event(event_id), pine.member_numbered(member_id), number, pine.clock()));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.set_door_note(bytea, uuid, integer, text, integer),
    api.acknowledge_door_note(bytea, uuid, integer, integer, integer)
    TO pine_staff;
