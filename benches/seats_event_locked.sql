-- A design that benches/seats.rs compares with: seats counted on the event's own row, under that row's lock. Everything
-- around it (session, nonce, audit, answer) stays as it is.
SET ROLE pine_owner;

ALTER TABLE events ADD COLUMN taken integer NOT NULL DEFAULT 0;

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
    now_is  public.events;
    refusal text;
BEGIN
    SELECT * INTO now_is FROM public.events AS e WHERE e.id = event.id FOR UPDATE;
    refusal := pine.why_not_register(pine.registration_status(member, event.id), now_is, at);
    IF refusal IS NOT NULL THEN
        RETURN refusal;
    ELSIF now_is.taken >= now_is.max_participants THEN
        RETURN 'full';
    END IF;
    PERFORM pine.put_registration(member, event.id, at, 'registered', ARRAY['cancelled', 'waitlisted']);
    RETURN 'registered';
END
$$;
