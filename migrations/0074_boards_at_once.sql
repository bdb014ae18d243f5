-- What the ledger makes of the boards, said so that a million members are read at the pace of a few: from when on months
-- and weeks are kept is looked up once, not for every row.

CREATE OR REPLACE FUNCTION pine.boards_by_ledger(
    at timestamptz, OUT board text, OUT user_id integer, OUT earned bigint, OUT listed boolean, OUT name text
) RETURNS SETOF record
    LANGUAGE sql STABLE
AS $$
    SELECT b.board, u.id, sum(p.points)::bigint, pine.is_listed(u), u.full_name
    FROM public.points_transactions AS p
    JOIN public.users AS u ON u.id = p.user_id
    LEFT JOIN public.points_transactions AS r ON r.id = p.reverses_id
    LEFT JOIN public.events AS e ON e.id = p.event_id
    LEFT JOIN public.event_types AS y ON y.name = e.event_type
    CROSS JOIN (
        SELECT s.time_zone,
               pine.board_key('month_before', boards_by_ledger.at) AS first_month,
               pine.board_key('week_before', boards_by_ledger.at) AS first_week
        FROM public.settings AS s
        -- Keeps the keys from being asked for where they are compared.
        OFFSET 0
    ) AS since
    CROSS JOIN LATERAL (
        SELECT coalesce(p.counts_at, p.transaction_date, boards_by_ledger.at)
    ) AS c (counts_at)
    CROSS JOIN LATERAL (
        VALUES ('all'),
               ('month:' || pine.first_of_month(c.counts_at, since.time_zone)),
               ('week:' || pine.monday(c.counts_at, since.time_zone)),
               ('type:' || y.id)
    ) AS b (board)
    WHERE p.points <> 0 AND p.transaction_type <> 'redemption' AND coalesce(r.transaction_type, '') <> 'redemption'
      AND (b.board = 'all' OR b.board LIKE 'type:%'
           OR b.board LIKE 'month:%' AND b.board >= since.first_month
           OR b.board LIKE 'week:%' AND b.board >= since.first_week)
    GROUP BY b.board, u.id
$$;
