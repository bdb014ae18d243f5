-- What a check-in costs. A function in SQL that cannot be inlined is parsed and planned anew by every statement that
-- calls it (through PostgreSQL 17); one in PL/pgSQL keeps its plans for as long as the connection lives. Everything that
-- a door calls for every person is therefore in PL/pgSQL, says the same as before, and takes a fraction of the time.

CREATE OR REPLACE FUNCTION pine.clock() RETURNS timestamptz
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (SELECT pg_catalog.now() + c.moved_by FROM pine.clock_offset AS c);
END
$$;

-- Resolves a session token or raises PT401. Staff tokens work over staff logins only, owner tokens over owner logins.
CREATE OR REPLACE FUNCTION pine.who(token bytea) RETURNS pine.actor
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    actor      pine.actor;
    owner_name text;
BEGIN
    SELECT s.id, s.user_id, s.device, s.owner_name
    INTO actor.session_id, actor.user_id, actor.device, owner_name
    FROM public.sessions AS s
    CROSS JOIN pine.clock_offset AS c
    WHERE s.token_hash = pg_catalog.sha256(token)
      AND s.ended_at IS NULL
      AND pg_catalog.now() + c.moved_by < s.expires_at
      AND pg_catalog.now() + c.moved_by < s.last_active + s.idle_limit;
    IF actor.user_id IS NOT NULL THEN
        SELECT u.username, pine.user_type(u), 'user:' || u.id
        INTO actor.name, actor.user_type, actor.key
        FROM public.users AS u
        WHERE u.id = actor.user_id AND coalesce(u.is_active, true);
    ELSIF owner_name IS NOT NULL AND pg_catalog.pg_has_role(session_user, 'pine_owner', 'USAGE') THEN
        actor.name := 'owner:' || owner_name;
        actor.user_type := 'admin';
        actor.key := actor.name;
    END IF;
    IF actor.key IS NULL OR (actor.user_type <> 'regular' AND NOT pine.is_staff_login()) THEN
        RAISE EXCEPTION 'Not signed in.' USING ERRCODE = 'PT401';
    END IF;
    RETURN actor;
END
$$;

-- Ends a write: keeps its answer for whoever asks again.
CREATE OR REPLACE FUNCTION pine.end_request(actor text, nonce uuid, answer jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.request_log AS r
    SET answer = end_request.answer
    WHERE r.actor = end_request.actor AND r.nonce = end_request.nonce;
    RETURN answer;
END
$$;

CREATE OR REPLACE FUNCTION pine.audit(
    actor pine.actor, action text, subject text, subject_id integer,
    before jsonb DEFAULT NULL, after jsonb DEFAULT NULL
) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.audit_log (at, actor_id, actor, action, subject, subject_id, device, before, after)
    VALUES (pine.clock(), actor.user_id, actor.name, action, subject, subject_id, actor.device, before, after);
END
$$;

-- Whether a row counts as earned: all but redemptions and the reversals of redemptions.
CREATE OR REPLACE FUNCTION pine.counts_as_earned(entry points_transactions) RETURNS boolean
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF entry.transaction_type = 'redemption' THEN
        RETURN false;
    ELSIF entry.reverses_id IS NULL THEN
        RETURN true;
    END IF;
    RETURN NOT EXISTS (
        SELECT
        FROM public.points_transactions AS reversed
        WHERE reversed.id = entry.reverses_id
          AND reversed.transaction_type = 'redemption'
    );
END
$$;

-- When an event's door opens.
CREATE FUNCTION pine.door_opens(event events) RETURNS timestamptz
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (SELECT event.start_time - pg_catalog.make_interval(mins => s.check_in_opens_minutes)
            FROM public.settings AS s);
END
$$;

-- Why the door is not open at a moment: `too_early`, `over`, or NULL.
CREATE OR REPLACE FUNCTION pine.closed_door(event events, at timestamptz) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    -- Once it has begun nobody is too early, and the settings need not be read.
    IF at < event.start_time THEN
        IF at < pine.door_opens(event) THEN
            RETURN 'too_early';
        END IF;
    END IF;
    RETURN CASE WHEN at >= event.end_time THEN 'over' END;
END
$$;

-- What the rules say of one member at one event whose registration is known, at one moment. The order of the refusals is
-- fixed; `ok` is what is left. Reads only.
CREATE FUNCTION pine.evaluate_standing(event events, member users, seat registrations, at timestamptz) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF member.id IS NULL THEN
        RETURN 'unknown_code';
    ELSIF NOT coalesce(member.is_active, true) THEN
        RETURN 'member_inactive';
    ELSIF NOT coalesce(event.is_active, true) THEN
        RETURN 'event_inactive';
    END IF;
    PERFORM FROM public.event_attendees AS a
    WHERE a.event_id = event.id AND a.user_id = member.id AND coalesce(a.status, 'attended') <> 'undone';
    IF FOUND THEN
        RETURN 'already';
    ELSIF seat.id IS NULL THEN
        RETURN 'not_registered';
    ELSIF seat.status IN ('cancelled', 'rejected') THEN
        RETURN 'cancelled';
    ELSIF seat.status <> 'registered' THEN
        RETURN seat.status;
    END IF;
    RETURN coalesce(pine.closed_door(event, at), CASE WHEN pine.owes(seat) THEN 'unpaid' END, 'ok');
END
$$;

-- The same of whatever registration they have.
CREATE OR REPLACE FUNCTION pine.evaluate_check_in(event events, member users, at timestamptz) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    seat public.registrations;
BEGIN
    SELECT * INTO seat FROM public.registrations AS r WHERE r.event_id = event.id AND r.user_id = member.id;
    RETURN pine.evaluate_standing(event, member, seat, at);
END
$$;

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
            paid := pine.pay_attendance(member.id, event, generation, at);
        END IF;
    END IF;
    RETURN pine.note_attempt(actor, event, member, presented, nonce, at, outcome, paid, reason, overrode, did);
END
$$;

-- The check character of a pass code's first nine.
CREATE OR REPLACE FUNCTION pine.pass_code_check(body text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
    letters text := '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    total   integer := 0;
BEGIN
    FOR place IN 1 .. pg_catalog.length(body) LOOP
        total := total + (2 * place - 1) * (pg_catalog.strpos(letters, pg_catalog.substr(body, place, 1)) - 1);
    END LOOP;
    RETURN pg_catalog.substr(letters, 1 + total % 32, 1);
END
$$;

-- The canonical ten characters of a pass code as people and scanners give it, or NULL.
CREATE OR REPLACE FUNCTION pine.read_pass_code(typed text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT
AS $$
DECLARE
    code text := pg_catalog.translate(pg_catalog.upper(typed), 'OIL -', '011');
BEGIN
    IF code ~ '^[0-9A-HJKMNP-TV-Z]{10}$'
        AND pine.pass_code_check(pg_catalog.left(code, 9)) = pg_catalog.right(code, 1) THEN
        RETURN code;
    END IF;
    RETURN NULL;
END
$$;

-- The note on a member as one event's door sees it; NULL when there is none.
CREATE OR REPLACE FUNCTION pine.door_note(member users, event integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(pg_catalog.btrim(member.door_note), '') = '' THEN
        RETURN NULL;
    END IF;
    RETURN pg_catalog.jsonb_build_object(
        'text', member.door_note,
        'number', member.door_note_number,
        'read', EXISTS (
            SELECT FROM public.door_note_reads AS r
            WHERE r.event_id = event AND r.user_id = member.id AND r.number = member.door_note_number));
END
$$;

-- An answer of the door about a member, with the note on them.
CREATE FUNCTION pine.with_note_on(answer jsonb, member users, event integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF member.id IS NULL THEN
        RETURN answer;
    END IF;
    RETURN answer || pg_catalog.jsonb_build_object('door_note', pine.door_note(member, event));
END
$$;

-- The same where only the answer tells who is meant.
CREATE OR REPLACE FUNCTION pine.with_door_note(answer jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    member public.users;
BEGIN
    SELECT * INTO member FROM public.users AS u WHERE u.id = (answer #>> '{member,id}')::integer;
    RETURN pine.with_note_on(answer, member, (answer->>'event_id')::integer);
END
$$;

-- Logs an attempt and tells what came of it.
CREATE OR REPLACE FUNCTION pine.note_attempt(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    at timestamptz, outcome text, points integer, reason text, overrode text, did jsonb
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    input          text := pg_catalog.left(presented, 255);
    -- The check-in that stands, when it is not this one.
    first_at       timestamptz;
    first_device   text;
    first_operator text;
    total          bigint;
    due            numeric;
    opens_at       timestamptz;
BEGIN
    IF outcome = 'already' THEN
        SELECT a.check_in_time, a.device, u.full_name INTO first_at, first_device, first_operator
        FROM public.event_attendees AS a
        LEFT JOIN public.users AS u ON u.id = a.checked_in_by
        WHERE a.user_id = member.id AND a.event_id = event.id;
    ELSIF outcome = 'too_early' THEN
        opens_at := pine.door_opens(event);
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
        (at, event.id, member.id, input, outcome, actor.device, actor.user_id, actor.name,
         first_at, nonce, reason, overrode, did);
    PERFORM pine.audit(actor, 'check_in', 'event', event.id, NULL, pg_catalog.jsonb_strip_nulls(
        pg_catalog.jsonb_build_object('user_id', member.id, 'outcome', outcome, 'reason', reason,
                                      'overrode', overrode, 'did', did)));

    RETURN pg_catalog.jsonb_build_object(
        'input', input,
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
        'opens_at', opens_at,
        'ended_at', CASE WHEN outcome = 'over' THEN event.end_time END,
        'overrode', overrode,
        'over_capacity', coalesce((did->>'over_capacity')::boolean, false),
        'due', nullif(due, 0)::text,
        'paid', did->>'paid'
    );
END
$$;

-- Tells the other doors that something happened at an event's (see 0021). Whoever does not get the lock leaves before the
-- block that catches: entering one costs a subtransaction.
CREATE OR REPLACE FUNCTION pine.send_hint() RETURNS trigger
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    event integer;
BEGIN
    IF TG_TABLE_NAME = 'events' THEN
        event := NEW.id;
    ELSE
        event := NEW.event_id;
    END IF;
    IF NOT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('pine-time hint'), event) THEN
        RETURN NULL;
    END IF;
    DECLARE
        at timestamptz := pg_catalog.clock_timestamp();
    BEGIN
        -- A moment that lies ahead is of a clock that has been put back since.
        PERFORM FROM pine.hints AS h
        WHERE h.event_id = event AND h.sent_at > at - interval '250 milliseconds' AND h.sent_at <= at;
        IF FOUND THEN
            RETURN NULL;
        END IF;
        INSERT INTO pine.hints (event_id, sent_at)
        VALUES (event, at)
        ON CONFLICT ON CONSTRAINT hints_pkey DO UPDATE SET sent_at = excluded.sent_at;
        IF pg_catalog.pg_notification_queue_usage() < 0.5 THEN
            PERFORM pg_catalog.pg_notify('pine_door', event::text);
        END IF;
    EXCEPTION
        WHEN OTHERS THEN
            RAISE LOG 'no hint was sent about event %: %', event, SQLERRM;
    END;
    RETURN NULL;
END
$$;

-- Whether people are checked out is seen at every door at once, not when it next asks.
CREATE TRIGGER send_hint AFTER UPDATE OF has_check_out ON events
    FOR EACH ROW WHEN (OLD.has_check_out IS DISTINCT FROM NEW.has_check_out)
    EXECUTE FUNCTION pine.send_hint();
