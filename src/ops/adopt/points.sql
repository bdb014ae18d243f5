-- The ledger, row by row, and what a member's balance has beyond it.

CREATE TEMPORARY TABLE new_points_transactions ON COMMIT DROP AS
SELECT p.id::integer                                            AS id,
       u.id                                                     AS user_id,
       p.points::integer                                        AS points,
       p.transaction_type                                       AS word,
       -- The same as crate::domain::legacy::transaction_type; a test holds the two together.
       CASE WHEN w.ours = 'event_attendance' AND e.id IS NULL THEN 'special_activity'
            WHEN w.ours = 'redemption' AND p.points > 0 THEN 'adjustment'
            WHEN w.ours IS NOT NULL THEN w.ours
            WHEN p.points < 0 THEN 'adjustment'
            ELSE 'special_activity'
       END::varchar(50)                                         AS transaction_type,
       pg_temp.lines(p.description)                             AS description,
       e.id                                                     AS event_id,
       a.id                                                     AS awarded_by,
       pg_temp.moment(p.transaction_date)                       AS transaction_date,
       false                                                    AS made
FROM old_points_transactions AS p
JOIN new_users AS u ON u.id = p.user_id
LEFT JOIN new_events AS e ON e.id = p.event_id
LEFT JOIN new_users AS a ON a.id = p.awarded_by
LEFT JOIN adopt_word AS w ON w.field = 'points' AND w.old = pg_temp.word(p.transaction_type)
WHERE p.id BETWEEN 1 AND 2147483647 AND p.points BETWEEN -2147483647 AND 2147483647;
CREATE INDEX ON new_points_transactions (id);

INSERT INTO adopt_note (kind, "table", id, what, stops)
SELECT 'reference', 'points_transactions', p.id,
       CASE WHEN p.points IS NULL THEN 'left behind: there are no points in it'
            ELSE format('left behind: %s points of member %s, who is not there', p.points, coalesce(p.user_id::text, '-')) END, false
FROM old_points_transactions AS p
WHERE p.points IS NULL OR NOT EXISTS (SELECT FROM new_users AS u WHERE u.id = p.user_id)
UNION ALL
SELECT 'points', 'points_transactions', p.id, format('%s points are more than a row can hold', p.points), true
FROM old_points_transactions AS p
WHERE p.points NOT BETWEEN -2147483647 AND 2147483647
UNION ALL
SELECT 'reference', 'points_transactions', p.id, format('event %s is not there; it becomes none', p.event_id), false
FROM old_points_transactions AS p
JOIN new_points_transactions AS n ON n.id = p.id
WHERE p.event_id IS NOT NULL AND n.event_id IS NULL
UNION ALL
SELECT 'reference', 'points_transactions', p.id, format('member %s, who gave them, is not there; it becomes nobody', p.awarded_by), false
FROM old_points_transactions AS p
JOIN new_points_transactions AS n ON n.id = p.id
WHERE p.awarded_by IS NOT NULL AND n.awarded_by IS NULL
UNION ALL
SELECT 'status', 'points_transactions', n.id,
       format('the kind %s is unknown; it becomes %s', pg_temp.said(n.word), n.transaction_type), false
FROM new_points_transactions AS n
WHERE NOT EXISTS (SELECT FROM adopt_word AS w WHERE w.field = 'points' AND w.old = pg_temp.word(n.word))
ORDER BY 3;

-- A balance beside the ledger: what it has beyond the ledger is added as a row of its own, so that nobody loses points.
CREATE TEMPORARY TABLE balances ON COMMIT DROP AS
SELECT u.id, o.points - coalesce(l.points, 0) AS beyond, o.points, coalesce(l.points, 0) AS by_ledger
FROM new_users AS u
JOIN old_users AS o ON o.id = u.id
LEFT JOIN (SELECT n.user_id, sum(n.points) AS points FROM new_points_transactions AS n GROUP BY n.user_id) AS l
    ON l.user_id = u.id
WHERE o.points IS NOT NULL AND o.points <> coalesce(l.points, 0);

INSERT INTO adopt_note (kind, "table", id, what, stops)
SELECT 'points', 'users', b.id,
       CASE WHEN b.beyond > 2147483647 THEN format('the balance %s is more than a row of the ledger can hold', b.points)
            WHEN b.beyond > 0 THEN format('the balance is %s and the ledger comes to %s: an adjustment of %s is added', b.points,
                                          b.by_ledger, b.beyond)
            ELSE format('the balance is %s and the ledger comes to %s: the ledger is kept', b.points, b.by_ledger)
       END, b.beyond > 2147483647
FROM balances AS b
ORDER BY b.id;

INSERT INTO new_points_transactions (id, user_id, points, transaction_type, description, transaction_date, made)
SELECT (SELECT coalesce(max(p.id), 0) FROM old_points_transactions AS p WHERE p.id <= 2147483647)
           + row_number() OVER (ORDER BY b.id),
       b.id, b.beyond, 'adjustment', 'Balance brought along that its ledger does not explain', now(), true
FROM balances AS b
WHERE b.beyond BETWEEN 1 AND 2147483647;

ANALYZE new_points_transactions;
