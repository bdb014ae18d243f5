-- The door without a link: the roster it takes along, and the check-ins that it brings back.

-- Everybody with a registration or an attendance at an event, by id: a page of those above `after`. Names come
-- folded as the search folds them, so that the door finds the same people as the database would.
CREATE FUNCTION api.door_roster(token bytea, event_id integer, after integer, page integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    event public.events := pine.the_event(event_id);
BEGIN
    RETURN jsonb_build_object(
        'event_id', event.id,
        'title', event.title,
        'start_time', event.start_time,
        'end_time', event.end_time,
        'is_active', coalesce(event.is_active, true),
        'has_check_out', event.has_check_out,
        'points_reward', coalesce(event.points_reward, 0),
        'opens_minutes', (SELECT s.check_in_opens_minutes FROM public.settings AS s),
        'clock', pine.clock(),
        'people', (
            SELECT coalesce(jsonb_agg(found.line ORDER BY found.id), '[]')
            FROM (
                SELECT u.id, jsonb_build_object(
                    'id', u.id,
                    'username', u.username,
                    'full_name', u.full_name,
                    'email', u.email,
                    'folded', pine.fold(u.full_name || ' ' || u.username || ' ' || u.email),
                    'pass_code', u.pass_code,
                    'is_active', coalesce(u.is_active, true),
                    'total', coalesce(t.earned, 0),
                    'standing', CASE
                        WHEN a.status = 'left' THEN 'left'
                        WHEN a.id IS NOT NULL AND coalesce(a.status, 'attended') <> 'undone' THEN 'in'
                        WHEN r.id IS NULL THEN 'none'
                        WHEN r.status = 'rejected' THEN 'cancelled'
                        WHEN coalesce(r.status, 'registered') = 'registered' AND pine.owes(r) THEN 'unpaid'
                        ELSE coalesce(r.status, 'registered')
                    END,
                    'due', CASE WHEN pine.owes(r) THEN pine.due(r)::text END,
                    'door_note', pine.door_note(u, event.id),
                    'first', CASE
                        WHEN a.status = 'left' THEN jsonb_build_object('at', a.check_out_time)
                        WHEN a.id IS NOT NULL AND coalesce(a.status, 'attended') <> 'undone' THEN
                        jsonb_build_object('at', a.check_in_time, 'device', a.device, 'operator', o.full_name)
                    END
                ) AS line
                FROM (
                    SELECT r.user_id FROM public.registrations AS r
                    WHERE r.event_id = event.id AND r.user_id > door_roster.after
                    UNION
                    SELECT a.user_id FROM public.event_attendees AS a
                    WHERE a.event_id = event.id AND a.user_id > door_roster.after
                    ORDER BY user_id
                    LIMIT least(page, 5000)
                ) AS near
                JOIN public.users AS u ON u.id = near.user_id
                LEFT JOIN public.registrations AS r ON r.event_id = event.id AND r.user_id = u.id
                LEFT JOIN public.event_attendees AS a ON a.event_id = event.id AND a.user_id = u.id
                LEFT JOIN public.users AS o ON o.id = a.checked_in_by
                LEFT JOIN public.user_totals AS t ON t.user_id = u.id
            ) AS found
        )
    );
END
$$;

-- A check-in that a door made while the database did not answer, brought by any staff session: judged at the moment
-- at which it was made, recorded as the door's operator's, audited with both. It shares the nonce and the arguments of
-- the api.check_in that the door tried first: whichever of the two arrives first is carried out, the other is told
-- the same answer. `operator` is the session's key: `user:7`, or `owner:` and a system user. `decided` is what the door
-- told the person, NULL if it could not tell.
CREATE FUNCTION api.replay_check_in(
    token bytea, operator text, device text, occurred_at timestamptz, nonce uuid,
    event_id integer, presented text, member_id integer, decided text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor    pine.actor := pine.who_of_staff(token);
    at       timestamptz := pine.clock();
    original pine.actor;
    person   public.users;
    event    public.events;
    member   public.users;
    answer   jsonb;
BEGIN
    IF operator ~ '^user:[0-9]{1,9}$' THEN
        SELECT * INTO person FROM public.users AS u WHERE u.id = substr(operator, 6)::integer;
        IF person.id IS NULL OR pine.user_type(person) NOT IN ('staff', 'admin') THEN
            PERFORM pine.refuse_value('operator', 'Whoever made this check-in is not of the staff.');
        END IF;
    ELSIF operator IS NULL OR operator !~ '^owner:.' THEN
        PERFORM pine.refuse_value('operator', 'Nobody is named who made this check-in.');
    END IF;
    original := ROW(actor.session_id, person.id, coalesce(person.username, operator),
                    CASE WHEN person.id IS NULL THEN 'admin' ELSE pine.user_type(person) END,
                    left(device, 255), operator)::pine.actor;

    -- Asked before the moment is looked at: what was carried out already stays so, however old it has grown.
    answer := pine.begin_request(original.key, 'check_in', nonce, jsonb_build_array(event_id, presented, member_id));
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    -- Two clocks never agree to the millisecond.
    IF occurred_at IS NULL OR occurred_at > at + interval '2 seconds' THEN
        PERFORM pine.refuse_value('occurred_at', 'This check-in was made in the future: the terminal''s clock was wrong.');
    ELSIF occurred_at < at - interval '72 hours' THEN
        PERFORM pine.refuse_value('occurred_at', 'This check-in is older than 72 hours.');
    END IF;
    event := pine.the_event(event_id);
    SELECT * INTO member FROM public.users AS u WHERE u.id = coalesce(member_id, pine.find_presented(presented));
    -- Nobody who was sent away comes back in afterwards either.
    IF coalesce(decided, 'ok') = 'ok' THEN
        answer := pine.come_back(original, event, member, presented, nonce, least(occurred_at, at));
    END IF;
    IF answer IS NULL THEN
        answer := pine.check_in(original, event, member, presented, nonce, least(occurred_at, at), decided);
    END IF;
    PERFORM pine.audit(actor, 'replay_check_in', 'event', event.id, NULL, jsonb_build_object(
        'user_id', member.id, 'outcome', answer -> 'outcome', 'decided', decided,
        'occurred_at', occurred_at, 'operator', original.name, 'operator_device', device));
    RETURN pine.end_request(original.key, nonce, pine.with_door_note(answer));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.door_roster(bytea, integer, integer, integer),
    api.replay_check_in(bytea, text, text, timestamptz, uuid, integer, text, integer, text)
    TO pine_staff;
