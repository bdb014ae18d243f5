-- What the calendar asks besides the events: which of them have words in their text, and who is coming.

-- Events of a span that have every word somewhere in title, type, place or description, without case and accents.
-- Terminals look through what they have of an event; its description is here only, and stays here: it may have ten
-- thousand letters, and the calendar is asked again every few seconds.
CREATE FUNCTION pine.events_about(from_time timestamptz, to_time timestamptz, words text) RETURNS SETOF integer
    LANGUAGE sql STABLE
AS $$
    SELECT e.id
    FROM public.events AS e
    CROSS JOIN LATERAL (
        SELECT pine.fold(pg_catalog.concat_ws(' ', e.title, e.location, e.event_type, e.description)) AS text
        OFFSET 0  -- folded once for all words
    ) AS folded
    WHERE e.start_time < to_time AND e.end_time > from_time
      AND NOT EXISTS (
          SELECT FROM pg_catalog.regexp_split_to_table(pg_catalog.btrim(pine.fold(words)), '\s+') AS word
          WHERE pg_catalog.strpos(folded.text, word) = 0
      )
$$;

-- Who is coming, or, once the event is over, who was there. Named are those who let themselves be seen on the leaderboard,
-- and the viewer; whoever `sees_all` reads every name. The rest are counted.
CREATE FUNCTION pine.people_of(event events, viewer integer, sees_all boolean, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    WITH people AS (
        SELECT u.id, u.full_name, coalesce(u.id = viewer, false) AS is_me, came.id IS NOT NULL AS is_in,
               sees_all OR coalesce(u.id = viewer, false)
                   OR (u.show_on_leaderboard AND coalesce(u.is_active, true)) AS is_named
        FROM public.users AS u
        LEFT JOIN public.registrations AS r ON r.user_id = u.id AND r.event_id = event.id
                                           AND coalesce(r.status, 'registered') = 'registered'
        LEFT JOIN public.event_attendees AS came ON came.user_id = u.id AND came.event_id = event.id
                                                AND coalesce(came.status, 'attended') <> 'undone'
        WHERE u.id IN (SELECT r.user_id FROM public.registrations AS r WHERE r.event_id = event.id
                       UNION
                       SELECT a.user_id FROM public.event_attendees AS a WHERE a.event_id = event.id)
          AND (came.id IS NOT NULL OR (r.id IS NOT NULL AND at < event.end_time))
    ),
    named AS (
        SELECT * FROM people WHERE is_named ORDER BY NOT is_me, full_name, id LIMIT 60
    )
    SELECT pg_catalog.jsonb_build_object(
        'were_there', at >= event.end_time,
        'total', (SELECT count(*) FROM people),
        'named', (
            SELECT coalesce(
                pg_catalog.jsonb_agg(
                    pg_catalog.jsonb_build_object('full_name', n.full_name, 'is_in', n.is_in, 'is_me', n.is_me)
                    ORDER BY NOT n.is_me, n.full_name, n.id),
                '[]')
            FROM named AS n
        )
    )
$$;
