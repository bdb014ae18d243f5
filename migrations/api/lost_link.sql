-- The door without a link: the roster it takes along, and the passages that it brings back.

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
                    END,
                    -- The last time they went out in this attendance.
                    'outs', CASE
                        WHEN a.check_out_time IS NOT NULL AND coalesce(a.status, 'attended') <> 'undone'
                        THEN jsonb_build_array(a.check_out_time)
                        ELSE '[]'
                    END
                ) AS line
                FROM (
                    SELECT r.user_id FROM public.registrations AS r
                    WHERE r.event_id = event.id AND r.user_id > door_roster.after
                    UNION
                    SELECT a.user_id FROM public.event_attendees AS a
                    WHERE a.event_id = event.id AND a.user_id > door_roster.after
                    ORDER BY user_id
                    LIMIT greatest(least(page, 5000), 0)
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
    original pine.actor := pine.original_actor(actor, operator, device);
    -- Asked before the moment is looked at: what was carried out already stays so, however old it has grown.
    answer   jsonb := pine.begin_request(original.key, 'check_in', nonce,
                                         jsonb_build_array(event_id, presented, member_id));
    made     timestamptz;
    event    public.events;
    member   public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    made := pine.moment_made(occurred_at, pine.clock());
    event := pine.the_event(event_id);
    SELECT * INTO member FROM public.users AS u WHERE u.id = coalesce(member_id, pine.find_presented(presented));
    -- Nobody who was sent away comes back in afterwards either.
    IF coalesce(decided, 'ok') = 'ok' THEN
        answer := pine.come_back(original, event, member, presented, nonce, made);
    END IF;
    IF answer IS NULL THEN
        answer := pine.check_in(original, event, member, presented, nonce, made, decided);
    END IF;
    PERFORM pine.audit(actor, 'replay_check_in', 'event', event.id, NULL, jsonb_build_object(
        'user_id', member.id, 'outcome', answer -> 'outcome', 'decided', decided,
        'occurred_at', occurred_at, 'operator', original.name, 'operator_device', device));
    RETURN pine.end_request(original.key, nonce, pine.with_door_note(answer));
END
$$;

-- A check-out that a door made meanwhile; like api.replay_check_in, beside api.check_out. Whether the event checks
-- people out was looked at when they went.
CREATE FUNCTION api.replay_check_out(
    token bytea, operator text, device text, occurred_at timestamptz, nonce uuid,
    event_id integer, presented text, member_id integer, decided text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor    pine.actor := pine.who_of_staff(token);
    original pine.actor := pine.original_actor(actor, operator, device);
    answer   jsonb := pine.begin_request(original.key, 'check_out', nonce,
                                         jsonb_build_array(event_id, presented, member_id));
    made     timestamptz;
    event    public.events;
    member   public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    made := pine.moment_made(occurred_at, pine.clock());
    event := pine.the_event(event_id);
    SELECT * INTO member FROM public.users AS u WHERE u.id = coalesce(member_id, pine.find_presented(presented));
    answer := pine.check_out(original, event, member, presented, nonce, made, coalesce(decided, 'ok') <> 'ok');
    PERFORM pine.audit(actor, 'replay_check_out', 'event', event.id, NULL, jsonb_build_object(
        'user_id', member.id, 'outcome', answer -> 'outcome', 'decided', decided,
        'occurred_at', occurred_at, 'operator', original.name, 'operator_device', device));
    RETURN pine.end_request(original.key, nonce, pine.with_door_note(answer));
END
$$;

-- A passage that a door took back meanwhile; beside api.undo_check_in and api.undo_passage.
CREATE FUNCTION api.replay_undo(
    token bytea, operator text, device text, occurred_at timestamptz, nonce uuid,
    event_id integer, member_id integer, passage text, reason text, decided text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor    pine.actor := pine.who_of_staff(token);
    original pine.actor := pine.original_actor(actor, operator, device);
    answer   jsonb;
    made     timestamptz;
    event    public.events;
BEGIN
    IF passage IS NULL OR passage NOT IN ('in', 'out', 'back') THEN
        PERFORM pine.refuse_value('passage', 'A passage to take back is in, out or back.');
    END IF;
    answer := CASE passage
        WHEN 'in' THEN pine.begin_request(original.key, 'undo_check_in', nonce,
                                          jsonb_build_array(event_id, member_id, reason))
        ELSE pine.begin_request(original.key, 'undo_passage', nonce,
                                jsonb_build_array(event_id, member_id, passage, reason))
    END;
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    made := pine.moment_made(occurred_at, pine.clock());
    event := pine.the_event(event_id);
    answer := pine.undo_passage(original, event, pine.member_numbered(member_id), passage, reason, nonce, made,
                                coalesce(decided, 'ok') <> 'ok');
    PERFORM pine.audit(actor, 'replay_undo', 'event', event.id, NULL, jsonb_build_object(
        'user_id', member_id, 'outcome', answer -> 'outcome', 'decided', decided,
        'occurred_at', occurred_at, 'operator', original.name, 'operator_device', device));
    RETURN pine.end_request(original.key, nonce, answer);
END
$$;

GRANT EXECUTE ON FUNCTION
    api.door_roster(bytea, integer, integer, integer),
    api.replay_check_in(bytea, text, text, timestamptz, uuid, integer, text, integer, text),
    api.replay_check_out(bytea, text, text, timestamptz, uuid, integer, text, integer, text),
    api.replay_undo(bytea, text, text, timestamptz, uuid, integer, integer, text, text, text)
    TO pine_staff;
