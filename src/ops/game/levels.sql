-- Levels whose facts are gone, and such of which level and ledger tell different things.
WITH facts AS MATERIALIZED (
    SELECT b.id AS badge_id, f.user_id, f.facts
    FROM badges AS b
    CROSS JOIN LATERAL pine.facts_of_all(b.rule) AS f
    WHERE b.rule IS NOT NULL
)
SELECT format('member %s: %s level %s was awarded for %s, and there are %s', a.user_id, b.name, a.level, a.threshold,
              coalesce(f.facts, 0))
FROM badges AS b
JOIN badge_awards AS a ON a.badge_id = b.id AND a.reversed_at IS NULL
LEFT JOIN facts AS f ON f.badge_id = a.badge_id AND f.user_id = a.user_id
WHERE b.rule IS NOT NULL AND a.threshold > coalesce(f.facts, 0)
UNION ALL
SELECT format('member %s: a level %s, and row %s of the ledger says otherwise', a.user_id,
              CASE WHEN a.reversed_at IS NULL THEN 'stands' ELSE 'was taken back' END, a.transaction_id)
FROM badge_awards AS a
WHERE a.transaction_id IS NOT NULL
  AND (a.reversed_at IS NULL) = EXISTS (SELECT FROM points_transactions AS r WHERE r.reverses_id = a.transaction_id)
LIMIT 1000
