-- The desk of an event's registrations: each is one staff member's word about one member's registration. The rules stand
-- in pine; here each is one call, one transaction, one audit row, safe to send again. Several at once are several calls.

-- Approves who is pending, or was refused before: `registered`, or `waitlisted` when every seat is taken.
CREATE FUNCTION api.registration_approve(token bytea, nonce uuid, event_id integer, member_id integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'registration_approve', nonce,
                                       jsonb_build_array(event_id, member_id));
    done   pine.seat_change;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.member_numbered(member_id), pine.the_event(event_id);
    done := pine.approve(member_id, event_id, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.seat_changed(
        actor, 'registration_approve', event_id, member_id, done, NULL));
END
$$;

-- Refuses a registration; the member sees why, and cannot register again by themselves.
CREATE FUNCTION api.registration_reject(token bytea, nonce uuid, event_id integer, member_id integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'registration_reject', nonce,
                                       jsonb_build_array(event_id, member_id, reason));
    done   pine.seat_change;
    why    text := pine.need_reason(reason, 'Type why; the member will read it.');
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.member_numbered(member_id), pine.the_event(event_id);
    done := pine.withdraw(member_id, event_id, 'rejected', why, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.seat_changed(
        actor, 'registration_reject', event_id, member_id, done, why));
END
$$;

-- Cancels a registration for its member, who sees why.
CREATE FUNCTION api.registration_cancel(token bytea, nonce uuid, event_id integer, member_id integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'registration_cancel', nonce,
                                       jsonb_build_array(event_id, member_id, reason));
    done   pine.seat_change;
    why    text := pine.need_reason(reason, 'Type why; the member will read it.');
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.member_numbered(member_id), pine.the_event(event_id);
    done := pine.withdraw(member_id, event_id, 'cancelled', why, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.seat_changed(
        actor, 'registration_cancel', event_id, member_id, done, why));
END
$$;

-- Registers a member in their stead; with `wait` in line when it is full.
CREATE FUNCTION api.registration_add(token bytea, nonce uuid, event_id integer, member_id integer, wait boolean)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'registration_add', nonce,
                                       jsonb_build_array(event_id, member_id, wait));
    done   pine.seat_change;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.member_numbered(member_id), pine.the_event(event_id);
    done := pine.register_for(member_id, event_id, coalesce(wait, false), pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.seat_changed(
        actor, 'registration_add', event_id, member_id, done, NULL));
END
$$;

-- Prefers somebody to those who wait longer: to a free seat, else to the head of the line.
CREATE FUNCTION api.registration_promote(token bytea, nonce uuid, event_id integer, member_id integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'registration_promote', nonce,
                                       jsonb_build_array(event_id, member_id, reason));
    done   pine.seat_change;
    why    text := pine.read_reason(reason);
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.member_numbered(member_id), pine.the_event(event_id);
    done := pine.promote(member_id, event_id, why, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.seat_changed(
        actor, 'registration_promote', event_id, member_id, done, why));
END
$$;

-- Moves a member to another event, through its capacity: with `wait` into its line when it is full. Answers the
-- registration there, or the one here when it was refused.
CREATE FUNCTION api.registration_move(
    token bytea, nonce uuid, event_id integer, member_id integer, to_event_id integer, wait boolean, reason text
)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'registration_move', nonce,
                                       jsonb_build_array(event_id, member_id, to_event_id, wait, reason));
    why    text := pine.read_reason(reason);
    done   pine.seat_change;
    moved  boolean;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.member_numbered(member_id), pine.the_event(event_id), pine.the_event(to_event_id);
    IF event_id = to_event_id THEN
        PERFORM pine.refuse_value('to_event_id', 'They are at this event already; choose another.');
    END IF;
    done := pine.move_registration(member_id, event_id, to_event_id, coalesce(wait, false), why, pine.clock());
    moved := done.outcome IN ('registered', 'waitlisted', 'pending');
    RETURN pine.end_request(actor.key, nonce, pine.seat_changed(
        actor, 'registration_move', CASE WHEN moved THEN to_event_id ELSE event_id END, member_id, done, why,
        CASE WHEN moved THEN event_id END));
END
$$;

-- What staff tell each other about a registration; empty takes it away.
CREATE FUNCTION api.registration_note(token bytea, nonce uuid, event_id integer, member_id integer, note text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor        pine.actor := pine.who_of_staff(token);
    answer       jsonb := pine.begin_request(actor.key, 'registration_note', nonce,
                                             jsonb_build_array(event_id, member_id, note));
    registration public.registrations;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF length(btrim(note)) > 1000 THEN
        PERFORM pine.refuse_value('note', 'A note has at most 1000 characters.');
    END IF;
    registration := pine.hold_registration(member_id, event_id);
    UPDATE public.registrations AS r
    SET note = nullif(btrim(registration_note.note), '')
    WHERE r.id = registration.id;
    PERFORM pine.audit(actor, 'registration_note', 'event', event_id,
                       jsonb_build_object('user_id', member_id, 'note', registration.note),
                       jsonb_build_object('user_id', member_id, 'note', nullif(btrim(note), '')));
    RETURN pine.end_request(actor.key, nonce, pine.seat_answer(
        event_id, member_id, ROW('noted', registration.status, '{}')::pine.seat_change));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.registration_approve(bytea, uuid, integer, integer),
    api.registration_reject(bytea, uuid, integer, integer, text),
    api.registration_cancel(bytea, uuid, integer, integer, text),
    api.registration_add(bytea, uuid, integer, integer, boolean),
    api.registration_promote(bytea, uuid, integer, integer, text),
    api.registration_move(bytea, uuid, integer, integer, integer, boolean, text),
    api.registration_note(bytea, uuid, integer, integer, text)
    TO pine_staff;
