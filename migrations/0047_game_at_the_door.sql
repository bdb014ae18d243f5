-- The engine at the door: a check-in rewards, an undo takes back, and both tell what it was.

-- One attempt, whole: evaluate, attend, pay, log, audit; the answer that the door shows. A replay brings the moment
-- at which somebody stood at the door, and the refusal that the door then told them: nobody who was sent away is
-- let in afterwards. With a reason, staff admit what a rule refused. `did` is what the same call has done before this,
-- to be taken back with it (see pine.take_back_admission); the log keeps both.
CREATE OR REPLACE FUNCTION pine.check_in(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    at timestamptz DEFAULT pine.clock(), refused text DEFAULT NULL,
    reason text DEFAULT NULL, did jsonb DEFAULT NULL
)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seat       public.registrations;
    outcome    text;
    overrode   text;
    generation integer;
    earned     jsonb := '[]';
    paid       integer := 0;
BEGIN
    IF reason IS NOT NULL THEN
        -- Whoever is let in against a rule may take a seat: seats first, as everywhere.
        PERFORM FROM public.event_seats AS s WHERE s.event_id = event.id FOR UPDATE;
        PERFORM FROM public.registrations AS r
        WHERE r.user_id = member.id AND r.event_id = event.id FOR NO KEY UPDATE;
    END IF;
    -- The registration is held until the end, so that it cannot be cancelled between the look and the entry. What is read
    -- with the lock is the row as it stands; attendance is read after it, so that an undo that was waited for is seen.
    SELECT * INTO seat
    FROM public.registrations AS r
    WHERE r.user_id = member.id AND r.event_id = event.id FOR SHARE;
    outcome := pine.evaluate_standing(event, member, seat, at);
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
            earned := pine.reward_attendance(member, event, generation, at);
            -- What the event itself pays is told first.
            paid := CASE WHEN earned->0->>'kind' = 'attendance' THEN (earned->0->>'points')::integer ELSE 0 END;
        END IF;
    END IF;
    RETURN pine.note_attempt(actor, event, member, presented, nonce, at, outcome, paid, reason, overrode, did)
        || pg_catalog.jsonb_build_object('earned', earned);
END
$$;

-- Takes a member's last passage of a kind back: `in` ends the attendance whole, `out` lets them be inside again,
-- `back` lets them be out again. What another terminal did needs a reason; what was done after `at` stands. With
-- `refused` the door has said that there was nothing, and so it stays. Refusals are outcomes.
CREATE OR REPLACE FUNCTION pine.undo_passage(
    actor pine.actor, event events, member users, passage text, reason text, nonce uuid,
    at timestamptz DEFAULT pine.clock(), refused boolean DEFAULT false
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    outcome  text := 'nothing';
    points   integer := 0;
    -- What went back, line by line.
    lost     jsonb := '[]';
    -- Who let them through, and where.
    done_at  timestamptz;
    done_by  text;
    device   text;
    held     public.event_attendees;
    total    bigint;
    -- What the check-in did besides, and is taken back with it.
    returned jsonb;
    why      text := nullif(pg_catalog.btrim(pg_catalog.left(reason, 500)), '');
BEGIN
    IF passage = 'in' THEN
        -- A walk-in's seat and payment go back too: seats first, and the registration is held to be changed.
        PERFORM FROM public.event_seats AS s WHERE s.event_id = event.id FOR UPDATE;
        PERFORM FROM public.registrations AS r
        WHERE r.user_id = member.id AND r.event_id = event.id FOR NO KEY UPDATE;
    END IF;
    -- The order of locks of a check-in: registration, attendance, totals.
    PERFORM FROM public.registrations AS r WHERE r.user_id = member.id AND r.event_id = event.id FOR SHARE;
    SELECT * INTO held
    FROM public.event_attendees AS a
    WHERE a.user_id = member.id AND a.event_id = event.id AND coalesce(a.status, 'attended') <> 'undone'
    FOR UPDATE;
    IF held.id IS NOT NULL
        AND (passage = 'in'
             OR passage = 'out' AND held.status = 'left'
             OR passage = 'back' AND coalesce(held.status, 'attended') = 'attended'
                AND held.check_out_time IS NOT NULL) THEN
        IF passage = 'in' THEN
            device := held.device;
            done_at := held.check_in_time;
            SELECT u.full_name INTO done_by FROM public.users AS u WHERE u.id = held.checked_in_by;
        ELSE
            SELECT l.device, l.at, l.operator INTO device, done_at, done_by
            FROM public.check_in_log AS l
            WHERE l.event_id = event.id AND l.user_id = member.id AND l.outcome = 'ok'
              AND l.passage = undo_passage.passage
            ORDER BY l.id DESC
            LIMIT 1;
        END IF;
        outcome := CASE
            WHEN refused OR done_at > at THEN 'nothing'
            WHEN why IS NULL AND device IS DISTINCT FROM actor.device THEN 'reason_needed'
            ELSE 'undone'
        END;
    END IF;

    IF outcome = 'undone' THEN
        INSERT INTO public.check_in_log
            (at, event_id, user_id, input, outcome, device, operator_id, operator, first_at, nonce, passage, reason)
        VALUES
            (at, event.id, member.id, member.username, 'ok', actor.device, actor.user_id, actor.name,
             done_at, nonce, 'undo_' || passage, why);
        IF passage = 'in' THEN
            lost := coalesce(pine.take_back_attendance(member.id, event, actor, at), '[]');
            points := pine.points_told(lost);
            returned := pine.take_back_admission(member.id, event.id, at);
        ELSE
            UPDATE public.event_attendees AS a
            SET status = CASE passage WHEN 'out' THEN 'attended' ELSE 'left' END,
                check_out_time = CASE passage
                    WHEN 'out' THEN pine.out_before(member.id, event.id, held.check_in_time)
                    ELSE a.check_out_time
                END
            WHERE a.id = held.id;
        END IF;
        PERFORM pine.audit(actor, 'undo_' || passage, 'event', event.id,
                           pg_catalog.jsonb_build_object('user_id', member.id, 'status', held.status,
                                                         'generation', held.generation),
                           pg_catalog.jsonb_build_object('reason', why, 'points', points,
                                                         'returned', returned));
    END IF;
    SELECT t.earned INTO total FROM public.user_totals AS t WHERE t.user_id = member.id;

    RETURN pg_catalog.jsonb_build_object(
        'outcome', outcome,
        'passage', passage,
        'member', pg_catalog.jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name),
        'event_id', event.id,
        'event_title', event.title,
        'points', points,
        'lost', lost,
        'total', coalesce(total, 0),
        'at', at,
        'voided', returned->>'amount_voided',
        'first', CASE WHEN outcome <> 'nothing' THEN pg_catalog.jsonb_build_object(
            'at', done_at, 'device', device, 'operator', done_by) END
    );
END
$$;

-- An event's places have changed for some members: whoever won a trivia night more or less is settled, lower number first.
CREATE FUNCTION pine.settle_wins(event events, members integer[], actor pine.actor, at timestamptz) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    member integer;
BEGIN
    PERFORM pine.lock_games(members);
    FOREACH member IN ARRAY members LOOP
        PERFORM pine.settle_badges(member, '{wins}', NULL, event, actor, at);
    END LOOP;
END
$$;

-- Makes these an event's results, whole: `wanted` is places by member as pine.places tells them, an empty object clears
-- them. With `seen`, the results that the writer had before their eyes, nothing is done when others stand by now
-- (`changed`). What changes: rows of event_results for the members whose place is another than before, `touched`, and
-- their badges.
CREATE OR REPLACE FUNCTION pine.set_results(actor pine.actor, event events, wanted jsonb, seen jsonb, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    before  jsonb;
    touched integer[];
    outcome text;
BEGIN
    -- One at a time, by the event's first lock.
    PERFORM pine.lock_seats(event.id);
    IF at < event.start_time THEN
        RAISE EXCEPTION 'Nobody has won what has not begun.' USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.check_places(event.id, wanted);
    before := pine.places(event.id);
    SELECT coalesce(pg_catalog.array_agg(coalesce(was.key, now.key)::integer
                                         ORDER BY coalesce(was.key, now.key)::integer), '{}')
    INTO touched
    FROM pg_catalog.jsonb_each_text(before) AS was
    FULL JOIN pg_catalog.jsonb_each_text(wanted) AS now ON now.key = was.key
    WHERE now.value IS DISTINCT FROM was.value;

    outcome := CASE WHEN touched = '{}' THEN 'already' WHEN seen <> before THEN 'changed' ELSE 'set' END;
    IF outcome = 'set' THEN
        DELETE FROM public.event_results AS w
        WHERE w.event_id = event.id AND w.user_id = ANY (touched) AND NOT wanted ? w.user_id::text;
        INSERT INTO public.event_results AS w (event_id, user_id, place, recorded_by, recorded_at)
        SELECT event.id, now.key::integer, now.value::smallint, actor.user_id, at
        FROM pg_catalog.jsonb_each_text(wanted) AS now
        WHERE now.key::integer = ANY (touched)
        ON CONFLICT (event_id, user_id) DO UPDATE
        SET place = excluded.place, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at;
        PERFORM pine.audit(actor, 'set_results', 'event', event.id, before, pine.places(event.id));
        PERFORM pine.settle_wins(event, touched, actor, at);
    END IF;
    RETURN pg_catalog.jsonb_build_object('outcome', outcome, 'results', pine.results(event.id));
END
$$;
