-- Who holds a seat, who stands in line for one, and who gets the one that falls free.
--
-- Seats are held by `registered` only. A seat that falls free before the event begins goes to the first in line in the
-- same transaction, so that as long as people wait nobody finds one free. Everything here that gives or frees a seat
-- locks the event's row in event_seats first (pine.lock_seats), then registrations, then totals.

ALTER TABLE events ADD COLUMN requires_approval boolean NOT NULL DEFAULT false;

-- `waitlist_number` is the order of the waitlist, 0 for who never stood in it; `status_reason` is what staff told the
-- member, `note` what they tell each other. `news` is what was done to the registration by somebody else than its
-- member and has not been seen yet.
ALTER TABLE registrations
    ADD COLUMN waitlisted_at   timestamptz,
    ADD COLUMN waitlist_number bigint NOT NULL DEFAULT 0,
    ADD COLUMN promoted_at     timestamptz,
    ADD COLUMN status_reason   text,
    ADD COLUMN note            text,
    ADD COLUMN news            text,
    ADD COLUMN news_at         timestamptz,
    ADD CONSTRAINT registrations_news_known
        CHECK (news IN ('promoted', 'approved', 'rejected', 'cancelled', 'moved', 'registered'));

ALTER TABLE event_seats
    ADD COLUMN waiting      integer NOT NULL DEFAULT 0,
    ADD COLUMN last_in_line bigint  NOT NULL DEFAULT 0,
    ADD CONSTRAINT event_seats_waiting_not_negative CHECK (waiting >= 0);
-- The row is written by every registration: room on its page keeps that off the index.
ALTER TABLE event_seats SET (fillfactor = 50);

-- Who waits already waits in the order in which they came.
UPDATE registrations AS r
SET waitlist_number = line.place, waitlisted_at = r.registration_date
FROM (
    SELECT w.id, row_number() OVER (PARTITION BY w.event_id ORDER BY w.registration_date, w.id) AS place
    FROM registrations AS w
    WHERE w.status = 'waitlisted'
) AS line
WHERE r.id = line.id;

UPDATE event_seats AS s
SET waiting = line.length, last_in_line = line.length
FROM (SELECT w.event_id, count(*) AS length FROM registrations AS w WHERE w.status = 'waitlisted' GROUP BY w.event_id)
    AS line
WHERE s.event_id = line.event_id;

CREATE INDEX registrations_waitlist ON registrations (event_id, waitlist_number, id) WHERE status = 'waitlisted';
CREATE INDEX registrations_news ON registrations (user_id) WHERE news IS NOT NULL;

-- Seats taken and people waiting follow the registrations by trigger: whoever writes a row, they stay its count.
CREATE OR REPLACE FUNCTION pine.count_seats() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    was    text := CASE WHEN TG_OP <> 'INSERT' THEN coalesce(OLD.status, 'registered') END;
    now_is text := CASE WHEN TG_OP <> 'DELETE' THEN coalesce(NEW.status, 'registered') END;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.event_id = NEW.event_id AND was = now_is THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.event_id = NEW.event_id THEN
        IF 'registered' IN (was, now_is) OR 'waitlisted' IN (was, now_is) THEN
            UPDATE public.event_seats AS s
            SET taken = s.taken - (was = 'registered')::integer + (now_is = 'registered')::integer,
                waiting = s.waiting - (was = 'waitlisted')::integer + (now_is = 'waitlisted')::integer
            WHERE s.event_id = NEW.event_id;
        END IF;
        RETURN NULL;
    END IF;
    IF was IN ('registered', 'waitlisted') THEN
        UPDATE public.event_seats AS s
        SET taken = s.taken - (was = 'registered')::integer, waiting = s.waiting - (was = 'waitlisted')::integer
        WHERE s.event_id = OLD.event_id;
    END IF;
    IF now_is IN ('registered', 'waitlisted') THEN
        UPDATE public.event_seats AS s
        SET taken = s.taken + (now_is = 'registered')::integer, waiting = s.waiting + (now_is = 'waitlisted')::integer
        WHERE s.event_id = NEW.event_id;
    END IF;
    RETURN NULL;
END
$$;

-- Gives whoever begins to wait the next number of the event's line, and takes it from whoever gives up. The number is
-- counted on the row whose lock everybody holds until they commit: its order is the order of the commits, which no
-- clock and no sequence could promise. Who was let in at the door out of the line keeps the number, and with it the
-- old place if that is taken back.
CREATE FUNCTION pine.stand_in_line() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.status <> 'waitlisted' THEN
        NEW.waitlist_number := 0;
        NEW.waitlisted_at := NULL;
    ELSIF NEW.waitlist_number = 0 THEN
        UPDATE public.event_seats AS s
        SET last_in_line = s.last_in_line + 1
        WHERE s.event_id = NEW.event_id
        RETURNING s.last_in_line INTO NEW.waitlist_number;
        NEW.waitlisted_at := coalesce(NEW.waitlisted_at, pine.clock());
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER stand_in_line BEFORE INSERT OR UPDATE OF status ON registrations
    FOR EACH ROW WHEN (NEW.status IN ('waitlisted', 'cancelled', 'rejected'))
    EXECUTE FUNCTION pine.stand_in_line();

-- Takes the lock under which seats are given, freed and waited for, and answers how they stand under it. What was read
-- before must be read again. Of two events whoever wants both takes the lower number first.
CREATE FUNCTION pine.lock_seats(event integer) RETURNS event_seats
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats public.event_seats;
BEGIN
    SELECT * INTO seats FROM public.event_seats AS s WHERE s.event_id = event FOR UPDATE;
    RETURN seats;
END
$$;

-- Whether a seat is free, and until the transaction ends nobody else can take it. The capacity is read after the lock
-- has come: somebody may have changed it meanwhile.
CREATE OR REPLACE FUNCTION pine.hold_seat(event integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats public.event_seats := pine.lock_seats(event);
BEGIN
    RETURN (SELECT e.max_participants IS NULL OR seats.taken < e.max_participants
            FROM public.events AS e WHERE e.id = event);
END
$$;

-- Whether seats fall free for the waitlist: at active events that have not begun. Afterwards the door decides.
CREATE FUNCTION pine.line_moves(event events, at timestamptz) RETURNS boolean
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(event.is_active, true) AND at < event.start_time
$$;

-- Seats may have fallen free: gives as many as there are to the first in line, and answers who they are, in that order.
-- Whatever frees a seat calls this before it commits (a cancellation, a rejection, a move, an undone walk-in), and so
-- must whatever makes seats (a higher capacity, none any more, a reopened event, a later start). It locks the event's
-- seats, so its caller must not hold a registration's lock without them. Safe to call at any time: without a free
-- seat, without anybody in line, and at events that are cancelled or have begun it does nothing.
CREATE FUNCTION pine.fill_seats(event integer, at timestamptz) RETURNS integer[]
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats    public.event_seats := pine.lock_seats(event);
    now_is   public.events;
    promoted integer[];
BEGIN
    IF coalesce(seats.waiting, 0) = 0 THEN
        RETURN '{}';
    END IF;
    SELECT * INTO now_is FROM public.events AS e WHERE e.id = event;
    IF NOT pine.line_moves(now_is, at) OR seats.taken >= now_is.max_participants THEN
        RETURN '{}';
    END IF;
    WITH first AS (
        SELECT w.id
        FROM public.registrations AS w
        WHERE w.event_id = event AND w.status = 'waitlisted'
        ORDER BY w.waitlist_number, w.id
        -- No limit when there is no capacity.
        LIMIT now_is.max_participants - seats.taken
    ), promotion AS (
        UPDATE public.registrations AS r
        SET status = 'registered', promoted_at = at, status_reason = NULL, news = 'promoted', news_at = at
        FROM first
        WHERE r.id = first.id
        RETURNING r.user_id, r.waitlist_number, r.id
    )
    SELECT pg_catalog.array_agg(p.user_id ORDER BY p.waitlist_number, p.id) INTO promoted FROM promotion AS p;
    RETURN coalesce(promoted, '{}');
END
$$;

-- A member's place in the line, from 1; NULL for who does not stand in it.
CREATE FUNCTION pine.place_in_line(registration registrations) RETURNS bigint
    LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN registration.status = 'waitlisted' THEN (
        SELECT count(*)
        FROM public.registrations AS w
        WHERE w.event_id = registration.event_id
          AND w.status = 'waitlisted'
          AND (w.waitlist_number, w.id) <= (registration.waitlist_number, registration.id)
    ) END
$$;

-- What a registration's payment_status comes to: what is free and was never paid for requires nothing.
CREATE FUNCTION pine.payment_standing(registration registrations) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN coalesce(registration.price_due, 0) = 0 AND coalesce(registration.payment_status, 'pending') = 'pending'
            THEN 'not_required'
        ELSE coalesce(registration.payment_status, 'pending')
    END
$$;

-- A registration as its member sees it.
CREATE FUNCTION pine.my_registration(registration registrations) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'status', coalesce(registration.status, 'registered'),
        'place', pine.place_in_line(registration),
        'status_reason', registration.status_reason,
        'registration_date', registration.registration_date,
        'waitlisted_at', registration.waitlisted_at,
        'promoted_at', registration.promoted_at,
        'payment_status', pine.payment_standing(registration),
        'price_due', nullif(registration.price_due, 0)::text,
        'due', nullif(pine.due(registration), 0)::text,
        'news', registration.news,
        'news_at', registration.news_at
    )
$$;

-- An event as lists show it, and who a member is to it.
CREATE OR REPLACE FUNCTION pine.event_line(event events, viewer integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'id', event.id,
        'title', event.title,
        'event_type', event.event_type,
        'location', event.location,
        'start_time', event.start_time,
        'end_time', event.end_time,
        'max_participants', event.max_participants,
        'points_reward', coalesce(event.points_reward, 0),
        -- As text: JSON's numbers are not exact everywhere.
        'price', nullif(event.price, 0)::text,
        'is_active', coalesce(event.is_active, true),
        'requires_approval', event.requires_approval,
        'registered', coalesce(seats.taken, 0),
        'waitlisted', coalesce(seats.waiting, 0),
        'checked_in', (SELECT count(*) FROM public.event_attendees AS a
                       WHERE a.event_id = event.id AND coalesce(a.status, 'attended') <> 'undone'),
        'my_status', CASE WHEN mine.id IS NOT NULL THEN coalesce(mine.status, 'registered') END,
        'my_place', CASE WHEN mine.status = 'waitlisted' THEN pine.place_in_line(mine) END,
        'my_attendance', EXISTS (SELECT FROM public.event_attendees AS a
                                 WHERE a.event_id = event.id AND a.user_id = viewer
                                   AND coalesce(a.status, 'attended') <> 'undone')
    )
    FROM (VALUES (1)) AS always
    LEFT JOIN public.event_seats AS seats ON seats.event_id = event.id
    LEFT JOIN public.registrations AS mine ON mine.event_id = event.id AND mine.user_id = viewer
$$;

CREATE OR REPLACE FUNCTION pine.event_page(event events, viewer integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.event_line(event, viewer) || pg_catalog.jsonb_build_object(
        'description', event.description,
        'organiser', (SELECT u.full_name FROM public.users AS u WHERE u.id = event.created_by),
        'created_by', event.created_by,
        'created_at', event.created_at,
        'mine', (SELECT pine.my_registration(r) FROM public.registrations AS r
                 WHERE r.event_id = event.id AND r.user_id = viewer)
    )
$$;

-- Puts a member's registration into a state: a new row, or one that stood at one of these states. The price is frozen
-- when somebody registers, as the event has it at that moment; who only waited keeps the price they came with, and what
-- has been paid for keeps its own. Whoever calls holds the seats' lock. NULL when the row stood otherwise.
CREATE FUNCTION pine.put_registration(
    member integer, event integer, at timestamptz, status text, instead_of text[]
) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    registration integer;
    payment      text;
BEGIN
    INSERT INTO public.registrations AS r (user_id, event_id, registration_date, status, price_due, payment_status)
    SELECT member, e.id, at, put_registration.status, coalesce(e.price, 0), pine.payment_status(e.price, NULL)
    FROM public.events AS e
    WHERE e.id = event
    ON CONFLICT (user_id, event_id) DO UPDATE
    SET status = excluded.status,
        registration_date = CASE WHEN r.status IN ('cancelled', 'rejected') THEN excluded.registration_date
                                 ELSE r.registration_date END,
        price_due = CASE WHEN r.status IN ('cancelled', 'rejected') AND pine.paid_for(r.id) IS NULL
                         THEN excluded.price_due ELSE r.price_due END,
        payment_status = 'pending',
        promoted_at = NULL,
        status_reason = NULL,
        news = NULL,
        news_at = NULL
    WHERE r.status = ANY (instead_of)
    RETURNING r.id, r.payment_status INTO registration, payment;
    -- A statement of its own: it sees what was paid while this one waited for the row.
    IF payment = 'pending' THEN
        PERFORM pine.settle(registration);
    END IF;
    RETURN registration;
END
$$;

-- Makes a member `registered`, from nothing or from one of these states. Whoever calls holds the seats' lock.
CREATE OR REPLACE FUNCTION pine.take_seat(member integer, event integer, at timestamptz, instead_of text[])
    RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    RETURN pine.put_registration(member, event, at, 'registered', instead_of) IS NOT NULL;
END
$$;

-- Why a member in this state cannot register: `rejected`, `already`, `event_inactive`, `over`, or NULL. Who waits in a
-- line that no longer moves may ask for a seat like anybody else.
CREATE FUNCTION pine.why_not_register(status text, event events, at timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN status = 'rejected' THEN 'rejected'
        WHEN status IN ('registered', 'pending') THEN 'already'
        WHEN status = 'waitlisted' AND at < event.start_time THEN 'already'
        WHEN NOT coalesce(event.is_active, true) THEN 'event_inactive'
        WHEN at >= event.end_time THEN 'over'
    END
$$;

-- Registers a member, reviving a cancelled registration: `registered`, or `pending` where staff approve, or `full`; who
-- is willing to wait becomes `waitlisted` instead, as long as the line moves.
DROP FUNCTION pine.register(integer, events, timestamptz);
CREATE FUNCTION pine.register(member integer, event events, at timestamptz, wait boolean) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    refusal text := pine.why_not_register(pine.registration_status(member, event.id), event, at);
    status  text;
    seats   public.event_seats;
BEGIN
    IF refusal IS NOT NULL THEN
        RETURN refusal;
    END IF;
    -- Whoever can only be told that it is full is told so without keeping anybody waiting: in a rush these are most.
    IF NOT wait AND NOT event.requires_approval
        AND EXISTS (SELECT FROM public.event_seats AS s
                    WHERE s.event_id = event.id AND s.taken >= event.max_participants) THEN
        RETURN 'full';
    END IF;

    -- The lock puts everybody who wants the last seat in line. What happened meanwhile is read after it.
    seats := pine.lock_seats(event.id);
    event := pine.the_event(event.id);
    status := pine.registration_status(member, event.id);
    refusal := pine.why_not_register(status, event, at);
    IF refusal IS NOT NULL THEN
        RETURN refusal;
    ELSIF event.requires_approval AND status IS DISTINCT FROM 'waitlisted' THEN
        status := 'pending';
    ELSE
        -- A seat that somebody left free beside these rules is first the waitlist's.
        IF seats.waiting > 0 AND pine.line_moves(event, at) THEN
            PERFORM pine.fill_seats(event.id, at);
            seats := pine.lock_seats(event.id);
        END IF;
        IF event.max_participants IS NULL OR seats.taken < event.max_participants THEN
            status := 'registered';
        ELSIF wait AND pine.line_moves(event, at) THEN
            status := 'waitlisted';
        ELSE
            RETURN 'full';
        END IF;
    END IF;
    PERFORM pine.put_registration(member, event.id, at, status, ARRAY['cancelled', 'waitlisted']);
    RETURN status;
END
$$;

-- Cancels a member's registration, and gives the seat it held to the first in line.
DROP FUNCTION pine.cancel_registration(integer, events, timestamptz);
CREATE FUNCTION pine.cancel_registration(
    member integer, event events, at timestamptz, OUT outcome text, OUT promoted integer[]
)
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    status text;
BEGIN
    promoted := '{}';
    PERFORM pine.lock_seats(event.id);
    event := pine.the_event(event.id);
    SELECT coalesce(r.status, 'registered') INTO status
    FROM public.registrations AS r
    WHERE r.user_id = member AND r.event_id = event.id
    FOR UPDATE;
    IF status IS NULL OR status IN ('cancelled', 'rejected') THEN
        outcome := 'not_registered';
        RETURN;
    ELSIF pine.has_attended(member, event.id) THEN
        outcome := 'checked_in';
        RETURN;
    ELSIF status = 'registered' AND at >= event.start_time THEN
        outcome := 'too_late';
        RETURN;
    END IF;

    UPDATE public.registrations AS r
    SET status = 'cancelled', status_reason = NULL, promoted_at = NULL, news = NULL, news_at = NULL
    WHERE r.user_id = member AND r.event_id = event.id;
    outcome := 'cancelled';
    promoted := pine.fill_seats(event.id, at);
END
$$;

-- Whether somebody has been checked in, and it was not taken back.
CREATE FUNCTION pine.has_attended(member integer, event integer) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT
        FROM public.event_attendees AS a
        WHERE a.user_id = member AND a.event_id = event AND coalesce(a.status, 'attended') <> 'undone'
    )
$$;

-- The way back for an undo: what the call that let somebody in did besides attendance and points is taken back. Its
-- payment is voided, the registration is what it was (`cancelled` when there was none: rows are not deleted), and a seat
-- that falls free goes to the first in line. Locks the seats, so an undo calls it before it locks anything else.
-- Answers what was taken back, NULL for a plain check-in.
CREATE OR REPLACE FUNCTION pine.take_back_admission(member integer, event integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    done     jsonb;
    voided   numeric;
    status   text;
    promoted integer[] := '{}';
BEGIN
    SELECT l.did INTO done
    FROM public.check_in_log AS l
    WHERE l.event_id = event AND l.user_id = member AND l.outcome = 'ok' AND l.passage = 'in'
    ORDER BY l.id DESC
    LIMIT 1;
    IF done IS NULL OR NOT done ?| ARRAY['registered', 'payment'] THEN
        RETURN NULL;
    END IF;
    PERFORM pine.lock_seats(event);
    UPDATE public.payment AS p
    SET voided_at = at
    WHERE p.id = (done->>'payment')::integer AND p.voided_at IS NULL
    RETURNING p.amount_paid INTO voided;
    IF done ? 'registered' THEN
        UPDATE public.registrations AS r
        SET status = coalesce(done->>'status_before', 'cancelled')
        WHERE r.user_id = member AND r.event_id = event AND r.status = 'registered'
        RETURNING r.status INTO status;
        promoted := pine.fill_seats(event, at);
    END IF;
    RETURN pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'payment', done->'payment', 'amount_voided', voided::text, 'status', status,
        'promoted', CASE WHEN promoted <> '{}' THEN pg_catalog.to_jsonb(promoted) END));
END
$$;
