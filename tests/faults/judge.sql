-- Five counts of what does not fit: told attempts against attendance, log, ledger and totals of one event.
WITH attendance AS (
    SELECT user_id, count(*) AS times FROM public.event_attendees WHERE event_id = $1 GROUP BY user_id
), of_member AS (
    SELECT user_id, count(*) FILTER (WHERE outcome = 'ok') AS ok FROM told GROUP BY user_id
), logged AS (
    SELECT nonce, count(*) AS times, min(outcome) AS outcome FROM public.check_in_log WHERE event_id = $1 GROUP BY nonce
), paid AS (
    SELECT user_id, count(*) AS times, sum(points) AS points
    FROM public.points_transactions
    WHERE event_id = $1
    GROUP BY user_id
)
SELECT count
FROM (
    SELECT 1 AS place, count(*)
    FROM told LEFT JOIN attendance USING (user_id)
    WHERE told.outcome IN ('ok', 'already') AND attendance.times IS NULL
    UNION ALL
    SELECT 2, coalesce(sum(times - 1), 0)::bigint FROM attendance
    UNION ALL
    SELECT 3, count(*) FROM of_member WHERE ok <> 1
    UNION ALL
    SELECT 4, count(*)
    FROM told FULL JOIN logged USING (nonce)
    WHERE logged.times IS DISTINCT FROM 1 OR told.outcome IS DISTINCT FROM logged.outcome
    UNION ALL
    SELECT 5, count(*)
    FROM of_member
    LEFT JOIN attendance USING (user_id)
    LEFT JOIN paid USING (user_id)
    LEFT JOIN public.user_totals AS t USING (user_id)
    WHERE coalesce(paid.times, 0) <> coalesce(attendance.times, 0)
       OR t.earned IS DISTINCT FROM paid.points
) AS counts
ORDER BY place
