-- Rows of boards that are not what the ledger makes of them.
SELECT format('member %s on %s: the board says %s, the ledger %s', coalesce(t.user_id, l.user_id), coalesce(t.board, l.board),
              coalesce(t.earned, 0), coalesce(l.earned, 0))
FROM (
    SELECT * FROM period_totals AS t
    WHERE t.board = 'all' OR t.board LIKE 'type:%'
       OR t.board LIKE 'month:%' AND t.board >= pine.board_key('month_before', pine.clock())
       OR t.board LIKE 'week:%' AND t.board >= pine.board_key('week_before', pine.clock())
) AS t
FULL JOIN pine.boards_by_ledger(pine.clock()) AS l ON l.user_id = t.user_id AND l.board = t.board
WHERE coalesce(t.earned, 0) <> coalesce(l.earned, 0)
   OR t.board = l.board AND (t.listed, t.name) <> (l.listed, l.name)
LIMIT 1000
