-- Every member has the points of the old ledger, or of the old balance where that was more; nothing was paid anew, and
-- nothing is left to be celebrated.
SELECT format('member %s has %s points to spend instead of %s', u.id, coalesce(t.spendable, 0), w.points)
FROM public.users AS u
JOIN old_users AS o ON o.id = u.id
LEFT JOIN public.user_totals AS t ON t.user_id = u.id
LEFT JOIN (SELECT p.user_id, sum(p.points) AS points FROM old_points_transactions AS p GROUP BY p.user_id) AS l
    ON l.user_id = u.id
CROSS JOIN LATERAL (SELECT greatest(coalesce(o.points, coalesce(l.points, 0)), coalesce(l.points, 0))) AS w (points)
WHERE coalesce(t.spendable, 0) <> w.points
UNION ALL
SELECT format('row %s of the ledger came from nowhere', p.id)
FROM public.points_transactions AS p
WHERE NOT EXISTS (SELECT FROM old_points_transactions AS o WHERE o.id = p.id AND o.points = p.points AND o.user_id = p.user_id)
  AND p.description IS DISTINCT FROM 'Balance brought along that its ledger does not explain'
UNION ALL
SELECT format('member %s would be told of what is old', u.id)
FROM public.users AS u
WHERE u.celebrated_through < (SELECT max(p.id) FROM public.points_transactions AS p)
UNION ALL
SELECT format('member %s would be paid for level %s of badge %s', d.user_id, d.level, d.badge_id)
FROM pine.levels_due() AS d
LIMIT 20
