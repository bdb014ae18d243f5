-- Making and changing events: series, versions, cancelling with a reason, and whom a change would hurt.

ALTER TABLE events
    -- The first event of the series that this one belongs to.
    ADD COLUMN series_id     integer REFERENCES events (id),
    -- Counts what people would call a change: two editors tell by it that they began from the same event, and
    -- calendar files which of two copies is the newer.
    ADD COLUMN version       integer NOT NULL DEFAULT 1,
    ADD COLUMN changed_at    timestamptz,
    ADD COLUMN cancel_reason varchar(255);

CREATE INDEX idx_events_series_id ON events (series_id) WHERE series_id IS NOT NULL;

-- Names this community in calendar files, whatever it is called and wherever the file was written.
ALTER TABLE settings ADD COLUMN calendar_id uuid NOT NULL DEFAULT gen_random_uuid();

CREATE FUNCTION pine.count_version() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.version := OLD.version + 1;
    NEW.changed_at := pine.clock();
    RETURN NEW;
END
$$;

-- By trigger, so that whoever writes the row is counted; what only the house needs (its series, its door) is not.
CREATE TRIGGER count_version BEFORE UPDATE ON events
    FOR EACH ROW
    WHEN ((OLD.title, OLD.description, OLD.event_type, OLD.location, OLD.start_time, OLD.end_time,
           OLD.max_participants, OLD.points_reward, OLD.price, OLD.requires_approval, OLD.is_active, OLD.cancel_reason)
          IS DISTINCT FROM
          (NEW.title, NEW.description, NEW.event_type, NEW.location, NEW.start_time, NEW.end_time,
           NEW.max_participants, NEW.points_reward, NEW.price, NEW.requires_approval, NEW.is_active, NEW.cancel_reason))
    EXECUTE FUNCTION pine.count_version();

-- What an event's page shows besides: how it was planned.
CREATE FUNCTION pine.event_plan(event events) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'version', event.version,
        'changed_at', coalesce(event.changed_at, event.created_at),
        'cancel_reason', event.cancel_reason,
        'series_id', event.series_id,
        -- The event's place in its series, and how many there are.
        'series_place', (SELECT count(*) FROM public.events AS e
                         WHERE e.series_id = event.series_id
                           AND (e.start_time, e.id) <= (event.start_time, event.id)),
        'series_events', (SELECT count(*) FROM public.events AS e WHERE e.series_id = event.series_id)
    )
$$;

CREATE FUNCTION pine.planned_page(event events, viewer integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.event_page(event, viewer) || pine.event_plan(event)
$$;

-- Whom a change of an event would touch: everybody who counts on it, how many sit on seats that would no longer be
-- there, and who would be expected elsewhere at the new time but was not at the old one. `stops` is the event's end.
CREATE FUNCTION pine.change_effects(
    event events, starts timestamptz, ends timestamptz, place text, seats integer, stops boolean
) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    WITH people AS (
        SELECT r.id,
               r.user_id,
               coalesce(r.status, 'registered') AS status,
               pg_catalog.split_part(u.full_name, ' ', 1) AS name
        FROM public.registrations AS r
        JOIN public.users AS u ON u.id = r.user_id
        WHERE r.event_id = event.id
          AND coalesce(r.status, 'registered') IN ('registered', 'pending', 'waitlisted')
    ),
    clashes AS (
        SELECT p.user_id, p.name, o.title, o.start_time
        FROM people AS p
        JOIN public.registrations AS r
          ON r.user_id = p.user_id
         AND r.event_id <> event.id
         AND coalesce(r.status, 'registered') IN ('registered', 'pending', 'waitlisted')
        JOIN public.events AS o ON o.id = r.event_id
        WHERE NOT stops
          AND coalesce(o.is_active, true)
          AND (o.start_time < ends AND o.end_time > starts)
          AND NOT (o.start_time < event.end_time AND o.end_time > event.start_time)
    ),
    paid AS (
        SELECT count(*) AS payments, coalesce(pg_catalog.sum(p.amount_paid), 0) AS amount
        FROM public.payment AS p
        WHERE p.event_id = event.id AND p.voided_at IS NULL
    )
    SELECT pg_catalog.jsonb_build_object(
        'registered', (SELECT count(*) FROM people WHERE status = 'registered'),
        'pending', (SELECT count(*) FROM people WHERE status = 'pending'),
        'waitlisted', (SELECT count(*) FROM people WHERE status = 'waitlisted'),
        'over', greatest(0, (SELECT count(*) FROM people WHERE status = 'registered') - seats),
        'names', (SELECT coalesce(pg_catalog.jsonb_agg(first.name ORDER BY first.id), '[]')
                  FROM (SELECT p.id, p.name FROM people AS p ORDER BY p.id LIMIT 6) AS first),
        'clashing', (SELECT count(DISTINCT c.user_id) FROM clashes AS c),
        'clashes', (SELECT coalesce(pg_catalog.jsonb_agg(
                               pg_catalog.jsonb_build_object('name', first.name, 'title', first.title)
                               ORDER BY first.start_time, first.user_id), '[]')
                    FROM (SELECT c.* FROM clashes AS c ORDER BY c.start_time, c.user_id LIMIT 3) AS first),
        'payments', (SELECT payments FROM paid),
        'paid', (SELECT pg_catalog.round(amount, 2)::text FROM paid),
        'moves', (starts, ends) IS DISTINCT FROM (event.start_time, event.end_time),
        'relocates', pg_catalog.btrim(place) IS DISTINCT FROM event.location,
        'stops', stops
    )
$$;

CREATE FUNCTION pine.check_type_name(name text) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(name, '') !~ '[^[:space:]]' OR length(btrim(name)) > 50 THEN
        PERFORM pine.refuse_value('name', 'A type has a name of 1 to 50 characters.');
    END IF;
    RETURN btrim(name);
END
$$;

-- The community's event types in its order, and how many events are of each.
CREATE FUNCTION pine.type_lines() RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', t.name, 'events', (
               SELECT count(*) FROM public.events AS e WHERE e.event_type = t.name
           )) ORDER BY t.position, t.name), '[]')
    FROM public.event_types AS t
$$;

-- The times of an event or a series: one end for each start, each after it, the starts in order. As many as two
-- years of weeks.
CREATE FUNCTION pine.check_times(starts timestamptz[], ends timestamptz[], may_repeat boolean) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF cardinality(starts) <> cardinality(ends)
       OR cardinality(starts) > (CASE WHEN may_repeat THEN 104 ELSE 1 END)
    THEN
        PERFORM pine.refuse_value('times', 'A series has at most 104 events.');
    ELSIF EXISTS (
        SELECT
        FROM unnest(starts, ends) AS t (starts, ends)
        WHERE t.starts IS NULL OR t.ends IS NULL OR NOT isfinite(t.starts) OR NOT isfinite(t.ends)
           OR t.ends <= t.starts
    ) THEN
        PERFORM pine.refuse_value('end_time', 'The end must come after the start.');
    ELSIF EXISTS (
        SELECT
        FROM (SELECT t.starts, lag(t.starts) OVER (ORDER BY t.place) AS before
              FROM unnest(starts) WITH ORDINALITY AS t (starts, place)) AS pair
        WHERE pair.starts <= pair.before
    ) THEN
        PERFORM pine.refuse_value('times', 'The events of a series follow one another.');
    END IF;
END
$$;
