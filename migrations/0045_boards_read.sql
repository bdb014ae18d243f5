-- Leaderboards as they are read: ranks out of the counts, pages out of the index, all of one snapshot.

-- Members of a board by points, each (`grain` 1) or in hundreds, between two figures: the counts, and what has not been
-- folded into them.
CREATE FUNCTION pine.counted(key text, grain integer, low bigint, high bigint, OUT points bigint, OUT members bigint)
    RETURNS SETOF record
    LANGUAGE sql STABLE
AS $$
    SELECT p.points, sum(p.members)::bigint
    FROM (
        SELECT c.points, c.members
        FROM public.rank_counts AS c
        WHERE c.board = key AND c.grain = counted.grain AND c.points BETWEEN low AND high
        UNION ALL
        SELECT s.points / grain * grain, s.by
        FROM public.rank_moves AS m
        CROSS JOIN LATERAL ROWS FROM (
            pg_catalog.unnest(m.boards), pg_catalog.unnest(m.was), pg_catalog.unnest(m.now_is)) AS u (board, was, now_is)
        CROSS JOIN LATERAL (VALUES (u.was, -1::bigint), (u.now_is, 1)) AS s (points, by)
        WHERE u.board = key AND s.points > 0 AND s.points / grain * grain BETWEEN low AND high
    ) AS p (points, members)
    GROUP BY p.points
    HAVING sum(p.members) <> 0
$$;

-- How many members a board has with more points than these.
CREATE FUNCTION pine.above(key text, points bigint) RETURNS bigint
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    hundred bigint := points / 100 * 100;
BEGIN
    RETURN (SELECT coalesce(sum(c.members), 0)
            FROM pine.counted(key, 100, hundred + 100, 9223372036854775807) AS c)
         + (SELECT coalesce(sum(c.members), 0)
            FROM pine.counted(key, 1, points + 1, hundred + 99) AS c);
END
$$;

-- Which points the row behind so many others has, and how many rows are above the first with these points.
CREATE FUNCTION pine.points_at(key text, skip bigint, OUT points bigint, OUT above bigint)
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    hundred bigint;
BEGIN
    SELECT c.points, c.above INTO hundred, above
    FROM (SELECT c.points, c.members, sum(c.members) OVER (ORDER BY c.points DESC) - c.members AS above
          FROM pine.counted(key, 100, 0, 9223372036854775807) AS c) AS c
    WHERE c.above <= skip AND skip < c.above + c.members;
    SELECT c.points, points_at.above + c.above INTO points, above
    FROM (SELECT c.points, c.members, sum(c.members) OVER (ORDER BY c.points DESC) - c.members AS above
          FROM pine.counted(key, 1, hundred, hundred + 99) AS c) AS c
    WHERE points_at.above + c.above <= skip AND skip < points_at.above + c.above + c.members;
END
$$;

-- The board that a board's ranks are compared with.
CREATE FUNCTION pine.period_before(period text) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE period
        WHEN 'month' THEN 'last_month' WHEN 'last_month' THEN 'month_before'
        WHEN 'week' THEN 'last_week' WHEN 'last_week' THEN 'week_before'
    END
$$;

-- Rows of a board with rank, tie and movement, in the order of the board. `members` are whom the page shows; who is not
-- listed gets the rank that they would have.
CREATE FUNCTION pine.board_rows(key text, before_key text, members integer[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        WITH shown AS MATERIALIZED (
            SELECT t.user_id, t.earned, t.listed, t.name, u.username, u.full_name, b.earned AS earned_before
            FROM public.period_totals AS t
            JOIN public.users AS u ON u.id = t.user_id
            LEFT JOIN public.period_totals AS b
                ON b.user_id = t.user_id AND b.board = before_key AND b.earned > 0 AND b.listed
            WHERE t.board = key AND t.user_id = ANY (members)
        ), ends AS (
            SELECT max(s.earned) AS high, min(s.earned) AS low FROM shown AS s
        ), ranks AS (
            -- Everybody between the page's first and last row is counted once for all its rows.
            SELECT c.points, c.members,
                   1 + pine.above(key, e.high) + sum(c.members) OVER (ORDER BY c.points DESC) - c.members AS rank
            FROM ends AS e
            CROSS JOIN LATERAL pine.counted(key, 1, e.low, e.high) AS c
        ), before AS (
            SELECT s.earned_before AS points, 1 + pine.above(before_key, s.earned_before) AS rank
            FROM shown AS s
            WHERE s.earned_before IS NOT NULL
            GROUP BY s.earned_before
        )
        SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'rank', coalesce(r.rank, 1 + pine.above(key, s.earned)),
            'tied', coalesce(r.members, 0) > CASE WHEN s.listed THEN 1 ELSE 0 END,
            'user_id', s.user_id, 'username', s.username, 'full_name', s.full_name, 'points', s.earned,
            'moved', b.rank - coalesce(r.rank, 1 + pine.above(key, s.earned))
        ) ORDER BY s.earned DESC, s.name, s.user_id), '[]')
        FROM shown AS s
        LEFT JOIN ranks AS r ON r.points = s.earned
        LEFT JOIN before AS b ON b.points = s.earned_before
    );
END
$$;

-- Members of a board from a place on: behind a row (`behind`), before it, or from the top. The row is named by what
-- orders it.
CREATE FUNCTION pine.board_slice(
    key text, direction text, points bigint, name text, user_id integer, skip bigint, most integer
) RETURNS integer[]
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF direction = 'behind' THEN
        RETURN ARRAY(
            SELECT t.user_id FROM public.period_totals AS t
            WHERE t.board = key AND t.listed
              AND (-t.earned, t.name, t.user_id) > (-points, board_slice.name, board_slice.user_id)
              AND -t.earned < 0
            ORDER BY -t.earned, t.name, t.user_id
            LIMIT most);
    ELSIF direction = 'before' THEN
        RETURN ARRAY(
            SELECT t.user_id FROM public.period_totals AS t
            WHERE t.board = key AND t.listed
              AND (-t.earned, t.name, t.user_id) < (-points, board_slice.name, board_slice.user_id)
            ORDER BY -t.earned DESC, t.name DESC, t.user_id DESC
            LIMIT most);
    END IF;
    RETURN ARRAY(
        SELECT t.user_id FROM public.period_totals AS t
        WHERE t.board = key AND t.listed AND -t.earned >= -points AND -t.earned < 0
        ORDER BY -t.earned, t.name, t.user_id
        OFFSET skip LIMIT most);
END
$$;

-- A page of a board: from the top (`{"skip": 0}`), around a member (`{"around": 7}`), or behind or before a row
-- (`{"behind": 7}`). Around and behind a member who is not listed it stands where they would. `above` and `below` say
-- whether there is more.
CREATE FUNCTION pine.board_page(period text, place jsonb, most integer, viewer integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    key        text := pine.board_key(period, at);
    before_key text := pine.board_key(pine.period_before(period), at);
    most       integer := least(greatest(most, 0), 500);
    skip       bigint := greatest((place->>'skip')::bigint, 0);
    anchor     public.period_totals;
    found      record;
    members    integer[] := '{}';
    ahead      integer[] := '{}';
    counted    bigint;
BEGIN
    IF key IS NULL THEN
        PERFORM pine.refuse_value('period', 'A board is all, month, week, last_month, last_week or of an event type.');
    END IF;
    SELECT coalesce(sum(c.members), 0) INTO counted FROM pine.counted(key, 100, 0, 9223372036854775807) AS c;
    IF place ?| ARRAY['around', 'behind', 'before'] THEN
        SELECT * INTO anchor FROM public.period_totals AS t
        WHERE t.board = key AND t.earned > 0
          AND t.user_id = coalesce(place->>'around', place->>'behind', place->>'before')::integer;
        IF anchor.user_id IS NULL THEN
            skip := 0;
        END IF;
    END IF;
    IF anchor.user_id IS NULL THEN
        SELECT * INTO found FROM pine.points_at(key, skip);
        IF found.points IS NOT NULL THEN
            -- Within a tie the page begins at its place by name.
            members := pine.board_slice(key, 'top', found.points, NULL, NULL, skip - found.above, most + 1);
        END IF;
    ELSE
        IF NOT place ? 'behind' THEN
            ahead := pine.board_slice(key, 'before', anchor.earned, anchor.name, anchor.user_id, 0,
                                      1 + CASE WHEN place ? 'before' THEN most ELSE most / 2 END);
        END IF;
        IF NOT place ? 'before' THEN
            members := pine.board_slice(key, 'behind', anchor.earned, anchor.name, anchor.user_id, 0,
                                        1 + CASE WHEN place ? 'behind' THEN most ELSE most - most / 2 - 1 END);
        END IF;
    END IF;
    RETURN pg_catalog.jsonb_build_object(
        'members', counted,
        'skipped', CASE WHEN anchor.user_id IS NULL THEN skip END,
        'above', CASE
            WHEN anchor.user_id IS NULL THEN skip > 0
            WHEN place ? 'behind' THEN true
            WHEN place ? 'before' THEN pg_catalog.cardinality(ahead) > most
            ELSE pg_catalog.cardinality(ahead) > most / 2
        END,
        'below', CASE
            WHEN anchor.user_id IS NULL OR place ? 'behind' THEN pg_catalog.cardinality(members) > most
            WHEN place ? 'before' THEN true
            ELSE pg_catalog.cardinality(members) > most - most / 2 - 1
        END,
        'rows', pine.board_rows(key, before_key, CASE
            WHEN anchor.user_id IS NULL OR place ? 'behind' THEN members[:most]
            WHEN place ? 'before' THEN ahead[:most]
            ELSE ahead[:most / 2] || CASE WHEN anchor.listed THEN anchor.user_id END || members[:most - most / 2 - 1]
        END),
        'me', CASE WHEN viewer IS NOT NULL THEN pine.own_row(key, before_key, viewer) END
    );
END
$$;

-- Somebody's own row, wherever it stands and even when nobody else may see it. Staff have none.
CREATE FUNCTION pine.own_row(key text, before_key text, member integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.users AS u WHERE u.id = member AND pine.user_type(u) = 'regular')
        OR NOT EXISTS (SELECT FROM public.period_totals AS t
                       WHERE t.user_id = member AND t.board = key AND t.earned > 0) THEN
        RETURN NULL;
    END IF;
    RETURN pine.board_rows(key, before_key, ARRAY[member]) -> 0;
END
$$;

-- Who is on a board and is called so: at most thirty, best first.
CREATE FUNCTION pine.find_on_board(period text, query text, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    key   text := pine.board_key(period, at);
    words text[] := pine.search_words(query);
BEGIN
    IF key IS NULL THEN
        PERFORM pine.refuse_value('period', 'A board is all, month, week, last_month, last_week or of an event type.');
    ELSIF pg_catalog.cardinality(words) = 0 THEN
        RETURN '[]';
    END IF;
    RETURN pine.board_rows(key, pine.board_key(pine.period_before(period), at), ARRAY(
        SELECT t.user_id
        FROM (
            -- By the words of names, as the door finds them, or exactly by the user name; never by an address.
            SELECT n.id
            FROM pg_catalog.unnest(pine.members_by_name_word(
                words[1], words[1] || pg_catalog.chr(1114111),
                ARRAY(SELECT pine.begin_pattern(word) FROM pg_catalog.unnest(words) AS word), 5000, 300)) AS n (id)
            UNION
            SELECT u.id FROM public.users AS u
            WHERE pg_catalog.lower(u.username) = pg_catalog.lower(pg_catalog.btrim(query))
        ) AS n
        JOIN public.period_totals AS t ON t.user_id = n.id AND t.board = key
        WHERE t.listed AND t.earned > 0
        ORDER BY -t.earned, t.name, t.user_id
        LIMIT 30));
END
$$;

-- The board that was computed whole has no reader any more.
DROP FUNCTION pine.board();
