-- Points of attendances that are over: paid, not taken back, and nobody attended.
SELECT format('member %s: row %s of the ledger pays an attendance at event %s that was taken back', p.user_id, p.id, p.event_id)
FROM points_transactions AS p
WHERE p.transaction_type = 'event_attendance' AND p.source_key LIKE 'attendance:%'
  AND NOT EXISTS (SELECT FROM points_transactions AS r WHERE r.reverses_id = p.id)
  AND NOT EXISTS (
      SELECT FROM event_attendees AS a
      WHERE a.user_id = p.user_id AND a.event_id = p.event_id AND coalesce(a.status, 'attended') <> 'undone'
        AND p.source_key = format('attendance:%s:%s:%s', a.event_id, a.user_id, a.generation)
  )
LIMIT 1000
