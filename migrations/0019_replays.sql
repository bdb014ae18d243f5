-- Passages that a door made while the database did not answer, brought afterwards: each is judged at the moment at which
-- it was made. What has happened since is not undone by it: nobody is let out by an `out` that is older than their last
-- one, nobody comes back before they went, and what was done later is not taken back.

-- Who made a passage that somebody else brings: the session's key as it was then, `user:7`, or `owner:` and a system
-- user; and the terminal. Refuses whoever is not of the staff.
CREATE FUNCTION pine.original_actor(actor pine.actor, operator text, device text) RETURNS pine.actor
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    person public.users;
BEGIN
    IF operator ~ '^user:[0-9]{1,9}$' THEN
        SELECT * INTO person FROM public.users AS u WHERE u.id = pg_catalog.substr(operator, 6)::integer;
        IF person.id IS NULL OR pine.user_type(person) NOT IN ('staff', 'admin') THEN
            PERFORM pine.refuse_value('operator', 'Whoever made this check-in is not of the staff.');
        END IF;
    ELSIF operator IS NULL OR operator !~ '^owner:.' THEN
        PERFORM pine.refuse_value('operator', 'Nobody is named who made this check-in.');
    END IF;
    RETURN ROW(actor.session_id, person.id, coalesce(person.username, operator),
               CASE WHEN person.id IS NULL THEN 'admin' ELSE pine.user_type(person) END,
               pg_catalog.left(device, 255), operator)::pine.actor;
END
$$;

-- The moment at which a passage that is brought was made: at most 72 hours old and not of the future. Two clocks never
-- agree to the millisecond.
CREATE FUNCTION pine.moment_made(occurred_at timestamptz, at timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF occurred_at IS NULL OR occurred_at > at + interval '2 seconds' THEN
        PERFORM pine.refuse_value('occurred_at', 'This check-in was made in the future: the terminal''s clock was wrong.');
    ELSIF occurred_at < at - interval '72 hours' THEN
        PERFORM pine.refuse_value('occurred_at', 'This check-in is older than 72 hours.');
    END IF;
    RETURN least(occurred_at, at);
END
$$;

-- Out for now: attendance keeps the last time. False when the member was not inside then, or went out later.
CREATE OR REPLACE FUNCTION pine.leave(member integer, event integer, at timestamptz) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.event_attendees AS a
    SET status = 'left', check_out_time = at
    WHERE a.user_id = member AND a.event_id = event AND coalesce(a.status, 'attended') = 'attended'
      AND coalesce(a.check_in_time, leave.at) <= leave.at AND coalesce(a.check_out_time, leave.at) <= leave.at;
    RETURN FOUND;
END
$$;

-- Whether somebody went out and may come in again: at events that check people out, until they end. Registration and
-- payment were settled when they came in first.
CREATE OR REPLACE FUNCTION pine.may_come_back(event events, member users, at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT event.has_check_out
       AND coalesce(event.is_active, true)
       AND coalesce(member.is_active, true)
       AND at < event.end_time
       AND EXISTS (
           SELECT FROM public.event_attendees AS a
           WHERE a.user_id = member.id AND a.event_id = event.id AND a.status = 'left'
             AND coalesce(a.check_out_time, may_come_back.at) <= may_come_back.at
       )
$$;

-- In again after an `out`: a passage that pays nothing. NULL when this is not somebody who comes back; then the
-- attempt is a check-in like any other. Of two doors at once the row's lock lets one win.
CREATE OR REPLACE FUNCTION pine.come_back(
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
      AND coalesce(a.check_out_time, come_back.at) <= come_back.at
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

DROP FUNCTION pine.check_out(pine.actor, events, users, text, uuid);

-- One person at the way out: the same answer as for one at the way in. `not_in` is who is not inside. With `refused` the
-- door has told them so already, and nothing else may come of it.
CREATE FUNCTION pine.check_out(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    at timestamptz DEFAULT pine.clock(), refused boolean DEFAULT false
)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    outcome text;
    was     public.event_attendees;
    total   bigint;
BEGIN
    SELECT * INTO was FROM public.event_attendees AS a WHERE a.user_id = member.id AND a.event_id = event.id;
    outcome := CASE
        WHEN member.id IS NULL THEN 'unknown_code'
        WHEN refused THEN 'not_in'
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

DROP FUNCTION pine.undo_passage(pine.actor, events, users, text, text, uuid);

-- Takes a member's last passage of a kind back: `in` ends the attendance whole, `out` lets them be inside again,
-- `back` lets them be out again. What another terminal did needs a reason; what was done after `at` stands. With
-- `refused` the door has said that there was nothing, and so it stays. Refusals are outcomes.
CREATE FUNCTION pine.undo_passage(
    actor pine.actor, event events, member users, passage text, reason text, nonce uuid,
    at timestamptz DEFAULT pine.clock(), refused boolean DEFAULT false
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    outcome  text := 'nothing';
    points   integer := 0;
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
            points := coalesce(pine.end_attendance(member.id, event.id, actor, at), 0);
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
        'total', coalesce(total, 0),
        'at', at,
        'voided', returned->>'amount_voided',
        'first', CASE WHEN outcome <> 'nothing' THEN pg_catalog.jsonb_build_object(
            'at', done_at, 'device', device, 'operator', done_by) END
    );
END
$$;
