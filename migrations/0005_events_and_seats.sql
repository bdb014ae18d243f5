-- Event types, seats, prices, and the values that the free-text columns may hold.

-- What an event costs; NULL and 0 are free. A registration keeps the price it was made at, so that a later change
-- asks nobody for more. Everything that was there before is free.
ALTER TABLE events ADD COLUMN price numeric(12, 2);
ALTER TABLE registrations ADD COLUMN price_due numeric(12, 2);

CREATE TABLE event_types (
    name     varchar(50) PRIMARY KEY,
    position integer     NOT NULL DEFAULT 0,
    CONSTRAINT event_types_name_given CHECK (btrim(name) <> '')
);

INSERT INTO event_types (name)
SELECT DISTINCT event_type FROM events WHERE btrim(event_type) <> ''
ON CONFLICT DO NOTHING;

INSERT INTO event_types (name, position)
VALUES ('trivia', 1), ('mystery', 2), ('hike', 3), ('games', 4), ('workshop', 5), ('social', 6)
ON CONFLICT (name) DO UPDATE SET position = excluded.position;

-- Seats taken, beside the event and not on it: foreign keys lock the event's row for every registration, and a
-- counter there would make them all wait for each other.
CREATE TABLE event_seats (
    event_id integer PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    taken    integer NOT NULL DEFAULT 0,
    CONSTRAINT event_seats_taken_not_negative CHECK (taken >= 0)
);

INSERT INTO event_seats (event_id, taken)
SELECT e.id, count(r.id) FILTER (WHERE coalesce(r.status, 'registered') = 'registered')
FROM events AS e
LEFT JOIN registrations AS r ON r.event_id = e.id
GROUP BY e.id;

CREATE FUNCTION pine.open_event_seats() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO public.event_seats (event_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER open_event_seats AFTER INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION pine.open_event_seats();

-- Seats taken follow the registrations by trigger: whoever writes a row, they stay its count.
CREATE FUNCTION pine.count_seats() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND coalesce(OLD.status, 'registered') = 'registered' THEN
        UPDATE public.event_seats AS s SET taken = s.taken - 1 WHERE s.event_id = OLD.event_id;
    END IF;
    IF TG_OP <> 'DELETE' AND coalesce(NEW.status, 'registered') = 'registered' THEN
        UPDATE public.event_seats AS s SET taken = s.taken + 1 WHERE s.event_id = NEW.event_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_seats AFTER INSERT OR DELETE OR UPDATE OF status, event_id ON registrations
    FOR EACH ROW EXECUTE FUNCTION pine.count_seats();

-- Whether a seat is free, and until the transaction ends nobody else can take it: the lock makes the 11th of 10
-- wait for the 10th, and PostgreSQL reads the count again when it has the lock.
CREATE FUNCTION pine.hold_seat(event integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    is_free boolean;
BEGIN
    SELECT e.max_participants IS NULL OR s.taken < e.max_participants INTO is_free
    FROM public.event_seats AS s
    JOIN public.events AS e ON e.id = s.event_id
    WHERE s.event_id = event
    FOR UPDATE OF s;
    RETURN is_free;
END
$$;

-- The values of the text columns. NOT VALID first and validated where the rows allow it, so that an older
-- database with other words is not refused; new rows are always held to them.
DO $do$
DECLARE
    rule record;
BEGIN
    FOR rule IN
        SELECT *
        FROM (VALUES
            ('users', 'users_user_type_known', $$user_type IN ('regular', 'staff', 'admin')$$),
            ('events', 'events_end_after_start', $$end_time > start_time$$),
            ('events', 'events_max_participants_not_negative', $$max_participants >= 0$$),
            ('events', 'events_points_reward_not_negative', $$points_reward >= 0$$),
            ('events', 'events_price_not_negative', $$price >= 0$$),
            ('registrations', 'registrations_price_due_not_negative', $$price_due >= 0$$),
            ('registrations', 'registrations_status_known',
                $$status IN ('registered', 'pending', 'waitlisted', 'cancelled', 'rejected')$$),
            ('registrations', 'registrations_payment_status_known',
                $$payment_status IN ('pending', 'paid', 'not_required', 'refunded')$$),
            ('event_attendees', 'event_attendees_status_known', $$status IN ('attended', 'left', 'undone')$$),
            ('points_transactions', 'points_transactions_transaction_type_known',
                $$transaction_type IN ('event_attendance', 'streak_bonus', 'badge_award', 'special_activity',
                                       'redemption', 'adjustment', 'reversal')$$)
        ) AS r (on_table, name, condition)
    LOOP
        EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I CHECK (%s) NOT VALID',
                       rule.on_table, rule.name, rule.condition);
        BEGIN
            EXECUTE format('ALTER TABLE public.%I VALIDATE CONSTRAINT %I', rule.on_table, rule.name);
        EXCEPTION
            WHEN check_violation THEN
                RAISE NOTICE 'Some rows of % do not keep %; they stay, new ones must.', rule.on_table, rule.name;
        END;
    END LOOP;
END
$do$;
