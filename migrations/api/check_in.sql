-- The door. The rules stand in pine.evaluate_check_in; here are the door's questions and its one command.

-- Counts, the last ten attempts, arrivals, and who is at the door; what the check-in screen asks again and again.
CREATE FUNCTION api.door(token bytea, event_id integer) RETURNS jsonb
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
        'max_participants', event.max_participants,
        'price', nullif(event.price, 0)::text,
        'has_check_out', event.has_check_out,
        'clock', pine.clock(),
        'arrivals', pine.arrivals(event.id, pine.clock()),
        'present', pine.at_the_door(event.id, actor.session_id, pine.clock()),
        'attempts', (
            SELECT coalesce(jsonb_agg(last.line ORDER BY last.id DESC), '[]')
            FROM (
                SELECT l.id, jsonb_build_object(
                    'id', l.id, 'at', l.at, 'outcome', l.outcome, 'input', l.input, 'full_name', u.full_name,
                    'device', l.device, 'operator', l.operator, 'first_at', l.first_at,
                    'passage', l.passage, 'reason', l.reason) AS line
                FROM public.check_in_log AS l
                LEFT JOIN public.users AS u ON u.id = l.user_id
                WHERE l.event_id = event.id
                ORDER BY l.id DESC
                LIMIT 10
            ) AS last
        )
    ) || (
        SELECT jsonb_build_object(
            'registered', count(*) FILTER (WHERE people.holds_seat),
            'checked_in', count(*) FILTER (WHERE people.is_in),
            'inside', count(*) FILTER (WHERE people.is_in AND NOT people.is_out),
            'due', count(*) FILTER (WHERE people.holds_seat AND NOT people.is_in)
        )
        FROM (
            SELECT coalesce(coalesce(r.status, 'registered') = 'registered' AND r.id IS NOT NULL, false) AS holds_seat,
                   coalesce(coalesce(a.status, 'attended') <> 'undone' AND a.id IS NOT NULL, false) AS is_in,
                   coalesce(a.status = 'left', false) AS is_out
            FROM (SELECT * FROM public.registrations AS r WHERE r.event_id = event.id) AS r
            FULL JOIN (SELECT * FROM public.event_attendees AS a WHERE a.event_id = event.id) AS a USING (user_id)
        ) AS people
    );
END
$$;

-- Members that match what is typed, at most forty: whoever it names exactly first (Enter takes the first one), then
-- those who hold a seat, the other registrations, everybody else; in each, those first of whose name words begin so, then
-- those of whose name, user name and address together they do. Loosely, those whose name resembles it, in each the most
-- alike first.
CREATE FUNCTION api.find_at_door(token bytea, event_id integer, query text, loosely boolean DEFAULT false)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    event  public.events := pine.the_event(event_id);
    typed  text := coalesce(query, '');
    code   text := pine.read_pass_code(typed);
    wanted text := lower(btrim(typed));
    words  text[] := pine.search_words(typed);
    begins text[] := ARRAY(SELECT pine.begin_pattern(word) FROM unnest(words) AS word);
    people integer[] := pine.door_candidates(event_id, typed, coalesce(loosely, false));
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(found.line ORDER BY found.closeness, found.full_name, found.id), '[]')
        FROM (
            SELECT u.id, u.full_name, close.ness AS closeness, jsonb_build_object(
                'id', u.id,
                'username', u.username,
                'full_name', u.full_name,
                'pass_code', u.pass_code,
                'standing', near.standing,
                'due', CASE WHEN near.standing = 'unpaid' THEN pine.due(r)::text END,
                'door_note', pine.door_note(u, event.id),
                'first', CASE
                    WHEN near.standing = 'in' THEN jsonb_build_object(
                        'at', a.check_in_time, 'device', a.device, 'operator', o.full_name)
                    WHEN near.standing = 'left' THEN jsonb_build_object('at', a.check_out_time)
                END
            ) AS line
            FROM public.users AS u
            LEFT JOIN public.registrations AS r ON r.event_id = event.id AND r.user_id = u.id
            LEFT JOIN public.event_attendees AS a ON a.event_id = event.id AND a.user_id = u.id
            LEFT JOIN public.users AS o ON o.id = a.checked_in_by
            CROSS JOIN LATERAL (
                SELECT s.standing,
                       array_position(
                           ARRAY['registered', 'unpaid', 'in', 'left', 'pending', 'waitlisted', 'cancelled', 'none'],
                           s.standing) AS place
                FROM (
                    SELECT CASE
                        WHEN a.status = 'left' THEN 'left'
                        WHEN a.id IS NOT NULL AND coalesce(a.status, 'attended') <> 'undone' THEN 'in'
                        WHEN r.id IS NULL THEN 'none'
                        WHEN r.status = 'rejected' THEN 'cancelled'
                        WHEN coalesce(r.status, 'registered') = 'registered' AND pine.owes(r) THEN 'unpaid'
                        ELSE coalesce(r.status, 'registered')
                    END
                ) AS s (standing)
            ) AS near
            CROSS JOIN LATERAL (
                SELECT ARRAY[
                    CASE WHEN u.pass_code = code OR wanted IN (lower(u.username), lower(u.email)) THEN 0 ELSE 1 END,
                    near.place,
                    CASE WHEN loosely THEN (100 * (1 - pine.likeness(u.search_text, words)))::integer
                         WHEN u.search_name LIKE ALL (begins) THEN 0
                         WHEN u.search_text LIKE ALL (begins) THEN 1
                         ELSE 2 END
                ]
            ) AS close (ness)
            WHERE coalesce(u.is_active, true)
              AND u.id = ANY (people)
            ORDER BY closeness, u.full_name, u.id
            LIMIT 40
        ) AS found
    );
END
$$;

-- One attempt: attendance, points and totals in one transaction; refusals are outcomes and are logged. Either a
-- member chosen from the list, or what was presented decides who is meant.
CREATE FUNCTION api.check_in(token bytea, nonce uuid, event_id integer, presented text, member_id integer)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
    -- Everything in here looks one row up by its key: no plan is better for knowing the value, and a door's first
    -- people wait for none.
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'check_in', nonce, jsonb_build_array(event_id, presented, member_id));
    at     timestamptz;
    input  text := coalesce(presented, '');
    event  public.events;
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    at := pine.clock();
    event := pine.the_event(event_id);
    SELECT * INTO member FROM public.users AS u WHERE u.id = coalesce(member_id, pine.find_presented(presented));
    IF event.has_check_out THEN
        answer := pine.come_back(actor, event, member, input, nonce, at);
    END IF;
    IF answer IS NULL THEN
        answer := pine.check_in(actor, event, member, input, nonce, at);
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.with_note_on(answer, member, event.id));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.door(bytea, integer), api.find_at_door(bytea, integer, text, boolean),
    api.check_in(bytea, uuid, integer, text, integer)
    TO pine_staff;
