-- What is kept beside the rows is what the rows come to, and no rule of ours has an exception.
SELECT format('event %s: %s seats are taken and %s wait; the registrations say %s and %s', e.id, s.taken, s.waiting,
              r.taken, r.waiting)
FROM public.events AS e
LEFT JOIN public.event_seats AS s ON s.event_id = e.id
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE coalesce(r.status, 'registered') = 'registered') AS taken,
           count(*) FILTER (WHERE r.status = 'waitlisted')                         AS waiting
    FROM public.registrations AS r
    WHERE r.event_id = e.id
) AS r
WHERE (s.taken, s.waiting) IS DISTINCT FROM (r.taken::integer, r.waiting::integer)
UNION ALL
SELECT format('registration %s is not searched by its member''s name', r.id)
FROM public.registrations AS r
JOIN public.users AS u ON u.id = r.user_id
WHERE r.search_text <> u.search_text
UNION ALL
SELECT format('member %s holds badge %s at level %s, and %s levels of it are noted', h.user_id, h.badge_id, h.level, count(a.id))
FROM public.user_badges AS h
LEFT JOIN public.badge_awards AS a ON a.user_id = h.user_id AND a.badge_id = h.badge_id AND a.reversed_at IS NULL
GROUP BY h.user_id, h.badge_id, h.level
HAVING count(a.id) <> h.level
UNION ALL
SELECT format('the rule %s of %s does not hold for every row', c.conname, c.conrelid::regclass)
FROM pg_constraint AS c
WHERE c.connamespace IN (to_regnamespace('public'), to_regnamespace('pine')) AND NOT c.convalidated
LIMIT 20
