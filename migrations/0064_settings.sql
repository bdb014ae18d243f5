-- Settings, one at a time. Their texts, ranges and defaults as people read them stand in the program (domain::settings);
-- what may stand in the table is held by its constraints and told here in words.

-- Until when members register themselves, in minutes before an event begins; NULL is until it ends.
ALTER TABLE settings
    ADD COLUMN registration_closes_minutes integer
        CONSTRAINT settings_registration_closes_within_a_week CHECK (registration_closes_minutes BETWEEN 0 AND 10080);

-- Why a member may not register themselves at a moment: what pine.why_not_register says, else `closed`. Staff register
-- others until an event ends.
CREATE FUNCTION pine.why_not_register_oneself(status text, event events, at timestamptz) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(
        pine.why_not_register(status, event, at),
        CASE WHEN at >= event.start_time - pg_catalog.make_interval(mins => s.registration_closes_minutes) THEN 'closed' END)
    FROM public.settings AS s
$$;

-- Registers a member, reviving a cancelled registration: `registered`, or `pending` where staff approve, or `full`; who
-- is willing to wait becomes `waitlisted` instead, as long as the line moves. As before, but for the window.
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

    -- The lock puts everybody who wants the last seat in line. What happened meanwhile is read after it.
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

-- Every setting that administrators change one at a time, as text.
CREATE FUNCTION pine.setting_values() RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'community_name', s.community_name,
        'time_zone', s.time_zone,
        'currency', s.currency,
        'check_in_opens_minutes', s.check_in_opens_minutes::text,
        'registration_closes_minutes', coalesce(s.registration_closes_minutes::text, 'end'),
        'streak_step', s.streak_step::text,
        'streak_most', s.streak_most::text,
        'skip_weeks_without_events', s.skip_weeks_without_events::text,
        'password_least', s.password_least::text,
        'sign_ups_an_hour', s.sign_ups_an_hour::text)
    FROM public.settings AS s
$$;

-- Who changed each setting last, and what it was before; only those that were ever changed.
CREATE FUNCTION pine.setting_changes() RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_object_agg(
        latest.name, pg_catalog.jsonb_build_object(
            'actor', latest.actor, 'at', latest.at, 'before', latest.before ->> latest.name)), '{}')
    FROM (
        SELECT DISTINCT ON (k.name) k.name, a.actor, a.at, a.before
        FROM public.audit_log AS a
        CROSS JOIN LATERAL pg_catalog.jsonb_object_keys(a.after) AS k (name)
        -- Three settings were changed by one function before; it writes all of them, changed or not.
        WHERE a.action IN ('setting_change', 'set_streak_rules')
          AND a.before -> k.name IS DISTINCT FROM a.after -> k.name
        ORDER BY k.name, a.id DESC
    ) AS latest
$$;

-- Whether a zone has this name, and not only an abbreviation: clients know no others.
CREATE FUNCTION pine.is_named_zone(name text) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT name !~ '^(posix|right)/' AND name NOT IN ('Factory', 'localtime', 'posixrules')
       AND EXISTS (SELECT FROM pg_catalog.pg_timezone_names AS z WHERE z.name = is_named_zone.name)
$$;

-- The value as it is to be kept, or PT422.
CREATE FUNCTION pine.check_setting(name text, value text) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    kept   text := coalesce(btrim(value), '');
    number integer := CASE WHEN kept ~ '^[0-9]{1,9}$' THEN kept::integer ELSE -1 END;
    wrong  text;
BEGIN
    CASE name
        WHEN 'community_name' THEN
            wrong := CASE
                WHEN length(kept) NOT BETWEEN 1 AND 255 THEN 'A name has 1 to 255 characters.'
                WHEN kept ~ '[[:cntrl:]]' THEN 'A name has letters only, no control characters.'
            END;
        WHEN 'time_zone' THEN
            -- The shape is looked at first: only what may be a name is looked up.
            wrong := CASE WHEN NOT pine.is_time_zone(kept) OR NOT pine.is_named_zone(kept)
                THEN 'No such zone. Type its name, or its city: manila.' END;
        WHEN 'currency' THEN
            kept := upper(kept);
            wrong := CASE WHEN kept !~ '^[A-Z]{3}$'
                THEN 'A currency is three letters (ISO 4217): PHP, EUR.' END;
        WHEN 'skip_weeks_without_events' THEN
            wrong := CASE WHEN kept NOT IN ('true', 'false') THEN 'Yes or no.' END;
        WHEN 'check_in_opens_minutes' THEN
            kept := number::text;
            wrong := CASE WHEN number NOT BETWEEN 0 AND 10080
                THEN 'Type whole minutes, 0 to 10080 (a week).' END;
        WHEN 'registration_closes_minutes' THEN
            kept := CASE WHEN lower(kept) = 'end' THEN 'end' ELSE number::text END;
            wrong := CASE WHEN kept <> 'end' AND number NOT BETWEEN 0 AND 10080
                THEN 'Type whole minutes, 0 to 10080, or the word end.' END;
        WHEN 'streak_step', 'streak_most' THEN
            kept := number::text;
            wrong := CASE WHEN number NOT BETWEEN 0 AND 10000 THEN 'Type whole points, 0 to 10000.' END;
        WHEN 'password_least' THEN
            kept := number::text;
            wrong := CASE WHEN number NOT BETWEEN 8 AND 64 THEN 'Type a whole number from 8 to 64.' END;
        WHEN 'sign_ups_an_hour' THEN
            kept := number::text;
            wrong := CASE WHEN number NOT BETWEEN 0 AND 10000
                THEN 'Type a whole number from 0 to 10000; 0 is none.' END;
        ELSE
            RAISE EXCEPTION 'There is no such setting.' USING ERRCODE = 'PT404';
    END CASE;
    IF wrong IS NOT NULL THEN
        PERFORM pine.refuse_value('value', wrong);
    END IF;
    RETURN kept;
END
$$;

-- Changes one setting. `was` is what the form began with: who changed it meanwhile is not overwritten. Answers who that
-- was and what it is now; NULL when the value is the one that was wanted.
CREATE FUNCTION pine.set_setting(actor pine.actor, name text, was text, value text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    kept   text := pine.check_setting(name, value);
    before text;
BEGIN
    -- Two editors go one after the other.
    PERFORM FROM public.settings AS s FOR NO KEY UPDATE;
    before := pine.setting_values() ->> name;
    IF before = kept THEN
        RETURN NULL;
    ELSIF before IS DISTINCT FROM was THEN
        RETURN pg_catalog.jsonb_build_object(
            'actor', pine.setting_changes() -> name ->> 'actor', 'value', before);
    END IF;
    -- The boards of weeks and months are counted anew by a trigger when the zone is another.
    UPDATE public.settings AS s
    SET community_name = CASE WHEN name = 'community_name' THEN kept ELSE s.community_name END,
        time_zone = CASE WHEN name = 'time_zone' THEN kept ELSE s.time_zone END,
        currency = CASE WHEN name = 'currency' THEN kept ELSE s.currency END,
        check_in_opens_minutes = CASE WHEN name = 'check_in_opens_minutes' THEN kept::integer ELSE s.check_in_opens_minutes END,
        registration_closes_minutes = CASE WHEN name = 'registration_closes_minutes' THEN nullif(kept, 'end')::integer
                                           ELSE s.registration_closes_minutes END,
        streak_step = CASE WHEN name = 'streak_step' THEN kept::integer ELSE s.streak_step END,
        streak_most = CASE WHEN name = 'streak_most' THEN kept::integer ELSE s.streak_most END,
        skip_weeks_without_events =
            CASE WHEN name = 'skip_weeks_without_events' THEN kept::boolean ELSE s.skip_weeks_without_events END,
        password_least = CASE WHEN name = 'password_least' THEN kept::integer ELSE s.password_least END,
        sign_ups_an_hour = CASE WHEN name = 'sign_ups_an_hour' THEN kept::integer ELSE s.sign_ups_an_hour END;
    PERFORM pine.audit(actor, 'setting_change', 'settings', NULL,
                       pg_catalog.jsonb_build_object(name, before), pg_catalog.jsonb_build_object(name, kept));
    RETURN NULL;
END
$$;

-- What another zone would do to weeks: events and attendances that fall into another one, and streaks held now, here and
-- there.
CREATE FUNCTION pine.zone_effects(wanted text, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    zone text := pine.check_setting('time_zone', wanted);
    here pine.span;
    there pine.span;
BEGIN
    here := pine.span(pine.monday(at, (SELECT s.time_zone FROM public.settings AS s)), 1);
    there := pine.span(pine.monday(at, zone), 1);
    there.zone := zone;
    there.since := there.monday::timestamp AT TIME ZONE zone;
    there.until := (there.monday + 7)::timestamp AT TIME ZONE zone;
    RETURN pg_catalog.jsonb_build_object(
        'zone', zone,
        'events', (SELECT count(*) FROM public.events AS e
                   WHERE pine.monday(e.start_time, here.zone) <> pine.monday(e.start_time, zone)),
        'attendances', (SELECT count(*)
                        FROM public.events AS e
                        JOIN public.event_attendees AS a ON a.event_id = e.id
                        WHERE coalesce(a.status, 'attended') <> 'undone'
                          AND pine.monday(e.start_time, here.zone) <> pine.monday(e.start_time, zone)),
        'streaks_here', (SELECT count(*) FROM pine.streaks_in(here, at) AS s WHERE s.state = 'held'),
        'streaks_there', (SELECT count(*) FROM pine.streaks_in(there, at) AS s WHERE s.state = 'held'));
END
$$;
