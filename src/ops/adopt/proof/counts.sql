-- Every old row is there, or a note says why it is not.
SELECT format('%s: %s old rows are neither here nor told of', d.name, d.rows)
FROM (
    SELECT 'users', (SELECT count(*) FROM old_users AS o WHERE NOT EXISTS (SELECT FROM public.users AS n WHERE n.id = o.id))
    UNION ALL
    SELECT 'events', (SELECT count(*) FROM old_events AS o WHERE NOT EXISTS (SELECT FROM public.events AS n WHERE n.id = o.id))
    UNION ALL
    SELECT 'registrations', (SELECT count(*) FROM old_registrations AS o
        WHERE NOT EXISTS (SELECT FROM public.registrations AS n WHERE n.id = o.id)
          AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'registrations' AND t.id = o.id))
    UNION ALL
    SELECT 'event_attendees', (SELECT count(*) FROM old_event_attendees AS o
        WHERE NOT EXISTS (SELECT FROM public.event_attendees AS n WHERE n.id = o.id)
          AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'event_attendees' AND t.id = o.id))
    UNION ALL
    SELECT 'payment', (SELECT count(*) FROM old_payment AS o
        WHERE NOT EXISTS (SELECT FROM public.payment AS n WHERE n.id = o.id)
          AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'payment' AND t.id = o.id))
    UNION ALL
    SELECT 'badges', (SELECT count(*) FROM old_badges AS o WHERE NOT EXISTS (SELECT FROM public.badges AS n WHERE n.id = o.id))
    UNION ALL
    SELECT 'user_badges', (SELECT count(*) FROM old_user_badges AS o
        WHERE NOT EXISTS (SELECT FROM public.user_badges AS n WHERE n.id = o.id)
          AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'user_badges' AND t.id = o.id))
    UNION ALL
    SELECT 'points_transactions', (SELECT count(*) FROM old_points_transactions AS o
        WHERE NOT EXISTS (SELECT FROM public.points_transactions AS n WHERE n.id = o.id)
          AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'points_transactions' AND t.id = o.id))
) AS d (name, rows)
WHERE d.rows <> 0
