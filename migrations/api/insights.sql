-- The community in numbers, for staff. What each number counts stands with the functions in pine (0057).

-- The weeks from the one of day `first` on: attendance by type, money, seats, no-shows, new members by week; money by
-- channel for all of them.
CREATE FUNCTION api.insights(token bytea, first date, weeks integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    at    timestamptz := pine.clock();
    span  pine.span := pine.span(first, weeks);
BEGIN
    RETURN (
        WITH attended AS MATERIALIZED (
            SELECT a.monday, a.event_type, count(*) AS people
            FROM pine.attended_in(span) AS a
            GROUP BY a.monday, a.event_type
        ), types AS MATERIALIZED (
            SELECT o.event_type, row_number() OVER (ORDER BY t.position NULLS LAST, o.event_type) AS place
            FROM (SELECT DISTINCT a.event_type FROM attended AS a) AS o
            LEFT JOIN public.event_types AS t ON t.name = o.event_type
        ), money AS MATERIALIZED (
            SELECT m.monday, m.channel, count(m.taken) AS payments, coalesce(sum(m.taken), 0) AS taken,
                   count(m.refunded) AS refunds, coalesce(sum(m.refunded), 0) AS refunded
            FROM pine.money_in(span) AS m
            GROUP BY m.monday, m.channel
        ), seats AS MATERIALIZED (
            SELECT o.monday, count(o.seats) AS limited, sum(o.seats) AS seats,
                   sum(o.taken) FILTER (WHERE o.seats IS NOT NULL) AS taken
            FROM pine.events_over_in(span, at) AS o
            GROUP BY o.monday
        ), held AS MATERIALIZED (
            SELECT h.monday, count(*) AS held, count(*) FILTER (WHERE NOT h.came) AS missed
            FROM pine.held_in(span, at) AS h
            GROUP BY h.monday
        ), joined AS MATERIALIZED (
            SELECT j.monday, count(*) AS joined, count(*) FILTER (WHERE j.came) AS came
            FROM pine.joined_in(span) AS j
            GROUP BY j.monday
        )
        SELECT jsonb_build_object(
            'first', span.monday,
            'types', (SELECT coalesce(jsonb_agg(t.event_type ORDER BY t.place), '[]') FROM types AS t),
            'weeks', jsonb_agg(jsonb_build_object(
                'monday', w.monday,
                'attended', (SELECT coalesce(jsonb_agg(coalesce(a.people, 0) ORDER BY t.place), '[]')
                             FROM types AS t
                             LEFT JOIN attended AS a ON a.event_type = t.event_type AND a.monday = w.monday),
                'taken', coalesce(m.taken, 0)::numeric(16, 2)::text,
                'refunded', coalesce(m.refunded, 0)::numeric(16, 2)::text,
                'limited', coalesce(s.limited, 0), 'seats', coalesce(s.seats, 0), 'seats_taken', coalesce(s.taken, 0),
                'held', coalesce(h.held, 0), 'missed', coalesce(h.missed, 0),
                'joined', coalesce(j.joined, 0), 'came', coalesce(j.came, 0)
            ) ORDER BY w.monday),
            'channels', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'channel', c.channel, 'payments', c.payments, 'taken', c.taken::numeric(16, 2)::text,
                    'refunds', c.refunds, 'refunded', c.refunded::numeric(16, 2)::text)
                    ORDER BY c.taken - c.refunded DESC, c.channel), '[]')
                FROM (
                    SELECT o.channel, sum(o.payments) AS payments, sum(o.taken) AS taken,
                           sum(o.refunds) AS refunds, sum(o.refunded) AS refunded
                    FROM money AS o
                    GROUP BY o.channel
                ) AS c)
        )
        FROM (SELECT span.monday + 7 * n AS monday FROM generate_series(0, span.weeks - 1) AS n) AS w
        LEFT JOIN (
            SELECT o.monday, sum(o.taken) AS taken, sum(o.refunded) AS refunded FROM money AS o GROUP BY o.monday
        ) AS m ON m.monday = w.monday
        LEFT JOIN seats AS s ON s.monday = w.monday
        LEFT JOIN held AS h ON h.monday = w.monday
        LEFT JOIN joined AS j ON j.monday = w.monday
    );
END
$$;

-- Streaks of the same weeks: held, kept, begun, lost and open in each; and how long those are that are held at the end.
CREATE FUNCTION api.streak_health(token bytea, first date, weeks integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    span  pine.span := pine.span(first, weeks);
BEGIN
    RETURN (
        WITH streaks AS MATERIALIZED (
            SELECT s.state, s.week, s.run FROM pine.streaks_in(span, pine.clock()) AS s
        )
        SELECT jsonb_build_object(
            'weeks', (
                SELECT jsonb_agg(to_jsonb(l) ORDER BY l.monday)
                FROM (
                    SELECT span.monday + 7 * n AS monday,
                           count(*) FILTER (WHERE s.state = 'held') AS held,
                           count(*) FILTER (WHERE s.state = 'kept') AS kept,
                           count(*) FILTER (WHERE s.state = 'begun') AS begun,
                           count(*) FILTER (WHERE s.state = 'lost') AS lost,
                           count(*) FILTER (WHERE s.state = 'open') AS open
                    FROM generate_series(0, span.weeks - 1) AS n
                    LEFT JOIN streaks AS s ON s.week = span.monday + 7 * n
                    GROUP BY n
                ) AS l),
            'lengths', (
                SELECT jsonb_agg(jsonb_build_object('least', b.least, 'members', b.members) ORDER BY b.least)
                FROM (
                    SELECT v.least, count(s.week) AS members
                    FROM (VALUES (2), (4), (8), (16), (26)) AS v (least)
                    LEFT JOIN streaks AS s ON s.state = 'held' AND pine.streak_step(s.run) = v.least
                        AND s.week = least(span.monday + 7 * (span.weeks - 1), pine.monday(pine.clock(), span.zone))
                    GROUP BY v.least
                ) AS b)
        )
    );
END
$$;

-- A page of the rows behind a number of these weeks; see pine.insight_rows. `after` is the page before's `next`.
CREATE FUNCTION api.insight_rows(
    token bytea, first date, weeks integer, subject text, part text, after jsonb, most integer
) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor     pine.actor := pine.who_of_staff(token);
    after_key numeric;
    after_id  bigint;
BEGIN
    IF after IS NOT NULL THEN
        IF after ->> 'key' !~ '^-?[0-9]{1,20}(\.[0-9]{1,9})?$' OR after ->> 'id' !~ '^[0-9]{1,18}$'
            OR after ->> 'key' IS NULL OR after ->> 'id' IS NULL THEN
            PERFORM pine.refuse_value('after', 'That is no end of a page.');
        END IF;
        after_key := (after ->> 'key')::numeric;
        after_id := (after ->> 'id')::bigint;
    END IF;
    RETURN pine.insight_rows(pine.span(first, weeks), subject, part, after_key, after_id, most, pine.clock());
END
$$;

GRANT EXECUTE ON FUNCTION
    api.insights(bytea, date, integer),
    api.streak_health(bytea, date, integer),
    api.insight_rows(bytea, date, integer, text, text, jsonb, integer)
    TO pine_staff;
