-- Bonuses of weeks that nobody attended, and such of which bonus and ledger tell different things.
SELECT format('member %s, week of %s: a bonus stands, and no event of that week was attended', b.user_id, b.monday)
FROM week_bonuses AS b
CROSS JOIN settings AS s
WHERE b.reversed_at IS NULL
  AND NOT EXISTS (
      SELECT
      FROM event_attendees AS a
      JOIN events AS e ON e.id = a.event_id
      WHERE a.user_id = b.user_id AND coalesce(a.status, 'attended') <> 'undone'
        AND pine.monday(e.start_time, s.time_zone) = b.monday
  )
UNION ALL
SELECT format('member %s, week of %s: the bonus %s, and row %s of the ledger says otherwise', b.user_id, b.monday,
              CASE WHEN b.reversed_at IS NULL THEN 'stands' ELSE 'was taken back' END, b.transaction_id)
FROM week_bonuses AS b
WHERE (b.reversed_at IS NULL) = EXISTS (SELECT FROM points_transactions AS r WHERE r.reverses_id = b.transaction_id)
LIMIT 1000
