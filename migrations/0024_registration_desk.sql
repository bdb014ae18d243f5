-- What staff do about registrations: approve, refuse, cancel, move, register and promote. Each holds the event's seats
-- before it looks, answers an outcome, and passes a seat that falls free on before it commits.

-- What came of it, what the registration was before, and who got a seat that it freed, in their order.
CREATE TYPE pine.seat_change AS (
    outcome  text,
    was      text,
    promoted integer[]
);

-- The registration of a member, held to be changed; the caller holds the seats. PT404 when there is none.
CREATE FUNCTION pine.hold_registration(member integer, event integer) RETURNS registrations
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    registration public.registrations;
BEGIN
    SELECT * INTO registration
    FROM public.registrations AS r
    WHERE r.user_id = member AND r.event_id = event
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'They have never registered for this event.' USING ERRCODE = 'PT404';
    END IF;
    registration.status := coalesce(registration.status, 'registered');
    RETURN registration;
END
$$;

-- A reason that must be given.
CREATE FUNCTION pine.need_reason(typed text, why text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    reason text := pine.read_reason(typed);
BEGIN
    IF reason IS NULL THEN
        PERFORM pine.refuse_value('reason', why);
    END IF;
    RETURN reason;
END
$$;

-- Tells a member what staff did to their registration, until they have seen it.
CREATE FUNCTION pine.tell(member integer, event integer, news text, reason text, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.registrations AS r
    SET news = tell.news, news_at = at, status_reason = reason
    WHERE r.user_id = member AND r.event_id = event
$$;

-- What a member whom staff let in becomes: `registered` when a seat is free, `waitlisted` when they may wait and the
-- line moves, else `full`. Whoever waits already goes first. The caller holds the seats.
CREATE FUNCTION pine.seat_or_line(event events, at timestamptz, wait boolean) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM pine.fill_seats(event.id, at);
    RETURN CASE
        WHEN pine.hold_seat(event.id) THEN 'registered'
        WHEN wait AND pine.line_moves(event, at) THEN 'waitlisted'
        ELSE 'full'
    END;
END
$$;

-- Why nobody can be given a seat at an event any more: `event_inactive`, `over`, or NULL.
CREATE FUNCTION pine.why_no_seats(event events, at timestamptz) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN NOT coalesce(event.is_active, true) THEN 'event_inactive'
        WHEN at >= event.end_time THEN 'over'
    END
$$;

CREATE FUNCTION pine.is_inactive(member integer) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT NOT coalesce(u.is_active, true) FROM public.users AS u WHERE u.id = member
$$;

-- Approves who is pending, or was refused before. When every seat is taken they stand at the end of the line.
CREATE FUNCTION pine.approve(member integer, event integer, at timestamptz) RETURNS pine.seat_change
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats        public.event_seats := pine.lock_seats(event);
    now_is       public.events := pine.the_event(event);
    registration public.registrations := pine.hold_registration(member, event);
    outcome      text;
BEGIN
    IF registration.status NOT IN ('pending', 'rejected') THEN
        RETURN ROW('not_pending', registration.status, '{}')::pine.seat_change;
    END IF;
    outcome := coalesce(
        pine.why_no_seats(now_is, at),
        CASE WHEN pine.is_inactive(member) THEN 'member_inactive' END,
        pine.seat_or_line(now_is, at, true));
    IF outcome IN ('registered', 'waitlisted') THEN
        PERFORM pine.put_registration(member, event, at, outcome, ARRAY['pending', 'rejected']);
        PERFORM pine.tell(member, event, 'approved', NULL, at);
    END IF;
    RETURN ROW(outcome, registration.status, '{}')::pine.seat_change;
END
$$;

-- Takes a registration back for its member: `rejected` or `cancelled`, with the reason that they will see.
CREATE FUNCTION pine.withdraw(member integer, event integer, into_status text, reason text, at timestamptz)
    RETURNS pine.seat_change
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats        public.event_seats := pine.lock_seats(event);
    registration public.registrations := pine.hold_registration(member, event);
BEGIN
    IF registration.status = into_status THEN
        RETURN ROW('already', registration.status, '{}')::pine.seat_change;
    ELSIF into_status = 'cancelled' AND registration.status = 'rejected' THEN
        RETURN ROW('not_registered', registration.status, '{}')::pine.seat_change;
    ELSIF pine.has_attended(member, event) THEN
        RETURN ROW('checked_in', registration.status, '{}')::pine.seat_change;
    END IF;
    UPDATE public.registrations AS r
    SET status = into_status, promoted_at = NULL
    WHERE r.id = registration.id;
    PERFORM pine.tell(member, event, into_status, reason, at);
    RETURN ROW(into_status, registration.status, pine.fill_seats(event, at))::pine.seat_change;
END
$$;

-- Registers a member in their stead, without approval; with `wait` in line when it is full.
CREATE FUNCTION pine.register_for(member integer, event integer, wait boolean, at timestamptz) RETURNS pine.seat_change
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats   public.event_seats := pine.lock_seats(event);
    now_is  public.events := pine.the_event(event);
    was     text := pine.registration_status(member, event);
    outcome text;
BEGIN
    outcome := coalesce(
        CASE WHEN was IN ('registered', 'pending', 'waitlisted') THEN 'already' END,
        pine.why_no_seats(now_is, at),
        CASE WHEN pine.is_inactive(member) THEN 'member_inactive' END,
        pine.seat_or_line(now_is, at, wait));
    IF outcome IN ('registered', 'waitlisted') THEN
        PERFORM pine.put_registration(member, event, at, outcome, ARRAY['cancelled', 'rejected']);
        PERFORM pine.tell(member, event, 'registered', NULL, at);
    END IF;
    RETURN ROW(outcome, was, '{}')::pine.seat_change;
END
$$;

-- Moves a member to another event, where capacity and waitlist hold as for anybody; only who was approved here, or goes
-- where nobody needs to be, gets a seat there. The registration here stays as a cancelled one. What is paid belongs to
-- the registration it was paid for: who has paid is not moved before that is refunded.
CREATE FUNCTION pine.move_registration(
    member integer, event integer, to_event integer, wait boolean, reason text, at timestamptz
) RETURNS pine.seat_change
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    target       public.events;
    registration public.registrations;
    outcome      text;
BEGIN
    PERFORM pine.lock_seats(least(event, to_event));
    PERFORM pine.lock_seats(greatest(event, to_event));
    target := pine.the_event(to_event);
    -- Before the registrations: a new one looks at the member's name.
    PERFORM FROM public.users AS u WHERE u.id = member FOR SHARE;
    registration := pine.hold_registration(member, event);
    outcome := CASE
        WHEN registration.status IN ('cancelled', 'rejected') THEN 'not_registered'
        WHEN pine.has_attended(member, event) THEN 'checked_in'
        WHEN pine.paid_for(registration.id) IS NOT NULL THEN 'paid'
        WHEN pine.registration_status(member, to_event) IN ('registered', 'pending', 'waitlisted') THEN 'already'
        WHEN pine.is_inactive(member) THEN 'member_inactive'
        ELSE pine.why_no_seats(target, at)
    END;
    IF outcome IS NULL THEN
        outcome := CASE WHEN registration.status = 'pending' AND target.requires_approval THEN 'pending'
                        ELSE pine.seat_or_line(target, at, wait) END;
    END IF;
    IF outcome NOT IN ('registered', 'waitlisted', 'pending') THEN
        RETURN ROW(outcome, registration.status, '{}')::pine.seat_change;
    END IF;

    PERFORM pine.put_registration(member, to_event, at, outcome, ARRAY['cancelled', 'rejected']);
    PERFORM pine.tell(member, to_event, 'moved', reason, at);
    UPDATE public.registrations AS r
    SET note = coalesce(r.note, registration.note)
    WHERE r.user_id = member AND r.event_id = to_event AND registration.note IS NOT NULL;
    UPDATE public.registrations AS r
    SET status = 'cancelled',
        promoted_at = NULL,
        status_reason = pg_catalog.left('Moved to ' || target.title || coalesce(': ' || reason, ''), 255),
        news = NULL,
        news_at = NULL
    WHERE r.id = registration.id;
    RETURN ROW(outcome, registration.status, pine.fill_seats(event, at))::pine.seat_change;
END
$$;

-- Promotes somebody out of the line's order: to a seat when one is free, else to the head of the line, so that the next
-- seat is theirs (`next`). Never over capacity. Whoever stands first already needs no reason.
CREATE FUNCTION pine.promote(member integer, event integer, reason text, at timestamptz) RETURNS pine.seat_change
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    seats        public.event_seats := pine.lock_seats(event);
    now_is       public.events := pine.the_event(event);
    registration public.registrations;
    first        public.registrations;
    refusal      text := pine.why_no_seats(now_is, at);
BEGIN
    -- A seat that was left free beside these rules goes to the first in line before anybody is preferred.
    PERFORM pine.fill_seats(event, at);
    registration := pine.hold_registration(member, event);
    IF registration.status <> 'waitlisted' THEN
        RETURN ROW('not_waitlisted', registration.status, '{}')::pine.seat_change;
    ELSIF refusal IS NOT NULL THEN
        RETURN ROW(refusal, registration.status, '{}')::pine.seat_change;
    END IF;
    SELECT * INTO first
    FROM public.registrations AS w
    WHERE w.event_id = event AND w.status = 'waitlisted'
    ORDER BY w.waitlist_number, w.id
    LIMIT 1;
    IF first.id <> registration.id AND reason IS NULL THEN
        PERFORM pine.refuse_value('reason', 'Type why they go before the others.');
    END IF;

    IF pine.hold_seat(event) THEN
        UPDATE public.registrations AS r SET status = 'registered', promoted_at = at WHERE r.id = registration.id;
        PERFORM pine.tell(member, event, 'promoted', NULL, at);
        RETURN ROW('registered', registration.status, '{}')::pine.seat_change;
    ELSIF NOT pine.line_moves(now_is, at) THEN
        RETURN ROW('full', registration.status, '{}')::pine.seat_change;
    ELSIF first.id = registration.id THEN
        RETURN ROW('first_already', registration.status, '{}')::pine.seat_change;
    END IF;
    UPDATE public.registrations AS r
    SET waitlist_number = least(first.waitlist_number, 0) - 1
    WHERE r.id = registration.id;
    RETURN ROW('next', registration.status, '{}')::pine.seat_change;
END
$$;

-- What is due is asked of who holds a seat; who waits or gave up owes nothing.
CREATE OR REPLACE FUNCTION pine.my_registration(registration registrations) RETURNS jsonb
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
        'paid', pg_catalog.round(pine.paid_for(registration.id), 2)::text,
        'due', CASE WHEN coalesce(registration.status, 'registered') = 'registered'
                    THEN nullif(pine.due(registration), 0)::text END,
        'news', registration.news,
        'news_at', registration.news_at
    )
$$;
