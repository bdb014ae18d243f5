-- Rows of boards that are not what the ledger makes of them.
SELECT format('member %s on %s: the board says %s, the ledger %s', coalesce(t.user_id, l.user_id), coalesce(t.board, l.board),
              coalesce(t.earned, 0), coalesce(l.earned, 0))
FROM (
    SELECT t.*
    FROM period_totals AS t
    CROSS JOIN (
        SELECT pine.board_key('month_before', pine.clock()) AS first_month,
               pine.board_key('week_before', pine.clock()) AS first_week
        -- Looked up once, not for every row.
        OFFSET 0
    ) AS since
    WHERE t.board = 'all' OR t.board LIKE 'type:%'
       OR t.board LIKE 'month:%' AND t.board >= since.first_month
       OR t.board LIKE 'week:%' AND t.board >= since.first_week
) AS t
FULL JOIN pine.boards_by_ledger(pine.clock()) AS l ON l.user_id = t.user_id AND l.board = t.board
WHERE coalesce(t.earned, 0) <> coalesce(l.earned, 0)
   OR t.board = l.board AND (t.listed, t.name) <> (l.listed, l.name)
LIMIT 1000
