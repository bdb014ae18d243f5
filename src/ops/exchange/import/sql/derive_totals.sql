-- Totals and leaderboards, from the ledger.
INSERT INTO user_totals AS t (user_id, earned, spendable)
SELECT u.id, coalesce(l.earned, 0), coalesce(l.spendable, 0)
FROM users AS u
LEFT JOIN (
    SELECT p.user_id,
           sum(p.points) AS spendable,
           coalesce(sum(p.points) FILTER (
               WHERE p.transaction_type <> 'redemption' AND coalesce(r.transaction_type, '') <> 'redemption'), 0) AS earned
    FROM points_transactions AS p
    LEFT JOIN points_transactions AS r ON r.id = p.reverses_id
    GROUP BY p.user_id
) AS l ON l.user_id = u.id
WHERE l.user_id IS NOT NULL OR EXISTS (SELECT FROM user_totals AS o WHERE o.user_id = u.id)
ON CONFLICT (user_id) DO UPDATE SET earned = excluded.earned, spendable = excluded.spendable
WHERE (t.earned, t.spendable) <> (excluded.earned, excluded.spendable);

SELECT pine.rebuild_boards();
