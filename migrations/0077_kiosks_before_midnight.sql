-- The events of so many of the community's days from today on that are not over, by start; and whatever has its door open
-- by now, though it begins after midnight.
CREATE OR REPLACE FUNCTION pine.notices(days integer, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pine.notice(e) ORDER BY e.start_time, e.id), '[]')
    FROM (
        SELECT e.*
        FROM public.events AS e
        CROSS JOIN public.settings AS s
        WHERE coalesce(e.is_active, true)
          AND e.end_time > at
          AND e.start_time < greatest(
              ((at AT TIME ZONE s.time_zone)::date + days)::timestamp AT TIME ZONE s.time_zone,
              at + pg_catalog.make_interval(mins => s.check_in_opens_minutes))
        ORDER BY e.start_time, e.id
        LIMIT 60
    ) AS e
$$;
