-- The door's rules: who is meant, whether they may come in, and what coming in does.

-- The canonical ten characters of a pass code as people and scanners give it, or NULL.
CREATE FUNCTION pine.read_pass_code(typed text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT code
    FROM (SELECT pg_catalog.translate(pg_catalog.upper(typed), 'OIL -', '011')) AS cleaned (code)
    WHERE code ~ '^[0-9A-HJKMNP-TV-Z]{10}$'
      AND pine.pass_code_check(pg_catalog.left(code, 9)) = pg_catalog.right(code, 1)
$$;

-- Who is meant by what was presented: a pass code, else exactly a user name, else exactly an e-mail address.
-- NULL when nobody is, or when it could be two.
CREATE FUNCTION pine.find_presented(presented text) RETURNS integer
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    wanted text := pg_catalog.lower(pg_catalog.btrim(presented));
    found  integer[];
BEGIN
    SELECT pg_catalog.array_agg(id) INTO found
    FROM public.users WHERE pass_code = pine.read_pass_code(presented);
    IF found IS NULL THEN
        SELECT pg_catalog.array_agg(id) INTO found FROM public.users WHERE pg_catalog.lower(username) = wanted;
    END IF;
    IF found IS NULL THEN
        SELECT pg_catalog.array_agg(id) INTO found FROM public.users WHERE pg_catalog.lower(email) = wanted;
    END IF;
    RETURN CASE WHEN pg_catalog.cardinality(found) = 1 THEN found[1] END;
END
$$;

-- Why the door is not open at a moment: `too_early`, `over`, or NULL.
CREATE FUNCTION pine.closed_door(event events, at timestamptz) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT CASE
        WHEN at < event.start_time - pg_catalog.make_interval(mins => s.check_in_opens_minutes) THEN 'too_early'
        WHEN at >= event.end_time THEN 'over'
    END
    FROM public.settings AS s
$$;

-- What the rules say of one member at one event, at one moment. The order of the refusals is fixed; `ok` is what
-- is left. Reads only.
CREATE FUNCTION pine.evaluate_check_in(event events, member users, at timestamptz) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    attendance text;
    status     text;
    owes       boolean;
BEGIN
    IF member.id IS NULL THEN
        RETURN 'unknown_code';
    ELSIF NOT coalesce(member.is_active, true) THEN
        RETURN 'member_inactive';
    ELSIF NOT coalesce(event.is_active, true) THEN
        RETURN 'event_inactive';
    END IF;

    SELECT coalesce(a.status, 'attended') INTO attendance
    FROM public.event_attendees AS a
    WHERE a.event_id = event.id AND a.user_id = member.id;
    IF attendance IN ('attended', 'left') THEN
        RETURN 'already';
    END IF;

    SELECT coalesce(r.status, 'registered'), pine.owes(r) INTO status, owes
    FROM public.registrations AS r
    WHERE r.event_id = event.id AND r.user_id = member.id;
    IF status IS NULL THEN
        RETURN 'not_registered';
    ELSIF status IN ('cancelled', 'rejected') THEN
        RETURN 'cancelled';
    ELSIF status <> 'registered' THEN
        RETURN status;
    END IF;

    RETURN coalesce(pine.closed_door(event, at), CASE WHEN owes THEN 'unpaid' END, 'ok');
END
$$;

-- Attendance: the first check-in makes the row, one after an undo begins its next generation. Answers the
-- generation, or NULL when somebody else was faster. The unique key on (user_id, event_id) decides.
CREATE FUNCTION pine.attend(member integer, event integer, operator integer, device text, at timestamptz)
    RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    began integer;
BEGIN
    INSERT INTO public.event_attendees (user_id, event_id, status, check_in_time, checked_in_by, device)
    VALUES (member, event, 'attended', at, operator, device)
    ON CONFLICT DO NOTHING
    RETURNING generation INTO began;
    IF began IS NULL THEN
        UPDATE public.event_attendees AS a
        SET status = 'attended',
            generation = a.generation + 1,
            check_in_time = at,
            check_out_time = NULL,
            checked_in_by = operator,
            device = attend.device
        WHERE a.user_id = member AND a.event_id = event AND a.status = 'undone'
        RETURNING a.generation INTO began;
    END IF;
    RETURN began;
END
$$;

-- Pays an attendance once per generation: its cause is the row's unique source_key. Answers the points paid.
CREATE FUNCTION pine.pay_attendance(member integer, event events, generation integer, at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    IF coalesce(event.points_reward, 0) = 0 THEN
        RETURN 0;
    END IF;
    INSERT INTO public.points_transactions
        (user_id, points, transaction_type, description, event_id, transaction_date, source_key, counts_at)
    VALUES
        (member, event.points_reward, 'event_attendance', 'Attended ' || event.title, event.id, at,
         pg_catalog.format('attendance:%s:%s:%s', event.id, member, generation), event.start_time)
    ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN event.points_reward ELSE 0 END;
END
$$;

-- One attempt, whole: evaluate, attend, pay, log, audit; the answer that the door shows. A replay brings the moment
-- at which somebody stood at the door, and the refusal that the door then told them: nobody who was sent away is
-- let in afterwards. With a reason, staff admit what a rule refused. `did` is what the same call has done before this,
-- to be taken back with it (see pine.take_back_admission); the log keeps both.
CREATE FUNCTION pine.check_in(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    at timestamptz DEFAULT pine.clock(), refused text DEFAULT NULL,
    reason text DEFAULT NULL, did jsonb DEFAULT NULL
)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    outcome    text;
    overrode   text;
    generation integer;
    paid       integer := 0;
BEGIN
    IF reason IS NOT NULL THEN
        -- Whoever is let in against a rule may take a seat: seats first, as everywhere.
        PERFORM FROM public.event_seats AS s WHERE s.event_id = event.id FOR UPDATE;
        PERFORM FROM public.registrations AS r
        WHERE r.user_id = member.id AND r.event_id = event.id FOR NO KEY UPDATE;
    END IF;
    -- The registration is held until the end, so that it cannot be cancelled between the look and the entry.
    PERFORM FROM public.registrations AS r WHERE r.user_id = member.id AND r.event_id = event.id FOR SHARE;
    outcome := pine.evaluate_check_in(event, member, at);
    IF outcome = 'ok' AND refused <> 'ok' THEN
        outcome := refused;
    END IF;
    IF reason IS NOT NULL AND outcome IN ('cancelled', 'pending', 'waitlisted', 'too_early', 'over', 'unpaid') THEN
        overrode := outcome;
        outcome := 'ok';
        did := coalesce(did, '{}') || pine.make_registered(member.id, event.id, at);
    END IF;
    IF outcome = 'ok' THEN
        generation := pine.attend(member.id, event.id, actor.user_id, actor.device, at);
        IF generation IS NULL THEN
            outcome := 'already';
        ELSE
            paid := pine.pay_attendance(member.id, event, generation, at);
        END IF;
    END IF;
    RETURN pine.note_attempt(actor, event, member, presented, nonce, at, outcome, paid, reason, overrode, did);
END
$$;

-- Logs an attempt and tells what came of it.
CREATE FUNCTION pine.note_attempt(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    at timestamptz, outcome text, points integer, reason text, overrode text, did jsonb
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    -- The check-in that stands, when it is not this one.
    first_at       timestamptz;
    first_device   text;
    first_operator text;
    total          bigint;
    due            numeric;
BEGIN
    IF outcome = 'already' THEN
        SELECT a.check_in_time, a.device, u.full_name INTO first_at, first_device, first_operator
        FROM public.event_attendees AS a
        LEFT JOIN public.users AS u ON u.id = a.checked_in_by
        WHERE a.user_id = member.id AND a.event_id = event.id;
    END IF;
    SELECT t.earned INTO total FROM public.user_totals AS t WHERE t.user_id = member.id;
    IF outcome = 'unpaid' OR overrode IS NOT NULL THEN
        SELECT pine.due(r) INTO due
        FROM public.registrations AS r
        WHERE r.user_id = member.id AND r.event_id = event.id;
    END IF;

    INSERT INTO public.check_in_log
        (at, event_id, user_id, input, outcome, device, operator_id, operator, first_at, nonce, reason, overrode, did)
    VALUES
        (at, event.id, member.id, pg_catalog.left(presented, 255), outcome, actor.device, actor.user_id, actor.name,
         first_at, nonce, reason, overrode, did);
    PERFORM pine.audit(actor, 'check_in', 'event', event.id, NULL, pg_catalog.jsonb_strip_nulls(
        pg_catalog.jsonb_build_object('user_id', member.id, 'outcome', outcome, 'reason', reason,
                                      'overrode', overrode, 'did', did)));

    RETURN pg_catalog.jsonb_build_object(
        'input', pg_catalog.left(presented, 255),
        'outcome', outcome,
        'member', CASE WHEN member.id IS NOT NULL THEN pg_catalog.jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name) END,
        'event_id', event.id,
        'event_title', event.title,
        'points', points,
        'total', coalesce(total, 0),
        'at', at,
        'first', CASE WHEN outcome = 'already' THEN pg_catalog.jsonb_build_object(
            'at', first_at, 'device', first_device, 'operator', first_operator) END,
        'opens_at', CASE WHEN outcome = 'too_early' THEN event.start_time - (
            SELECT pg_catalog.make_interval(mins => s.check_in_opens_minutes) FROM public.settings AS s) END,
        'ended_at', CASE WHEN outcome = 'over' THEN event.end_time END,
        'overrode', overrode,
        'over_capacity', coalesce((did->>'over_capacity')::boolean, false),
        'due', nullif(due, 0)::text,
        'paid', did->>'paid'
    );
END
$$;
