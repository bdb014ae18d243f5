-- Doors that see each other: who stands at which event's door, when people came, and a hint to the other doors when
-- something has happened at one.

-- At which event's door a session has the check-in screen open, and until when that holds unless it is said again.
ALTER TABLE sessions
    ADD COLUMN door_event_id integer REFERENCES events (id),
    ADD COLUMN door_until    timestamptz;

CREATE INDEX sessions_door_event_id ON sessions (door_event_id) WHERE door_event_id IS NOT NULL;
-- Somebody's newest session at a terminal.
CREATE INDEX sessions_user_id_device_id ON sessions (user_id, device, id);

-- A terminal says once a minute where it stands; one that says nothing any more is gone after two and a half. NULL: at
-- no door any more.
CREATE FUNCTION pine.stand_at_door(actor pine.actor, event integer, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.sessions AS s
    SET door_event_id = event,
        door_until = CASE WHEN event IS NULL THEN at ELSE at + interval '150 seconds' END,
        last_active = at
    WHERE s.id = actor.session_id
$$;

-- Who is at an event's door: the sessions that stand there, and the one that asks; besides, whoever has let people
-- through in the last five minutes without a screen, as the command line does. A person is at a terminal once: one that was
-- killed and started again has left a session behind for a while.
CREATE FUNCTION pine.at_the_door(event integer, asking bigint, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    WITH standing AS (
        SELECT s.device, coalesce(u.full_name, s.owner_name) AS operator, s.id = asking AS is_you
        FROM public.sessions AS s
        LEFT JOIN public.users AS u ON u.id = s.user_id
        WHERE (s.id = asking OR (s.door_event_id = event AND s.door_until > at_the_door.at))
          AND s.ended_at IS NULL
          AND s.expires_at > at_the_door.at
    ),
    working AS (
        SELECT l.device, coalesce(u.full_name, l.operator) AS operator, false AS is_you
        FROM (
            SELECT DISTINCT newest.device, newest.operator_id, newest.operator
            FROM (
                SELECT l.at, l.device, l.operator_id, l.operator
                FROM public.check_in_log AS l
                WHERE l.event_id = event
                ORDER BY l.id DESC
                LIMIT 50
            ) AS newest
            WHERE newest.at > at_the_door.at - interval '5 minutes'
        ) AS l
        LEFT JOIN public.users AS u ON u.id = l.operator_id
        -- Whoever has a screen says where they stand, and when they have gone: their newest session knows.
        WHERE coalesce((
            SELECT s.id <> asking AND s.door_until IS NULL AND s.ended_at IS NULL
            FROM public.sessions AS s
            WHERE s.user_id = l.operator_id AND s.device = l.device
            ORDER BY s.user_id DESC, s.device DESC, s.id DESC
            LIMIT 1
        ), true)
    )
    SELECT coalesce(
        pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object('device', p.device, 'operator', p.operator, 'is_you', p.is_you)
            ORDER BY p.device, p.operator),
        '[]')
    FROM (
        SELECT p.device, p.operator, pg_catalog.bool_or(p.is_you) AS is_you
        FROM (SELECT * FROM standing UNION ALL SELECT * FROM working) AS p
        GROUP BY p.device, p.operator
    ) AS p
$$;

-- How many came in the last minute, and in each of the last thirty minutes of the clock, the running one last. Told by
-- attendance, so that whoever was taken back has not come, and who was queued came when they stood there.
CREATE FUNCTION pine.arrivals(event integer, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    WITH came AS (
        SELECT a.check_in_time AS came_at
        FROM public.event_attendees AS a
        WHERE a.event_id = event
          AND a.check_in_time >= pg_catalog.date_trunc('minute', arrivals.at) - interval '29 minutes'
          AND a.check_in_time <= arrivals.at
          AND coalesce(a.status, 'attended') <> 'undone'
    )
    SELECT pg_catalog.jsonb_build_object(
        'last_minute', (SELECT count(*) FROM came AS c WHERE c.came_at > arrivals.at - interval '1 minute'),
        'minutes', (
            SELECT pg_catalog.jsonb_agg(coalesce(c.people, 0) ORDER BY m.minute)
            FROM pg_catalog.generate_series(
                pg_catalog.date_trunc('minute', arrivals.at) - interval '29 minutes',
                pg_catalog.date_trunc('minute', arrivals.at),
                interval '1 minute') AS m (minute)
            LEFT JOIN (
                SELECT pg_catalog.date_trunc('minute', c.came_at) AS minute, count(*) AS people
                FROM came AS c
                GROUP BY 1
            ) AS c USING (minute)
        )
    )
$$;

-- When the last hint about an event was sent. Worth nothing after a crash, so nothing of it is logged ahead.
CREATE UNLOGGED TABLE pine.hints (
    event_id integer     PRIMARY KEY,
    sent_at  timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Tells the other doors that something happened at this event's: NOTIFY with its id, once the transaction commits. It is a
-- hint and no more; every door looks for itself besides. A commit that notifies holds a lock that all such commits of
-- the server share, so there are at most four a second for an event: whoever finds another one at it, or the last not
-- yet a quarter of a second old, sends nothing. By the machine's clock: this is about load and no rule of the house.
--
-- Nobody stays outside for want of a hint: whatever fails here is logged and forgotten. A queue that somebody has left to
-- fill up would fail the commit itself, where nothing can be caught; so nothing is sent when it is half full.
CREATE FUNCTION pine.send_hint() RETURNS trigger
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at   timestamptz := pg_catalog.clock_timestamp();
    last timestamptz;
BEGIN
    IF NOT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('pine-time hint'), NEW.event_id) THEN
        RETURN NULL;
    END IF;
    SELECT h.sent_at INTO last FROM pine.hints AS h WHERE h.event_id = NEW.event_id;
    -- A moment that lies ahead is of a clock that has been put back since.
    IF last > at - interval '250 milliseconds' AND last <= at THEN
        RETURN NULL;
    END IF;
    INSERT INTO pine.hints (event_id, sent_at)
    VALUES (NEW.event_id, at)
    ON CONFLICT (event_id) DO UPDATE SET sent_at = excluded.sent_at;
    IF pg_catalog.pg_notification_queue_usage() < 0.5 THEN
        PERFORM pg_catalog.pg_notify('pine_door', NEW.event_id::text);
    END IF;
    RETURN NULL;
EXCEPTION
    WHEN OTHERS THEN
        RAISE LOG 'no hint was sent about event %: %', NEW.event_id, SQLERRM;
        RETURN NULL;
END
$$;

-- Every passage at a door writes its line: the one place that none can go past.
CREATE TRIGGER send_hint AFTER INSERT ON check_in_log
    FOR EACH ROW EXECUTE FUNCTION pine.send_hint();
