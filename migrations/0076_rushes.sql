-- A rush for the seats of one event.
--
-- Who waits for a row that the one before them changes follows it to its next version and waits there again, all of them
-- at every change: of sixty who waited for the count of seats, sixty woke for each seat. The event's row is not changed by
-- a registration, so a queue before it moves up by one.

-- Stands in the queue for an event's seats. Whoever changes the event as well begins here, before pine.lock_seats; who
-- holds that lock must not come here any more.
CREATE FUNCTION pine.queue_for_seats(event integer) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    -- Not FOR UPDATE: who only refers to the event need not wait.
    PERFORM FROM public.events AS e WHERE e.id = event FOR NO KEY UPDATE;
END
$$;

-- Registers a member, reviving a cancelled registration: `registered`, or `pending` where staff approve, or `full`; who
-- is willing to wait becomes `waitlisted` instead, as long as the line moves.
CREATE OR REPLACE FUNCTION pine.register(member integer, event events, at timestamptz, wait boolean) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    refusal text := pine.why_not_register_oneself(pine.registration_status(member, event.id), event, at);
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

    -- The locks put everybody who wants the last seat in line. What happened meanwhile is read after them.
    PERFORM pine.queue_for_seats(event.id);
    seats := pine.lock_seats(event.id);
    event := pine.the_event(event.id);
    status := pine.registration_status(member, event.id);
    refusal := pine.why_not_register_oneself(status, event, at);
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
