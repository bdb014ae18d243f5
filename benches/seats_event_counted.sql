-- A design that benches/seats.rs compares with: seats counted on the event's own row by a trigger and kept by a constraint,
-- as one would write it first. Every registration points at that row by a key, so all who come at once hold it together
-- while each waits to change it. Everything around it (session, nonce, audit, answer) stays as it is.
SET ROLE pine_owner;

ALTER TABLE events
    ADD COLUMN taken integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT events_not_oversold CHECK (taken <= max_participants);

CREATE OR REPLACE FUNCTION pine.count_seats() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE public.events AS e SET taken = e.taken + 1 WHERE e.id = NEW.event_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION pine.register(member integer, event events, at timestamptz, wait boolean) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    refusal text := pine.why_not_register(pine.registration_status(member, event.id), event, at);
BEGIN
    IF refusal IS NOT NULL THEN
        RETURN refusal;
    ELSIF (SELECT e.taken >= e.max_participants FROM public.events AS e WHERE e.id = event.id) THEN
        RETURN 'full';
    END IF;
    PERFORM pine.put_registration(member, event.id, at, 'registered', ARRAY['cancelled', 'waitlisted']);
    RETURN 'registered';
EXCEPTION
    WHEN check_violation THEN
        RETURN 'full';
END
$$;
