-- Events as they are told, and the rules of registering and cancelling.

-- An event as lists show it, and who a member is to it.
CREATE FUNCTION pine.event_line(event events, viewer integer) RETURNS jsonb
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
        'registered', coalesce((SELECT s.taken FROM public.event_seats AS s WHERE s.event_id = event.id), 0),
        'waitlisted', (SELECT count(*) FROM public.registrations AS r
                       WHERE r.event_id = event.id AND r.status = 'waitlisted'),
        'checked_in', (SELECT count(*) FROM public.event_attendees AS a
                       WHERE a.event_id = event.id AND coalesce(a.status, 'attended') <> 'undone'),
        'my_status', (SELECT coalesce(r.status, 'registered') FROM public.registrations AS r
                      WHERE r.event_id = event.id AND r.user_id = viewer),
        'my_attendance', EXISTS (SELECT FROM public.event_attendees AS a
                                 WHERE a.event_id = event.id AND a.user_id = viewer
                                   AND coalesce(a.status, 'attended') <> 'undone')
    )
$$;

CREATE FUNCTION pine.event_page(event events, viewer integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.event_line(event, viewer) || pg_catalog.jsonb_build_object(
        'description', event.description,
        'organiser', (SELECT u.full_name FROM public.users AS u WHERE u.id = event.created_by),
        'created_by', event.created_by,
        'created_at', event.created_at
    )
$$;

CREATE FUNCTION pine.the_event(event_id integer) RETURNS events
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    event public.events;
BEGIN
    SELECT * INTO event FROM public.events AS e WHERE e.id = event_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no event %.', event_id USING ERRCODE = 'PT404';
    END IF;
    RETURN event;
END
$$;

CREATE FUNCTION pine.check_event(
    title text, event_type text, location text, start_time timestamptz, end_time timestamptz,
    max_participants integer, points_reward integer, price numeric
) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(btrim(title), '') = '' OR length(btrim(title)) > 255 THEN
        PERFORM pine.refuse_value('title', 'A title has 1 to 255 characters.');
    ELSIF NOT EXISTS (SELECT FROM public.event_types AS t WHERE t.name = check_event.event_type) THEN
        PERFORM pine.refuse_value('event_type', 'That is none of the community''s event types.');
    ELSIF coalesce(btrim(location), '') = '' OR length(btrim(location)) > 255 THEN
        PERFORM pine.refuse_value('location', 'A place has 1 to 255 characters.');
    ELSIF start_time IS NULL OR NOT isfinite(start_time) THEN
        PERFORM pine.refuse_value('start_time', 'An event needs a start.');
    ELSIF end_time IS NULL OR NOT isfinite(end_time) OR end_time <= start_time THEN
        PERFORM pine.refuse_value('end_time', 'The end must come after the start.');
    ELSIF max_participants < 0 THEN
        PERFORM pine.refuse_value('max_participants', 'Seats are a whole number, 0 or more.');
    ELSIF points_reward < 0 THEN
        PERFORM pine.refuse_value('points_reward', 'Points are a whole number, 0 or more.');
    -- NaN counts as larger than any number.
    ELSIF price < 0 OR price > 9999999999.99 OR price <> round(price, 2) THEN
        PERFORM pine.refuse_value('price', 'A price is an amount of 0 or more, with at most two decimals.');
    END IF;
END
$$;

-- Registers a member, reviving a cancelled registration. The seat is held first: its lock puts everybody who
-- wants the last one in line, and what happened meanwhile to this member's registration is read after it.
CREATE FUNCTION pine.register(member integer, event events, at timestamptz) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    status text := pine.registration_status(member, event.id);
BEGIN
    IF status = 'rejected' THEN
        RETURN 'rejected';
    ELSIF status IS NOT NULL AND status <> 'cancelled' THEN
        RETURN 'already';
    ELSIF NOT coalesce(event.is_active, true) THEN
        RETURN 'event_inactive';
    ELSIF at >= event.end_time THEN
        RETURN 'over';
    ELSIF NOT pine.hold_seat(event.id) THEN
        RETURN CASE WHEN pine.registration_status(member, event.id) = 'registered' THEN 'already' ELSE 'full' END;
    END IF;

    RETURN CASE WHEN pine.take_seat(member, event.id, at, ARRAY['cancelled']) THEN 'registered' ELSE 'already' END;
END
$$;

-- Makes a member `registered`: a new row, or one that stood at one of these states. The price is frozen when somebody
-- registers, as the event has it at that moment; who only waited keeps the price they came with, and what has been
-- paid for keeps its own. Whoever calls holds the seats' lock.
CREATE FUNCTION pine.take_seat(member integer, event integer, at timestamptz, instead_of text[]) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    registration integer;
BEGIN
    INSERT INTO public.registrations AS r (user_id, event_id, registration_date, status, price_due, payment_status)
    SELECT member, e.id, at, 'registered', coalesce(e.price, 0), pine.payment_status(e.price, NULL)
    FROM public.events AS e
    WHERE e.id = event
    ON CONFLICT (user_id, event_id) DO UPDATE
    SET status = 'registered',
        registration_date = CASE WHEN r.status IN ('cancelled', 'rejected') THEN excluded.registration_date
                                 ELSE r.registration_date END,
        price_due = CASE WHEN r.status IN ('cancelled', 'rejected') AND pine.paid_for(r.id) IS NULL
                         THEN excluded.price_due ELSE r.price_due END,
        payment_status = 'pending'
    WHERE r.status = ANY (instead_of)
    RETURNING r.id INTO registration;
    IF registration IS NULL THEN
        RETURN false;
    END IF;
    PERFORM pine.settle(registration);
    RETURN true;
END
$$;

CREATE FUNCTION pine.registration_status(member integer, event integer) RETURNS text
    LANGUAGE sql VOLATILE  -- must see what others committed while this transaction waited
AS $$
    SELECT coalesce(r.status, 'registered')
    FROM public.registrations AS r
    WHERE r.user_id = member AND r.event_id = event
$$;

-- Cancels a member's registration, and with it frees the seat it held.
CREATE FUNCTION pine.cancel_registration(member integer, event events, at timestamptz) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    status text;
BEGIN
    PERFORM FROM public.event_seats AS s WHERE s.event_id = event.id FOR UPDATE;
    SELECT coalesce(r.status, 'registered') INTO status
    FROM public.registrations AS r
    WHERE r.user_id = member AND r.event_id = event.id
    FOR UPDATE;
    IF status IS NULL OR status IN ('cancelled', 'rejected') THEN
        RETURN 'not_registered';
    ELSIF EXISTS (SELECT FROM public.event_attendees AS a
                  WHERE a.user_id = member AND a.event_id = event.id
                    AND coalesce(a.status, 'attended') <> 'undone') THEN
        RETURN 'checked_in';
    ELSIF at >= event.start_time THEN
        RETURN 'too_late';
    END IF;

    UPDATE public.registrations AS r
    SET status = 'cancelled'
    WHERE r.user_id = member AND r.event_id = event.id;
    RETURN 'cancelled';
END
$$;
