-- Totals that are not the sum of the ledger.
SELECT format('member %s: totals say %s earned and %s to spend, the ledger %s and %s',
              coalesce(t.user_id, l.user_id), coalesce(t.earned, 0), coalesce(t.spendable, 0),
              coalesce(l.earned, 0), coalesce(l.spendable, 0))
FROM user_totals AS t
FULL JOIN (
    SELECT p.user_id, sum(p.points) AS spendable,
           coalesce(sum(p.points) FILTER (
               WHERE p.transaction_type <> 'redemption' AND coalesce(r.transaction_type, '') <> 'redemption'), 0) AS earned
    FROM points_transactions AS p
    LEFT JOIN points_transactions AS r ON r.id = p.reverses_id
    GROUP BY p.user_id
) AS l ON l.user_id = t.user_id
WHERE (coalesce(t.earned, 0), coalesce(t.spendable, 0)) <> (coalesce(l.earned, 0), coalesce(l.spendable, 0))
LIMIT 1000
