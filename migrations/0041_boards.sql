-- Leaderboards that stay fast at a million members: points per member and period, ordered by an index, and a count of
-- members by points, from which a rank is a sum over a few hundred rows.
--
-- A board is `all`, `month:2026-11-01`, `week:2026-11-23` or `type:` and an event type's number. Months and weeks are
-- kept while somebody may look at them: the running one and the two before it.
--
-- The counts must not become a lock that two check-ins share. So a check-in only adds a line to rank_moves, "this member
-- went from 40 to 55 points"; readers add the lines to the counts, and every 256th check-in folds them into the counts if
-- nobody else is at it. Folding deletes the lines that it adds up, in one statement: a reader sees either the lines or
-- their sum. (Counters in shards need twelve updated rows a check-in; counting index entries takes 100 ms at a million.)

CREATE TABLE period_totals (
    board   text    COLLATE "C" NOT NULL,
    user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    earned  bigint  NOT NULL,
    -- Whether others see the member on boards, and the name that ties are ordered by; both follow `users`.
    listed  boolean NOT NULL,
    name    text    NOT NULL,
    PRIMARY KEY (user_id, board)
);

-- Best first: all keys ascend, so that a page can begin behind any row in either direction.
CREATE INDEX period_totals_ranked ON period_totals (board, listed, (-earned), name, user_id);

-- Members of a board by points, each and in hundreds (`grain`), but for what rank_moves has not been folded.
CREATE TABLE rank_counts (
    board   text    COLLATE "C" NOT NULL,
    grain   integer NOT NULL,
    points  bigint  NOT NULL,
    members bigint  NOT NULL,
    PRIMARY KEY (board, grain, points)
);

-- From how many points to how many a member went, on several boards at once; 0 is not on the board.
CREATE TABLE rank_moves (
    id     bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    boards text[]   COLLATE "C" NOT NULL,
    was    bigint[] NOT NULL,
    now_is bigint[] NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- The index on `earned` made every change of a total write to it; boards have their own now.
DROP INDEX user_totals_earned;

-- The Monday of the week of a moment, in a zone.
CREATE FUNCTION pine.monday(moment timestamptz, zone text) RETURNS date
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.date_trunc('week', moment AT TIME ZONE zone)::date
$$;

CREATE FUNCTION pine.first_of_month(moment timestamptz, zone text) RETURNS date
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.date_trunc('month', moment AT TIME ZONE zone)::date
$$;

-- The board of a period that people name: `all`, `month`, `week`, the ones before, or `type:7`. NULL for no such board.
CREATE FUNCTION pine.board_key(period text, at timestamptz) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT CASE
        WHEN period = 'all' OR period ~ '^type:[0-9]{1,9}$' THEN period
        WHEN period IN ('month', 'last_month', 'month_before') THEN 'month:' || (
            pine.first_of_month(at, s.time_zone)
            - pg_catalog.make_interval(months => pg_catalog.array_position(ARRAY['month', 'last_month', 'month_before'], period) - 1)
        )::date
        WHEN period IN ('week', 'last_week', 'week_before') THEN 'week:' || (
            pine.monday(at, s.time_zone)
            - 7 * (pg_catalog.array_position(ARRAY['week', 'last_week', 'week_before'], period) - 1))
    END
    FROM public.settings AS s
$$;

-- The boards on which a ledger row counts; a check-in asks for every row that it writes.
CREATE FUNCTION pine.boards_of(counts_at timestamptz, event integer, at timestamptz) RETURNS text[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    zone   text := (SELECT s.time_zone FROM public.settings AS s);
    month  date := pine.first_of_month(counts_at, zone);
    week   date := pine.monday(counts_at, zone);
    boards text[] := '{all}';
    number integer;
BEGIN
    IF month >= pine.first_of_month(at, zone) - interval '2 months' THEN
        boards := boards || ('month:' || month);
    END IF;
    IF week >= pine.monday(at, zone) - 14 THEN
        boards := boards || ('week:' || week);
    END IF;
    IF event IS NOT NULL THEN
        SELECT t.id INTO number
        FROM public.events AS e
        JOIN public.event_types AS t ON t.name = e.event_type
        WHERE e.id = event;
        IF FOUND THEN
            boards := boards || ('type:' || number);
        END IF;
    END IF;
    RETURN boards;
END
$$;

-- Whether others see a member on boards.
CREATE FUNCTION pine.is_listed(member users) RETURNS boolean
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(member.is_active, true) AND member.show_on_leaderboard AND pine.user_type(member) = 'regular'
$$;

-- Adds to a member's points on some boards. Whoever calls holds the member's totals.
CREATE FUNCTION pine.count_on_boards(member integer, boards text[], points bigint) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    move bigint;
BEGIN
    WITH changed AS (
        INSERT INTO public.period_totals AS t (board, user_id, earned, listed, name)
        SELECT b.board, u.id, points, pine.is_listed(u), u.full_name
        FROM pg_catalog.unnest(boards) AS b (board)
        CROSS JOIN public.users AS u
        WHERE u.id = member
        ON CONFLICT (user_id, board) DO UPDATE SET earned = t.earned + excluded.earned
        RETURNING t.board, t.earned, t.listed
    )
    INSERT INTO public.rank_moves (boards, was, now_is)
    SELECT pg_catalog.array_agg(c.board), pg_catalog.array_agg(greatest(c.earned - points, 0)),
           pg_catalog.array_agg(greatest(c.earned, 0))
    FROM changed AS c
    WHERE c.listed
    HAVING count(*) > 0
    RETURNING id INTO move;
    IF move % 256 = 0 THEN
        PERFORM pine.fold_ranks();
    END IF;
END
$$;

-- Folds the lines into the counts, unless somebody is at it, and forgets periods that nobody can look at any more.
CREATE FUNCTION pine.fold_ranks() RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    kept timestamptz := pine.clock() - interval '40 days';
BEGIN
    IF NOT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('pine-time ranks', 0)) THEN
        RETURN;
    END IF;
    WITH folded AS (
        DELETE FROM public.rank_moves AS m RETURNING m.boards, m.was, m.now_is
    ), steps AS (
        SELECT u.board, s.points, s.by
        FROM folded AS f
        CROSS JOIN LATERAL ROWS FROM (
            pg_catalog.unnest(f.boards), pg_catalog.unnest(f.was), pg_catalog.unnest(f.now_is)) AS u (board, was, now_is)
        CROSS JOIN LATERAL (VALUES (u.was, -1), (u.now_is, 1)) AS s (points, by)
        WHERE s.points > 0
    )
    INSERT INTO public.rank_counts AS c (board, grain, points, members)
    SELECT s.board, g.grain, s.points / g.grain * g.grain, sum(s.by)
    FROM steps AS s
    CROSS JOIN (VALUES (1), (100)) AS g (grain)
    GROUP BY 1, 2, 3
    HAVING sum(s.by) <> 0
    ON CONFLICT (board, grain, points) DO UPDATE SET members = c.members + excluded.members;

    DELETE FROM public.rank_counts AS c
    WHERE c.board >= 'month:' AND c.board < pine.board_key('month_before', kept)
       OR c.board >= 'week:' AND c.board < pine.board_key('week_before', kept);
    -- A piece at a time: whoever folds is a check-in.
    DELETE FROM public.period_totals AS t
    WHERE t.ctid = ANY (ARRAY(
        SELECT o.ctid
        FROM public.period_totals AS o
        WHERE o.board >= 'month:' AND o.board < pine.board_key('month_before', kept)
           OR o.board >= 'week:' AND o.board < pine.board_key('week_before', kept)
        LIMIT 500
    ));
END
$$;

-- Totals and boards follow the ledger by trigger: whoever writes a row, they stay its sum. The member's total is changed
-- first: its lock is the one under which everything of the member's game is counted.
CREATE OR REPLACE FUNCTION pine.add_to_totals() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    -- Only a reversal has to be looked after.
    earned integer := CASE
        WHEN NEW.transaction_type = 'redemption' THEN 0
        WHEN NEW.reverses_id IS NULL OR pine.counts_as_earned(NEW) THEN NEW.points
        ELSE 0
    END;
BEGIN
    INSERT INTO public.user_totals AS t (user_id, earned, spendable)
    VALUES (NEW.user_id, earned, NEW.points)
    ON CONFLICT (user_id) DO UPDATE
    SET earned = t.earned + excluded.earned,
        spendable = t.spendable + excluded.spendable;
    IF earned <> 0 THEN
        PERFORM pine.count_on_boards(
            NEW.user_id,
            pine.boards_of(coalesce(NEW.counts_at, NEW.transaction_date, pine.clock()), NEW.event_id, pine.clock()),
            earned);
    END IF;
    RETURN NULL;
END
$$;

-- Takes the locks of some members' games, lower number first.
CREATE FUNCTION pine.lock_games(members integer[]) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    member integer;
BEGIN
    FOR member IN SELECT DISTINCT m FROM pg_catalog.unnest(members) AS m WHERE m IS NOT NULL ORDER BY m LOOP
        PERFORM FROM public.user_totals AS t WHERE t.user_id = member FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            -- Of two who make the row at once, the second waits here and has it locked afterwards.
            INSERT INTO public.user_totals AS t (user_id) VALUES (member)
            ON CONFLICT (user_id) DO UPDATE SET earned = t.earned;
        END IF;
    END LOOP;
END
$$;

-- Who opts out, is renamed, deactivated or made staff takes their rows on every board along.
CREATE FUNCTION pine.relist() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    shown boolean := pine.is_listed(NEW);
BEGIN
    PERFORM pine.lock_games(ARRAY[NEW.id]);
    IF shown <> pine.is_listed(OLD) THEN
        INSERT INTO public.rank_moves (boards, was, now_is)
        SELECT pg_catalog.array_agg(t.board),
               pg_catalog.array_agg(CASE WHEN shown THEN 0 ELSE greatest(t.earned, 0) END),
               pg_catalog.array_agg(CASE WHEN shown THEN greatest(t.earned, 0) ELSE 0 END)
        FROM public.period_totals AS t
        WHERE t.user_id = NEW.id AND t.listed <> shown
        HAVING count(*) > 0;
    END IF;
    UPDATE public.period_totals AS t
    SET listed = shown, name = NEW.full_name
    WHERE t.user_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER relist AFTER UPDATE OF full_name, is_active, show_on_leaderboard, is_superuser, user_type ON users
    FOR EACH ROW
    WHEN ((OLD.full_name, OLD.is_active, OLD.show_on_leaderboard, OLD.is_superuser, OLD.user_type)
          IS DISTINCT FROM (NEW.full_name, NEW.is_active, NEW.show_on_leaderboard, NEW.is_superuser, NEW.user_type))
    EXECUTE FUNCTION pine.relist();

-- What the ledger makes of every board, whole: what verifying compares with and rebuilding writes.
CREATE FUNCTION pine.boards_by_ledger(
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
    CROSS JOIN public.settings AS s
    CROSS JOIN LATERAL (
        SELECT coalesce(p.counts_at, p.transaction_date, boards_by_ledger.at)
    ) AS c (counts_at)
    CROSS JOIN LATERAL (
        VALUES ('all'),
               ('month:' || pine.first_of_month(c.counts_at, s.time_zone)),
               ('week:' || pine.monday(c.counts_at, s.time_zone)),
               ('type:' || y.id)
    ) AS b (board)
    WHERE p.points <> 0 AND p.transaction_type <> 'redemption' AND coalesce(r.transaction_type, '') <> 'redemption'
      AND (b.board = 'all' OR b.board LIKE 'type:%'
           OR b.board LIKE 'month:%' AND b.board >= pine.board_key('month_before', boards_by_ledger.at)
           OR b.board LIKE 'week:%' AND b.board >= pine.board_key('week_before', boards_by_ledger.at))
    GROUP BY b.board, u.id
$$;

-- Builds every board anew from the ledger. Nobody writes to the ledger meanwhile.
CREATE FUNCTION pine.rebuild_boards() RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    LOCK TABLE public.points_transactions IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM public.rank_moves;
    DELETE FROM public.rank_counts;
    DELETE FROM public.period_totals;
    INSERT INTO public.period_totals (board, user_id, earned, listed, name)
    SELECT l.board, l.user_id, l.earned, l.listed, l.name FROM pine.boards_by_ledger(pine.clock()) AS l;
    INSERT INTO public.rank_counts (board, grain, points, members)
    SELECT t.board, g.grain, t.earned / g.grain * g.grain, count(*)
    FROM public.period_totals AS t
    CROSS JOIN (VALUES (1), (100)) AS g (grain)
    WHERE t.listed AND t.earned > 0
    GROUP BY 1, 2, 3;
END
$$;

SELECT pine.rebuild_boards();

-- Weeks and months begin elsewhere in another zone.
CREATE FUNCTION pine.rezone() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM pine.rebuild_boards();
    RETURN NULL;
END
$$;

CREATE TRIGGER rezone AFTER UPDATE OF time_zone ON settings
    FOR EACH ROW WHEN (OLD.time_zone <> NEW.time_zone)
    EXECUTE FUNCTION pine.rezone();
