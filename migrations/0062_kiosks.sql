-- Kiosks: devices that staff have enrolled. A kiosk proves itself with a secret that it made itself; here is only the
-- secret's SHA-256, and the database login that it works over.

CREATE TABLE kiosks (
    id              integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text        NOT NULL CONSTRAINT kiosks_name_given
                                CHECK (btrim(name) <> '' AND length(name) <= 60),
    is_active       boolean     NOT NULL DEFAULT true,
    -- The one-time code with which the device joins; gone once it has.
    code_hash       bytea,
    code_expires_at timestamptz,
    -- Known once it has joined.
    secret_hash     bytea       UNIQUE,
    login_role      text,
    -- The attendant's code.
    pin_salt        bytea       NOT NULL,
    pin_hash        bytea       NOT NULL,
    -- The event that scans are for, as the attendant chose; none is the one that happens now.
    event_id        integer     REFERENCES events (id),
    enrolled_by     text        NOT NULL,
    enrolled_at     timestamptz NOT NULL,
    joined_at       timestamptz,
    last_seen       timestamptz,
    retired_at      timestamptz,
    -- Scans of the running minute, passes that nobody has, attendant's codes that were wrong.
    minute          timestamptz,
    scans           integer     NOT NULL DEFAULT 0,
    misses          integer     NOT NULL DEFAULT 0,
    last_miss       timestamptz,
    wrong_pins      integer     NOT NULL DEFAULT 0,
    last_wrong_pin  timestamptz
);

CREATE UNIQUE INDEX kiosks_name ON kiosks (lower(name)) WHERE is_active;
CREATE INDEX kiosks_event_id ON kiosks (event_id) WHERE event_id IS NOT NULL;

-- Which kiosk a secret is of, over the login that it joined with, or PT401: unknown, retired and somebody else's are the
-- same to whoever asks.
CREATE FUNCTION pine.kiosk_of(device bytea) RETURNS kiosks
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    kiosk public.kiosks;
BEGIN
    SELECT * INTO kiosk
    FROM public.kiosks AS k
    WHERE k.secret_hash = pg_catalog.sha256(device) AND k.is_active AND k.login_role = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This kiosk is not enrolled.' USING ERRCODE = 'PT401';
    END IF;
    RETURN kiosk;
END
$$;

-- A kiosk as logs and requests name it: nobody is behind it.
CREATE FUNCTION pine.kiosk_actor(kiosk kiosks) RETURNS pine.actor
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT ROW (NULL, NULL, 'kiosk', 'kiosk', kiosk.name, 'kiosk:' || kiosk.id)::pine.actor
$$;

CREATE FUNCTION pine.check_kiosk_name(kiosk integer, name text) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF name IS NULL OR pg_catalog.btrim(name) = '' OR pg_catalog.length(pg_catalog.btrim(name)) > 60
        OR name ~ '[[:cntrl:]]' THEN
        PERFORM pine.refuse_value('name', 'A kiosk''s name has 1 to 60 characters.');
    ELSIF EXISTS (
        SELECT FROM public.kiosks AS k
        WHERE k.is_active AND pg_catalog.lower(k.name) = pg_catalog.lower(pg_catalog.btrim(check_kiosk_name.name))
          AND k.id IS DISTINCT FROM kiosk
    ) THEN
        PERFORM pine.refuse_value('name', pg_catalog.format(
            'There is a kiosk called “%s” already.', pg_catalog.btrim(name)));
    END IF;
END
$$;

-- Six digits, all equally likely: of 2^32 values the few beyond the last full million are thrown again.
CREATE FUNCTION pine.new_pin() RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    dice   bytea;
    thrown bigint;
BEGIN
    LOOP
        dice := pine.random_bytes_32();
        thrown := ('x' || pg_catalog.encode(pg_catalog.substr(dice, 1, 4), 'hex'))::bit(32)::bigint;
        thrown := thrown & 4294967295;
        EXIT WHEN thrown < 4294000000;
    END LOOP;
    RETURN pg_catalog.lpad((thrown % 1000000)::text, 6, '0');
END
$$;

CREATE FUNCTION pine.pin_hash(salt bytea, pin text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.sha256(salt || pg_catalog.convert_to(
        pg_catalog.regexp_replace(coalesce(pin, ''), '[\s-]', '', 'g'), 'UTF8'))
$$;

-- How long is still to wait after so many failures: nothing for five, then a second, doubling up to `most`.
CREATE FUNCTION pine.wait_after_failures(failures bigint, last_failure timestamptz, most interval, at timestamptz)
    RETURNS interval
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN failures < 5 OR last_failure IS NULL THEN interval '0'
        ELSE greatest(interval '0',
                      last_failure + least(most, interval '1 second' * 2 ^ least(failures - 5, 20)) - at)
    END
$$;

-- Failures as they count now: they fade by one a minute.
CREATE FUNCTION pine.faded(failures integer, last_failure timestamptz, at timestamptz) RETURNS integer
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT greatest(0, failures - greatest(0, pg_catalog.floor(
        pg_catalog.extract('epoch', at - coalesce(last_failure, at)) / 60))::integer)
$$;

-- Begins a scan: answers how long is still to wait, and counts the scan when it may be made. Thirty a minute are a brisk
-- queue; passes that nobody has make it slower, up to a minute each, since a queue must never stand longer for a toy.
-- The kiosk's row is held to the end: one scan after the other.
CREATE FUNCTION pine.begin_scan(kiosk integer, at timestamptz) RETURNS interval
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    held  public.kiosks;
    waits interval;
BEGIN
    SELECT * INTO held FROM public.kiosks AS k WHERE k.id = kiosk FOR NO KEY UPDATE;
    IF held.minute IS NULL OR at >= held.minute + interval '1 minute' OR at < held.minute THEN
        held.minute := at;
        held.scans := 0;
    END IF;
    waits := greatest(
        pine.wait_after_failures(pine.faded(held.misses, held.last_miss, at), held.last_miss, interval '1 minute', at),
        CASE WHEN held.scans >= 30 THEN held.minute + interval '1 minute' - at END,
        interval '0');
    IF waits = interval '0' THEN
        UPDATE public.kiosks AS k
        SET minute = held.minute, scans = held.scans + 1, last_seen = at
        WHERE k.id = kiosk;
    END IF;
    RETURN waits;
END
$$;

-- The event that a presented pass is for: the one that the attendant chose, until it is over; else one with an open door,
-- at which the member has a seat if possible, that runs if possible, and begins or began nearest to now; else the
-- next one of the coming day. NULL when there is none.
CREATE FUNCTION pine.kiosk_event(kiosk kiosks, member integer, at timestamptz) RETURNS integer
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    PERFORM FROM public.events AS e WHERE e.id = kiosk.event_id AND at < e.end_time;
    IF FOUND THEN
        RETURN kiosk.event_id;
    END IF;
    RETURN (
        SELECT e.id
        FROM public.events AS e
        CROSS JOIN public.settings AS s
        CROSS JOIN LATERAL (
            SELECT at >= e.start_time - pg_catalog.make_interval(mins => s.check_in_opens_minutes) AS open
        ) AS door
        WHERE coalesce(e.is_active, true)
          AND at < e.end_time
          AND (door.open OR e.start_time < at + interval '1 day')
        ORDER BY door.open DESC,
                 EXISTS (
                     SELECT FROM public.registrations AS r
                     WHERE r.event_id = e.id AND r.user_id = member
                       AND coalesce(r.status, 'registered') NOT IN ('cancelled', 'rejected')
                 ) OR EXISTS (
                     SELECT FROM public.event_attendees AS a
                     WHERE a.event_id = e.id AND a.user_id = member AND coalesce(a.status, 'attended') <> 'undone'
                 ) DESC,
                 e.start_time <= at DESC,
                 greatest(e.start_time - at, at - e.start_time),
                 e.id
        LIMIT 1
    );
END
$$;

-- A presented pass at a kiosk: what a door would do with it, and of the answer what anybody who stands there may read.
-- By the pass only: names can be guessed, passes are shown by their owners.
CREATE FUNCTION pine.kiosk_check_in(kiosk kiosks, presented text, nonce uuid, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    actor    pine.actor := pine.kiosk_actor(kiosk);
    member   public.users;
    event    public.events;
    answer   jsonb;
BEGIN
    SELECT * INTO member FROM public.users AS u WHERE u.pass_code = pine.read_pass_code(presented);
    IF member.id IS NULL THEN
        UPDATE public.kiosks AS k
        SET misses = pine.faded(k.misses, k.last_miss, at) + 1, last_miss = at
        WHERE k.id = kiosk.id;
    END IF;
    SELECT * INTO event FROM public.events AS e WHERE e.id = pine.kiosk_event(kiosk, member.id, at);
    IF event.id IS NULL THEN
        RETURN pg_catalog.jsonb_build_object(
            'outcome', CASE WHEN member.id IS NULL THEN 'unknown_code' ELSE 'closed' END, 'at', at);
    END IF;
    IF event.has_check_out THEN
        answer := pine.come_back(actor, event, member, presented, nonce, at);
    END IF;
    IF answer IS NULL THEN
        answer := pine.check_in(actor, event, member, presented, nonce, at);
    END IF;
    RETURN pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'outcome', answer->>'outcome',
        'passage', answer->>'passage',
        'name', CASE WHEN answer->>'outcome' <> 'member_inactive' THEN pine.short_name(member.full_name) END,
        'event_title', CASE WHEN answer->>'outcome' <> 'unknown_code' THEN event.title END,
        'points', answer->'points',
        'earned', answer->'earned',
        'first_at', answer #> '{first,at}',
        'opens_at', answer->'opens_at',
        'ended_at', answer->'ended_at',
        'at', at));
END
$$;

-- An event as a page that anybody reads shows it: no person in it.
CREATE FUNCTION pine.notice(event events) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'id', event.id,
        'title', event.title,
        'location', event.location,
        'start_time', event.start_time,
        'end_time', event.end_time,
        'max_participants', event.max_participants,
        'price', nullif(event.price, 0)::text,
        'registered', coalesce(s.taken, 0),
        'waitlisted', coalesce(s.waiting, 0))
    FROM (VALUES (1)) AS always
    LEFT JOIN public.event_seats AS s ON s.event_id = event.id
$$;

-- The events of so many of the community's days from today on that are not over, by start.
CREATE FUNCTION pine.notices(days integer, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pine.notice(e) ORDER BY e.start_time, e.id), '[]')
    FROM (
        SELECT e.*
        FROM public.events AS e
        CROSS JOIN public.settings AS s
        WHERE coalesce(e.is_active, true)
          AND e.end_time > at
          AND e.start_time < ((at AT TIME ZONE s.time_zone)::date + days)::timestamp AT TIME ZONE s.time_zone
        ORDER BY e.start_time, e.id
        LIMIT 60
    ) AS e
$$;

-- Whether this is the attendant's code, with the kiosk's row held: `ok`, `refused`, or how long is still to wait. Wrong
-- codes are forgotten after a right one, or a day.
CREATE FUNCTION pine.try_pin(kiosk integer, pin text, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    held  public.kiosks;
    wrong integer;
    waits interval;
BEGIN
    SELECT * INTO held FROM public.kiosks AS k WHERE k.id = kiosk FOR NO KEY UPDATE;
    wrong := CASE WHEN held.last_wrong_pin < at - interval '1 day' THEN 0 ELSE held.wrong_pins END;
    waits := pine.wait_after_failures(wrong, held.last_wrong_pin, interval '15 minutes', at);
    IF waits > interval '0' THEN
        RETURN pg_catalog.jsonb_build_object('outcome', 'wait', 'seconds', pine.seconds_to_wait(waits));
    ELSIF held.pin_hash <> pine.pin_hash(held.pin_salt, pin) THEN
        UPDATE public.kiosks AS k SET wrong_pins = wrong + 1, last_wrong_pin = at WHERE k.id = kiosk;
        RETURN '{"outcome": "refused"}';
    END IF;
    UPDATE public.kiosks AS k SET wrong_pins = 0, last_wrong_pin = NULL, last_seen = at WHERE k.id = kiosk;
    RETURN '{"outcome": "ok"}';
END
$$;

-- A kiosk as staff read it.
CREATE FUNCTION pine.kiosk_line(kiosk integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'id', k.id, 'name', k.name, 'is_active', k.is_active, 'login_role', k.login_role,
        'event_id', k.event_id, 'enrolled_by', k.enrolled_by, 'enrolled_at', k.enrolled_at,
        'joined_at', k.joined_at, 'last_seen', k.last_seen, 'retired_at', k.retired_at)
    FROM public.kiosks AS k
    WHERE k.id = kiosk
$$;

CREATE FUNCTION pine.rename_kiosk(actor pine.actor, kiosk integer, name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    before text;
BEGIN
    SELECT k.name INTO before FROM public.kiosks AS k WHERE k.id = kiosk AND k.is_active FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such kiosk.' USING ERRCODE = 'PT404';
    END IF;
    PERFORM pine.check_kiosk_name(kiosk, name);
    UPDATE public.kiosks AS k SET name = pg_catalog.btrim(rename_kiosk.name) WHERE k.id = kiosk;
    PERFORM pine.audit(actor, 'kiosk_rename', 'kiosk', kiosk, pg_catalog.jsonb_build_object('name', before),
                       pg_catalog.jsonb_build_object('name', pg_catalog.btrim(name)));
    RETURN pine.kiosk_line(kiosk);
END
$$;
