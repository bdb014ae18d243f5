-- What the community looks like in numbers, week by week, and the rows behind every number. A number and its rows come
-- from the same function here, so that they cannot differ.
--
-- What is counted:
-- · A week is Monday to Sunday in the community's zone. Everything about an event counts in the week in which it starts.
-- · Attended: attendances that were not taken back, whatever became of the event.
-- · Revenue: money that came in (pine.counts) in the week in which it came, less what was given back in the week in which
--   it was given back. Voided is neither.
-- · Fill rate: seats held over seats there were, at events that are over, were not cancelled and had a limit. Above 100 %
--   where the door let in more. Events without a limit have no fill rate.
-- · No-show: who held a seat (`registered`) at an event that is over and was not cancelled, and has no attendance.
-- · New member: an account made in the week that is no staff's. `came` are those of them who have attended by now.
-- · Streak: at least two weeks in a row with an attended event (pine.follows). It is kept in a week with an attended event,
--   lost in a week that is over without one, and open in the running week until there is one.

-- Weeks, whole ones, and the moments between which they lie.
CREATE TYPE pine.span AS (monday date, weeks integer, zone text, since timestamptz, until timestamptz);

-- So many weeks from the one of a day on.
CREATE FUNCTION pine.span(first date, weeks integer) RETURNS pine.span
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    span pine.span;
BEGIN
    IF first IS NULL OR first NOT BETWEEN '1990-01-01' AND '2200-01-01' THEN
        PERFORM pine.refuse_value('first', 'The first week has to be between 1990 and 2200.');
    ELSIF weeks IS NULL OR weeks NOT BETWEEN 1 AND 53 THEN
        PERFORM pine.refuse_value('weeks', 'A range has 1 to 53 weeks.');
    END IF;
    span.monday := pg_catalog.date_trunc('week', first::timestamp)::date;
    span.weeks := weeks;
    SELECT s.time_zone INTO span.zone FROM public.settings AS s;
    span.since := span.monday::timestamp AT TIME ZONE span.zone;
    span.until := (span.monday + 7 * weeks)::timestamp AT TIME ZONE span.zone;
    RETURN span;
END
$$;

CREATE INDEX users_created_at ON users (created_at);

-- Attendances that stand.
CREATE FUNCTION pine.attended_in(span pine.span)
    RETURNS TABLE (id integer, user_id integer, event_id integer, event_type text, start_time timestamptz, monday date)
    LANGUAGE sql STABLE
AS $$
    SELECT a.id, a.user_id, e.id, e.event_type::text, e.start_time, pine.monday(e.start_time, span.zone)
    FROM public.events AS e
    JOIN public.event_attendees AS a ON a.event_id = e.id
    WHERE e.start_time >= span.since AND e.start_time < span.until
      AND coalesce(a.status, 'attended') <> 'undone'
$$;

-- Money that came in and money that was given back. `number` tells the rows of both tables apart.
CREATE FUNCTION pine.money_in(span pine.span)
    RETURNS TABLE (number bigint, user_id integer, event_id integer, channel text, at timestamptz, monday date,
                   taken numeric, refunded numeric)
    LANGUAGE sql STABLE
AS $$
    SELECT 2 * p.id::bigint, p.user_id, p.event_id, p.payment_channel::text, p.payment_date AT TIME ZONE 'UTC',
           pine.monday(p.payment_date AT TIME ZONE 'UTC', span.zone), p.amount_paid, NULL
    FROM public.payment AS p
    WHERE pine.counts(p)
      AND p.payment_date >= span.since AT TIME ZONE 'UTC' AND p.payment_date < span.until AT TIME ZONE 'UTC'
    UNION ALL
    SELECT 2 * f.id::bigint + 1, p.user_id, p.event_id, f.refund_channel::text, f.refunded_at,
           pine.monday(f.refunded_at, span.zone), NULL, f.amount
    FROM public.refunds AS f
    JOIN public.payment AS p ON p.id = f.payment_id
    WHERE f.voided_at IS NULL AND f.refunded_at >= span.since AND f.refunded_at < span.until
$$;

-- Events that are over and were not cancelled; `seats` is NULL for those without a limit.
CREATE FUNCTION pine.events_over_in(span pine.span, at timestamptz)
    RETURNS TABLE (event_id integer, start_time timestamptz, monday date, seats integer, taken integer)
    LANGUAGE sql STABLE
AS $$
    SELECT e.id, e.start_time, pine.monday(e.start_time, span.zone), nullif(e.max_participants, 0), s.taken
    FROM public.events AS e
    JOIN public.event_seats AS s ON s.event_id = e.id
    WHERE e.start_time >= span.since AND e.start_time < span.until
      AND e.end_time <= at AND coalesce(e.is_active, true)
$$;

-- Who held a seat at them, and whether they came.
CREATE FUNCTION pine.held_in(span pine.span, at timestamptz)
    RETURNS TABLE (id integer, user_id integer, event_id integer, start_time timestamptz, monday date, came boolean)
    LANGUAGE sql STABLE
AS $$
    SELECT r.id, r.user_id, r.event_id, o.start_time, o.monday,
           a.id IS NOT NULL AND coalesce(a.status, 'attended') <> 'undone'
    FROM pine.events_over_in(span, at) AS o
    JOIN public.registrations AS r ON r.event_id = o.event_id
    LEFT JOIN public.event_attendees AS a ON a.event_id = r.event_id AND a.user_id = r.user_id
    WHERE coalesce(r.status, 'registered') = 'registered'
$$;

-- Accounts that were made, but for the staff's.
CREATE FUNCTION pine.joined_in(span pine.span)
    RETURNS TABLE (user_id integer, created_at timestamptz, monday date, came boolean)
    LANGUAGE sql STABLE
AS $$
    SELECT u.id, u.created_at, pine.monday(u.created_at, span.zone),
           EXISTS (SELECT FROM public.event_attendees AS a
                   WHERE a.user_id = u.id AND coalesce(a.status, 'attended') <> 'undone')
    FROM public.users AS u
    WHERE u.created_at >= span.since AND u.created_at < span.until AND pine.user_type(u) = 'regular'
$$;

-- Attended weeks of streaks, members' one after the other: `run` is the length of the streak up to the week, `stops` the
-- Monday from which on the week does not carry it any more (the next attended week does, or none), `breaks` the Monday of
-- the week that ends it for want of an attended event; NULL where another attended week follows. All there are of whoever
-- has had a streak at some time of the span.
CREATE FUNCTION pine.streak_weeks(span pine.span, at timestamptz)
    RETURNS TABLE (user_id integer, monday date, run integer, stops date, breaks date)
    LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    skips boolean := (SELECT s.skip_weeks_without_events FROM public.settings AS s);
    this  date := pine.monday(at, span.zone);
    -- Who came in no week since this one has nothing to keep or lose in the span.
    least date := span.monday - 7;
BEGIN
    IF skips THEN
        SELECT coalesce(max(pine.monday(e.start_time, span.zone)), least) INTO least
        FROM public.events AS e
        WHERE coalesce(e.is_active, true) AND e.start_time < span.since;
    END IF;
    RETURN QUERY
    WITH held AS MATERIALIZED (
        -- Few events, many attendances: the week is asked of the event.
        SELECT e.id, pine.monday(e.start_time, span.zone) AS monday, coalesce(e.is_active, true) AS is_active
        FROM public.events AS e
        WHERE e.start_time < span.until + interval '7 days'
    ), came AS MATERIALIZED (
        SELECT a.user_id, h.monday
        FROM held AS h
        JOIN public.event_attendees AS a ON a.event_id = h.id
        WHERE coalesce(a.status, 'attended') <> 'undone'
        GROUP BY a.user_id, h.monday
    ), weeks AS MATERIALIZED (
        -- Weeks with an event that was not cancelled: how many before, and how many up to it.
        SELECT w.monday,
               sum(w.is_active::integer) OVER (ORDER BY w.monday) - w.is_active::integer AS before,
               sum(w.is_active::integer) OVER (ORDER BY w.monday) AS through,
               min(w.monday) FILTER (WHERE w.is_active)
                   OVER (ORDER BY w.monday ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_active
        FROM (SELECT h.monday, bool_or(h.is_active) AS is_active FROM held AS h GROUP BY h.monday) AS w
    ), steps AS (
        SELECT c.user_id, c.monday, w.before, w.through, w.next_active,
               lag(c.monday) OVER mine AS was, lag(w.through) OVER mine AS was_through,
               lead(c.monday) OVER mine AS next, lead(w.before) OVER mine AS next_before
        FROM came AS c
        JOIN weeks AS w ON w.monday = c.monday
        WHERE c.user_id IN (SELECT r.user_id FROM came AS r WHERE r.monday >= least)
        WINDOW mine AS (PARTITION BY c.user_id ORDER BY c.monday)
    ), linked AS (
        SELECT s.user_id, s.monday, s.next_active, s.next,
               coalesce(s.monday - s.was = 7 OR skips AND s.before = s.was_through, false) AS follows,
               coalesce(s.next - s.monday = 7 OR skips AND s.next_before = s.through, false) AS is_followed
        FROM steps AS s
    ), islands AS (
        SELECT l.*, count(*) FILTER (WHERE NOT l.follows)
                        OVER (PARTITION BY l.user_id ORDER BY l.monday) AS island
        FROM linked AS l
    ), runs AS (
        SELECT i.*, (row_number() OVER (PARTITION BY i.user_id, i.island ORDER BY i.monday))::integer AS run,
               CASE
                   WHEN i.is_followed THEN NULL
                   WHEN skips THEN i.next_active
                   ELSE i.monday + 7
               END AS breaks
        FROM islands AS i
    )
    SELECT r.user_id, r.monday, r.run,
           CASE
               WHEN r.is_followed THEN r.next
               -- The running week breaks nothing.
               WHEN r.breaks = this THEN this + 7
               ELSE coalesce(r.breaks, 'infinity')
           END,
           r.breaks
    FROM runs AS r
    WHERE r.run >= 2;
END
$$;

-- Streaks in the weeks of a span: what is held at the end of each (or now), and what became of them in it.
CREATE FUNCTION pine.streaks_in(span pine.span, at timestamptz)
    RETURNS TABLE (state text, week date, user_id integer, run integer)
    LANGUAGE sql STABLE
AS $$
    WITH steps AS MATERIALIZED (
        SELECT * FROM pine.streak_weeks(span, at)
    ), weeks AS (
        SELECT span.monday + 7 * n AS monday, pine.monday(at, span.zone) AS this
        FROM pg_catalog.generate_series(0, span.weeks - 1) AS n
    )
    SELECT 'held', w.monday, s.user_id, s.run
    FROM weeks AS w
    JOIN steps AS s ON s.monday <= w.monday AND s.stops > w.monday
    WHERE w.monday <= w.this
    UNION ALL
    SELECT CASE WHEN s.run > 2 THEN 'kept' ELSE 'begun' END, w.monday, s.user_id, s.run
    FROM weeks AS w
    JOIN steps AS s ON s.monday = w.monday
    WHERE w.monday <= w.this
    UNION ALL
    SELECT CASE WHEN w.monday < w.this THEN 'lost' ELSE 'open' END, w.monday, s.user_id, s.run
    FROM weeks AS w
    JOIN steps AS s ON s.breaks = w.monday
    WHERE w.monday <= w.this
$$;

-- A page of the rows behind a number, newest first, the longest streak first. `part` narrows them to an event type, a
-- channel, or streaks of this length and those up to the next step (2, 4, 8, 16, 26).
CREATE FUNCTION pine.insight_rows(
    span pine.span, subject text, part text, after_key numeric, after_id bigint, most integer, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
#variable_conflict use_column
DECLARE
    page integer := greatest(1, least(most, 5000));
BEGIN
    IF subject IS NULL OR subject NOT IN (
        'attended', 'money', 'taken', 'refunded', 'limited', 'held_seats', 'no_shows', 'joined', 'came',
        'streaks_held', 'streaks_kept', 'streaks_begun', 'streaks_lost', 'streaks_open')
    THEN
        PERFORM pine.refuse_value('subject', 'There are no such rows.');
    END IF;
    RETURN (
        WITH rows AS MATERIALIZED (
            SELECT a.id::bigint AS id, extract(epoch FROM a.start_time)::numeric AS key, a.user_id, a.event_id,
                   a.start_time AS at, NULL::text AS what, NULL::numeric AS amount, NULL::integer AS count,
                   NULL::integer AS of
            FROM pine.attended_in(span) AS a
            WHERE subject = 'attended' AND (part IS NULL OR a.event_type = part)
            UNION ALL
            SELECT m.number, extract(epoch FROM m.at), m.user_id, m.event_id, m.at, m.channel,
                   coalesce(m.taken, -m.refunded), NULL, NULL
            FROM pine.money_in(span) AS m
            WHERE (subject = 'money' OR subject = 'taken' AND m.taken IS NOT NULL
                   OR subject = 'refunded' AND m.refunded IS NOT NULL)
              AND (part IS NULL OR m.channel = part)
            UNION ALL
            SELECT o.event_id, extract(epoch FROM o.start_time), NULL, o.event_id, o.start_time, NULL, NULL, o.taken, o.seats
            FROM pine.events_over_in(span, at) AS o
            WHERE subject = 'limited' AND o.seats IS NOT NULL
            UNION ALL
            SELECT h.id, extract(epoch FROM h.start_time), h.user_id, h.event_id, h.start_time,
                   CASE WHEN h.came THEN 'came' ELSE 'no_show' END, NULL, NULL, NULL
            FROM pine.held_in(span, at) AS h
            WHERE subject = 'held_seats' OR subject = 'no_shows' AND NOT h.came
            UNION ALL
            SELECT j.user_id, extract(epoch FROM j.created_at), j.user_id, NULL, j.created_at,
                   CASE WHEN j.came THEN 'came' END, NULL, NULL, NULL
            FROM pine.joined_in(span) AS j
            WHERE subject = 'joined' OR subject = 'came' AND j.came
            UNION ALL
            -- The week tells two streaks of one member and one length apart.
            SELECT s.user_id::bigint * 100000 + (s.week - date '1990-01-01'), s.run, s.user_id, NULL,
                   s.week::timestamp AT TIME ZONE span.zone, NULL, NULL, s.run, NULL
            FROM pine.streaks_in(span, at) AS s
            WHERE subject LIKE 'streaks_%' AND subject = 'streaks_' || s.state
              AND (part IS NULL OR pine.streak_step(s.run)::text = part)
        ), picked AS (
            SELECT r.*, row_number() OVER (ORDER BY r.key DESC, r.id DESC) AS number
            FROM rows AS r
            WHERE after_key IS NULL OR (r.key, r.id) < (after_key, after_id)
            ORDER BY r.key DESC, r.id DESC
            LIMIT page + 1
        )
        SELECT pg_catalog.jsonb_build_object(
            'total', (SELECT count(*) FROM rows),
            'rows', coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'id', p.id,
                'at', p.at,
                'member', CASE WHEN u.id IS NOT NULL THEN pg_catalog.jsonb_build_object(
                    'id', u.id, 'username', u.username, 'full_name', u.full_name) END,
                'event_id', e.id,
                'title', e.title,
                'event_type', e.event_type,
                'what', p.what,
                'amount', p.amount::numeric(16, 2)::text,
                'count', p.count,
                'of', p.of
            ) ORDER BY p.number) FILTER (WHERE p.number <= page), '[]'),
            'next', (SELECT pg_catalog.jsonb_build_object('key', l.key::text, 'id', l.id)
                     FROM picked AS l
                     WHERE l.number = page AND EXISTS (SELECT FROM picked AS m WHERE m.number > page)))
        FROM picked AS p
        LEFT JOIN public.users AS u ON u.id = p.user_id
        LEFT JOIN public.events AS e ON e.id = p.event_id
    );
END
$$;

-- The step of a streak's length: 2, 4, 8, 16 or 26 weeks and those up to the next.
CREATE FUNCTION pine.streak_step(run integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN run < 4 THEN 2 WHEN run < 8 THEN 4 WHEN run < 16 THEN 8 WHEN run < 26 THEN 16 ELSE 26 END
$$;
