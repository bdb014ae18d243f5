-- Passages: whoever comes in may go out, come back, and be taken back. Attendance keeps the first time in and the
-- last time out; the log keeps every passage.

-- `in` the first time, `back` after an `out`; `undo_*` takes the member's last such passage back.
ALTER TABLE check_in_log
    ADD COLUMN passage text NOT NULL DEFAULT 'in',
    ADD COLUMN IF NOT EXISTS reason text,
    ADD CONSTRAINT check_in_log_passage_known
        CHECK (passage IN ('in', 'out', 'back', 'undo_in', 'undo_out', 'undo_back'));

-- Whether people who leave are checked out and may come back; the staff at the door decide.
ALTER TABLE events ADD COLUMN has_check_out boolean NOT NULL DEFAULT false;

-- The member with this number, or PT404.
CREATE FUNCTION pine.member_numbered(member_id integer) RETURNS users
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    member public.users;
BEGIN
    SELECT * INTO member FROM public.users AS u WHERE u.id = member_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This member does not exist.' USING ERRCODE = 'PT404';
    END IF;
    RETURN member;
END
$$;

-- Takes a ledger row back by a row of its own: it counts when the row it reverses counts, and no row is reversed
-- twice (the unique keys decide). Answers the points, negative for what had been paid; 0 when there was nothing.
CREATE FUNCTION pine.reverse(award points_transactions, actor pine.actor, at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    IF award.id IS NULL THEN
        RETURN 0;
    END IF;
    INSERT INTO public.points_transactions
        (user_id, points, transaction_type, description, event_id, transaction_date, source_key, reverses_id,
         awarded_by, counts_at)
    VALUES
        (award.user_id, -award.points, 'reversal', 'Taken back: ' || coalesce(award.description, 'an award'),
         award.event_id, at, pg_catalog.format('reversal:%s', award.id), award.id, actor.user_id,
         coalesce(award.counts_at, award.transaction_date))
    ON CONFLICT DO NOTHING;
    RETURN CASE WHEN FOUND THEN -award.points ELSE 0 END;
END
$$;

-- Ends an attendance whole: the row says so, the generation's award is reversed, the totals follow. Answers the
-- points taken, or NULL when there was no attendance to end. Of two at once the row's lock lets one win.
CREATE FUNCTION pine.end_attendance(member integer, event integer, actor pine.actor, at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    ended integer;
    award public.points_transactions;
BEGIN
    UPDATE public.event_attendees AS a
    SET status = 'undone'
    WHERE a.user_id = member AND a.event_id = event AND coalesce(a.status, 'attended') <> 'undone'
    RETURNING a.generation INTO ended;
    IF ended IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT * INTO award
    FROM public.points_transactions AS p
    WHERE p.source_key = pg_catalog.format('attendance:%s:%s:%s', event, member, ended);
    RETURN pine.reverse(award, actor, at);
END
$$;

-- When a member was last out of an event before a passage that is taken back: the newest `out` of this attendance
-- that nobody has taken back.
CREATE FUNCTION pine.out_before(member integer, event integer, since timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE
AS $$
    SELECT l.at
    FROM (
        SELECT l.id, l.at,
               -- Passages come and are taken back like brackets: an `out` stands if no later `undo_out` is its own.
               pg_catalog.sum(CASE l.passage WHEN 'out' THEN 1 ELSE -1 END) OVER (ORDER BY l.id DESC) AS open,
               l.passage
        FROM public.check_in_log AS l
        WHERE l.event_id = event AND l.user_id = member AND l.outcome = 'ok' AND l.at >= since
          AND l.passage IN ('out', 'undo_out')
    ) AS l
    WHERE l.passage = 'out' AND l.open > 0
    ORDER BY l.id DESC
    LIMIT 1
$$;

-- Takes a member's last passage of a kind back: `in` ends the attendance whole, `out` lets them be inside again,
-- `back` lets them be out again. What another terminal did needs a reason. Refusals are outcomes.
CREATE FUNCTION pine.undo_passage(
    actor pine.actor, event events, member users, passage text, reason text, nonce uuid
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at       timestamptz := pine.clock();
    outcome  text := 'nothing';
    points   integer := 0;
    -- Who let them through, and where.
    done_at  timestamptz;
    done_by  text;
    device   text;
    held     public.event_attendees;
    total    bigint;
    why      text := nullif(pg_catalog.btrim(pg_catalog.left(reason, 500)), '');
BEGIN
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
        outcome := CASE WHEN why IS NULL AND device IS DISTINCT FROM actor.device THEN 'reason_needed' ELSE 'undone' END;
    END IF;

    IF outcome = 'undone' THEN
        INSERT INTO public.check_in_log
            (at, event_id, user_id, input, outcome, device, operator_id, operator, first_at, nonce, passage, reason)
        VALUES
            (at, event.id, member.id, member.username, 'ok', actor.device, actor.user_id, actor.name,
             done_at, nonce, 'undo_' || passage, why);
        IF passage = 'in' THEN
            points := coalesce(pine.end_attendance(member.id, event.id, actor, at), 0);
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
                           pg_catalog.jsonb_build_object('reason', why, 'points', points));
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
        'total', coalesce(total, 0),
        'at', at,
        'first', CASE WHEN outcome <> 'nothing' THEN pg_catalog.jsonb_build_object(
            'at', done_at, 'device', device, 'operator', done_by) END
    );
END
$$;

-- Out for now: attendance keeps the last time. False when the member was not inside.
CREATE FUNCTION pine.leave(member integer, event integer, at timestamptz) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.event_attendees AS a
    SET status = 'left', check_out_time = at
    WHERE a.user_id = member AND a.event_id = event AND coalesce(a.status, 'attended') = 'attended';
    RETURN FOUND;
END
$$;

-- Whether somebody went out and may come in again: at events that check people out, until they end. Registration and
-- payment were settled when they came in first.
CREATE FUNCTION pine.may_come_back(event events, member users, at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT event.has_check_out
       AND coalesce(event.is_active, true)
       AND coalesce(member.is_active, true)
       AND at < event.end_time
       AND EXISTS (
           SELECT FROM public.event_attendees AS a
           WHERE a.user_id = member.id AND a.event_id = event.id AND a.status = 'left'
       )
$$;

-- In again after an `out`: a passage that pays nothing. NULL when this is not somebody who comes back; then the
-- attempt is a check-in like any other. Of two doors at once the row's lock lets one win.
CREATE FUNCTION pine.come_back(
    actor pine.actor, event events, member users, presented text, nonce uuid, at timestamptz DEFAULT pine.clock()
)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    was   public.event_attendees;
    total bigint;
BEGIN
    IF NOT event.has_check_out OR NOT pine.may_come_back(event, member, at) THEN
        RETURN NULL;
    END IF;
    UPDATE public.event_attendees AS a
    SET status = 'attended'
    WHERE a.user_id = member.id AND a.event_id = event.id AND a.status = 'left'
    RETURNING * INTO was;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.check_in_log
        (at, event_id, user_id, input, outcome, device, operator_id, operator, first_at, nonce, passage)
    VALUES
        (at, event.id, member.id, pg_catalog.left(presented, 255), 'ok', actor.device, actor.user_id, actor.name,
         was.check_in_time, nonce, 'back');
    PERFORM pine.audit(actor, 'come_back', 'event', event.id, NULL,
                       pg_catalog.jsonb_build_object('user_id', member.id));
    SELECT t.earned INTO total FROM public.user_totals AS t WHERE t.user_id = member.id;
    RETURN pg_catalog.jsonb_build_object(
        'input', pg_catalog.left(presented, 255),
        'outcome', 'ok',
        'passage', 'back',
        'member', pg_catalog.jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name),
        'event_id', event.id,
        'event_title', event.title,
        'points', 0,
        'total', coalesce(total, 0),
        'at', at,
        -- When they went out.
        'first', pg_catalog.jsonb_build_object('at', was.check_out_time)
    );
END
$$;

-- One person at the way out: the same answer as for one at the way in. `not_in` is who is not inside.
CREATE FUNCTION pine.check_out(actor pine.actor, event events, member users, presented text, nonce uuid)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at      timestamptz := pine.clock();
    outcome text;
    was     public.event_attendees;
    total   bigint;
BEGIN
    SELECT * INTO was FROM public.event_attendees AS a WHERE a.user_id = member.id AND a.event_id = event.id;
    outcome := CASE
        WHEN member.id IS NULL THEN 'unknown_code'
        WHEN pine.leave(member.id, event.id, at) THEN 'ok'
        ELSE 'not_in'
    END;
    SELECT t.earned INTO total FROM public.user_totals AS t WHERE t.user_id = member.id;
    INSERT INTO public.check_in_log
        (at, event_id, user_id, input, outcome, device, operator_id, operator, first_at, nonce, passage)
    VALUES
        (at, event.id, member.id, pg_catalog.left(presented, 255), outcome, actor.device, actor.user_id, actor.name,
         CASE WHEN was.status = 'left' THEN was.check_out_time END, nonce, 'out');
    PERFORM pine.audit(actor, 'check_out', 'event', event.id, NULL,
                       pg_catalog.jsonb_build_object('user_id', member.id, 'outcome', outcome));
    RETURN pg_catalog.jsonb_build_object(
        'input', pg_catalog.left(presented, 255),
        'outcome', outcome,
        'passage', 'out',
        'member', CASE WHEN member.id IS NOT NULL THEN pg_catalog.jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name) END,
        'event_id', event.id,
        'event_title', event.title,
        'points', 0,
        'total', coalesce(total, 0),
        'at', at,
        -- When they came in; for who is not inside, when they were last out.
        'first', CASE WHEN coalesce(was.status, 'attended') <> 'undone' AND was.id IS NOT NULL THEN
            pg_catalog.jsonb_build_object(
                'at', CASE WHEN outcome = 'ok' THEN was.check_in_time ELSE was.check_out_time END,
                'device', was.device) END
    );
END
$$;

-- Every rule of the door as it stands for one member at one event, in the order of pine.evaluate_check_in: whether it
-- lets them in (NULL when it has nothing to look at), and the value that it looked at. Reads only.
CREATE FUNCTION pine.explain_check_in(event events, member users, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    held  public.event_attendees;
    seat  public.registrations;
    opens timestamptz;
    known boolean := member.id IS NOT NULL;
    back  boolean := pine.may_come_back(event, member, at);
    here  boolean;
    held_status text;
BEGIN
    SELECT * INTO held FROM public.event_attendees AS a WHERE a.event_id = event.id AND a.user_id = member.id;
    SELECT * INTO seat FROM public.registrations AS r WHERE r.event_id = event.id AND r.user_id = member.id;
    SELECT event.start_time - pg_catalog.make_interval(mins => s.check_in_opens_minutes) INTO opens
    FROM public.settings AS s;
    here := held.id IS NOT NULL AND coalesce(held.status, 'attended') <> 'undone';
    -- Who comes back was registered and let in before: what is asked of a first time is not asked again.
    held_status := CASE WHEN seat.id IS NOT NULL AND NOT back THEN coalesce(seat.status, 'registered') END;
    RETURN (
        SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'rule', r.rule, 'passed', r.passed, 'at', r.seen_at, 'text', r.seen) ORDER BY r.place)
        FROM (VALUES
            (1, 'unknown_code', known, NULL::timestamptz, member.username::text),
            (2, 'member_inactive', CASE WHEN known THEN coalesce(member.is_active, true) END, NULL, NULL),
            (3, 'event_inactive', coalesce(event.is_active, true), NULL, NULL),
            (4, 'already', CASE WHEN known THEN NOT here OR back END,
                CASE WHEN back THEN held.check_out_time WHEN here THEN held.check_in_time END,
                CASE WHEN back THEN 'out' WHEN here THEN held.device END),
            (5, 'not_registered', CASE WHEN known AND NOT back THEN seat.id IS NOT NULL END,
                seat.registration_date, NULL),
            (6, 'cancelled', held_status NOT IN ('cancelled', 'rejected'), NULL, held_status),
            (7, 'pending', held_status <> 'pending', NULL, NULL),
            (8, 'waitlisted', held_status <> 'waitlisted', NULL, NULL),
            (9, 'too_early', CASE WHEN NOT back THEN at >= opens END, opens, NULL),
            (10, 'over', at < event.end_time, event.end_time, NULL)
        ) AS r (place, rule, passed, seen_at, seen)
    );
END
$$;
