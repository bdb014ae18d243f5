-- Counts of members by points, from which ranks are summed, that are not what the boards hold.
WITH counted AS (
    SELECT c.board, c.grain, c.points, c.members FROM rank_counts AS c
    UNION ALL
    SELECT u.board, g.grain, s.points / g.grain * g.grain, s.by
    FROM rank_moves AS m
    CROSS JOIN LATERAL ROWS FROM (unnest(m.boards), unnest(m.was), unnest(m.now_is)) AS u (board, was, now_is)
    CROSS JOIN LATERAL (VALUES (u.was, -1), (u.now_is, 1)) AS s (points, by)
    CROSS JOIN (VALUES (1), (100)) AS g (grain)
    WHERE s.points > 0
), by_counts AS (
    SELECT c.board, c.grain, c.points, sum(c.members) AS members FROM counted AS c GROUP BY 1, 2, 3
), by_boards AS (
    SELECT t.board, g.grain, t.earned / g.grain * g.grain AS points, count(*) AS members
    FROM period_totals AS t
    CROSS JOIN (VALUES (1), (100)) AS g (grain)
    WHERE t.listed AND t.earned > 0
    GROUP BY 1, 2, 3
)
SELECT format('%s at %s points: %s members are counted, there are %s', coalesce(c.board, b.board),
              coalesce(c.points, b.points), coalesce(c.members, 0), coalesce(b.members, 0))
FROM by_counts AS c
FULL JOIN by_boards AS b ON (b.board, b.grain, b.points) = (c.board, c.grain, c.points)
WHERE coalesce(c.members, 0) <> coalesce(b.members, 0)
  AND (coalesce(c.board, b.board) = 'all' OR coalesce(c.board, b.board) LIKE 'type:%'
       OR coalesce(c.board, b.board) LIKE 'month:%' AND coalesce(c.board, b.board) >= pine.board_key('month_before', pine.clock())
       OR coalesce(c.board, b.board) LIKE 'week:%' AND coalesce(c.board, b.board) >= pine.board_key('week_before', pine.clock()))
LIMIT 1000
