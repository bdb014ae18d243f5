-- What boards cost at the door: who comes is mostly on them already, and then adding to their points asks neither who
-- they are nor whether they are listed. What boards come to is the same.

-- The boards on which a ledger row counts; a check-in asks for every row that it writes.
CREATE OR REPLACE FUNCTION pine.boards_of(counts_at timestamptz, event integer, at timestamptz) RETURNS text[]
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT pg_catalog.array_remove(ARRAY[
            'all',
            CASE WHEN w.month >= w.this_month - interval '2 months' THEN 'month:' || w.month::date END,
            CASE WHEN w.week >= w.this_week - interval '14 days' THEN 'week:' || w.week::date END,
            'type:' || w.type], NULL)
        FROM (
            -- All as clocks on the wall show them.
            SELECT pg_catalog.date_trunc('month', counts_at AT TIME ZONE s.time_zone) AS month,
                   pg_catalog.date_trunc('week', counts_at AT TIME ZONE s.time_zone) AS week,
                   pg_catalog.date_trunc('month', at AT TIME ZONE s.time_zone) AS this_month,
                   pg_catalog.date_trunc('week', at AT TIME ZONE s.time_zone) AS this_week,
                   (SELECT t.id
                    FROM public.events AS e
                    JOIN public.event_types AS t ON t.name = e.event_type
                    WHERE e.id = event) AS type
            FROM public.settings AS s
        ) AS w
    );
END
$$;

-- Adds to a member's points on some boards. Whoever calls holds the member's totals.
CREATE OR REPLACE FUNCTION pine.count_on_boards(member integer, boards text[], points bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    move    bigint;
    counted integer;
    began   bigint;
BEGIN
    WITH changed AS (
        UPDATE public.period_totals AS t
        SET earned = t.earned + points
        WHERE t.user_id = member AND t.board = ANY (boards)
        RETURNING t.board, t.earned, t.listed
    )
    INSERT INTO public.rank_moves AS m (boards, was, now_is)
    SELECT pg_catalog.array_agg(c.board), pg_catalog.array_agg(greatest(c.earned - points, 0)),
           pg_catalog.array_agg(greatest(c.earned, 0))
    FROM changed AS c
    WHERE c.listed
    HAVING count(*) > 0
    RETURNING m.id, pg_catalog.cardinality(m.boards) INTO move, counted;
    -- Of who is not listed nothing was counted: on which boards they begin is looked up here as well.
    IF coalesce(counted, 0) < pg_catalog.cardinality(boards) THEN
        WITH begun AS (
            INSERT INTO public.period_totals AS t (board, user_id, earned, listed, name)
            SELECT b.board, u.id, points, pine.is_listed(u), u.full_name
            FROM pg_catalog.unnest(boards) AS b (board)
            CROSS JOIN public.users AS u
            WHERE u.id = member
              AND NOT EXISTS (SELECT FROM public.period_totals AS h WHERE h.user_id = member AND h.board = b.board)
            RETURNING t.board, t.earned, t.listed
        )
        INSERT INTO public.rank_moves AS m (boards, was, now_is)
        SELECT pg_catalog.array_agg(b.board), pg_catalog.array_agg(0::bigint),
               pg_catalog.array_agg(greatest(b.earned, 0))
        FROM begun AS b
        WHERE b.listed
        HAVING count(*) > 0
        RETURNING m.id INTO began;
    END IF;
    IF move % 256 = 0 OR began % 256 = 0 THEN
        PERFORM pine.fold_ranks();
    END IF;
END
$$;
