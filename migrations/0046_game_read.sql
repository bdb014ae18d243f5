-- What a member's game looks like: badges with the distance to the next level, weeks, ledger, facts.

-- A member's families: how far, which level stands, what the next one takes.
CREATE FUNCTION pine.badge_lines(member integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    came pine.attended := pine.attended(member);
BEGIN
    RETURN (
        SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
            'id', b.id, 'name', b.name, 'description', coalesce(b.description, ''), 'rule', b.rule,
            'facts', coalesce(pine.fact(member, b.rule, came), 0),
            'level', coalesce(h.level, 0),
            'level_name', h.name,
            'earned_date', h.earned_date,
            'next', CASE WHEN n.level IS NOT NULL THEN pg_catalog.jsonb_build_object(
                'level', n.level, 'name', n.name, 'threshold', n.threshold, 'points', n.points) END,
            'dates', (
                SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                    'level', a.level, 'name', l.name, 'earned_date', a.earned_date, 'by_hand', a.threshold IS NULL)
                    ORDER BY a.level), '[]')
                FROM public.badge_awards AS a
                LEFT JOIN public.badge_levels AS l ON l.badge_id = a.badge_id AND l.level = a.level
                WHERE a.user_id = member AND a.badge_id = b.id AND a.reversed_at IS NULL
            )
        ) ORDER BY b.position, b.id), '[]')
        FROM public.badges AS b
        LEFT JOIN LATERAL (
            SELECT a.level, a.earned_date, l.name
            FROM public.badge_awards AS a
            LEFT JOIN public.badge_levels AS l ON l.badge_id = a.badge_id AND l.level = a.level
            WHERE a.user_id = member AND a.badge_id = b.id AND a.reversed_at IS NULL
            ORDER BY a.level DESC
            LIMIT 1
        ) AS h ON true
        LEFT JOIN public.badge_levels AS n ON n.badge_id = b.id AND n.level = coalesce(h.level, 0) + 1
        WHERE h.level IS NOT NULL OR n.level IS NOT NULL
    );
END
$$;

-- Events attended in each of the last 53 weeks, the running one last.
CREATE FUNCTION pine.week_lines(member integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    zone text := (SELECT s.time_zone FROM public.settings AS s);
    this date := pine.monday(at, zone);
BEGIN
    RETURN (
        WITH came AS (
            SELECT pine.monday(e.start_time, zone) AS monday, count(*) AS events
            FROM public.event_attendees AS a
            JOIN public.events AS e ON e.id = a.event_id
            WHERE a.user_id = member AND coalesce(a.status, 'attended') <> 'undone'
            GROUP BY 1
        )
        SELECT pg_catalog.jsonb_agg(
                   pg_catalog.jsonb_build_object('monday', this - 7 * w.back, 'events', coalesce(c.events, 0))
                   ORDER BY w.back DESC)
        FROM pg_catalog.generate_series(0, 52) AS w (back)
        LEFT JOIN came AS c ON c.monday = this - 7 * w.back
    );
END
$$;

-- A member's game on one page.
CREATE FUNCTION pine.game_card(member users, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT pg_catalog.jsonb_build_object(
            'user_id', member.id, 'username', member.username, 'full_name', member.full_name,
            'created_at', member.created_at,
            'show_on_leaderboard', member.show_on_leaderboard,
            'earned', coalesce(t.earned, 0), 'spendable', coalesce(t.spendable, 0),
            'attended', (SELECT count(*) FROM public.event_attendees AS a
                         WHERE a.user_id = member.id AND coalesce(a.status, 'attended') <> 'undone'),
            'standing', pine.own_row('all', NULL, member.id),
            'members', (SELECT coalesce(sum(c.members), 0) FROM pine.counted('all', 100, 0, 9223372036854775807) AS c),
            'streak', pine.streaks(member.id, at),
            'weeks', pine.week_lines(member.id, at),
            'badges', pine.badge_lines(member.id))
        FROM (VALUES (member.id)) AS m (id)
        LEFT JOIN public.user_totals AS t ON t.user_id = m.id
    );
END
$$;

-- A page of a member's ledger, newest first, of one kind or of all, older than a row. The balance is the running sum in
-- order of id over all rows, whatever is shown.
CREATE FUNCTION pine.ledger_page(member integer, kind text, before integer, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF kind NOT IN ('event_attendance', 'streak_bonus', 'badge_award', 'special_activity', 'redemption', 'adjustment',
                    'reversal') THEN
        PERFORM pine.refuse_value('kind', 'The ledger knows no such kind.');
    END IF;
    RETURN (
        WITH entries AS MATERIALIZED (
            SELECT p.*, sum(p.points) OVER (ORDER BY p.id) AS balance
            FROM public.points_transactions AS p
            WHERE p.user_id = member
        ), page AS (
            SELECT * FROM entries AS e
            WHERE (kind IS NULL OR e.transaction_type = kind) AND (before IS NULL OR e.id < before)
            ORDER BY e.id DESC
            LIMIT least(greatest(most, 0), 500)
        )
        SELECT pg_catalog.jsonb_build_object(
            'total', (SELECT count(*) FROM entries AS e WHERE kind IS NULL OR e.transaction_type = kind),
            'rows', (
                SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                    'id', p.id, 'points', p.points, 'transaction_type', p.transaction_type,
                    'description', coalesce(p.description, ''), 'transaction_date', p.transaction_date,
                    'event_id', p.event_id, 'counts_at', p.counts_at, 'balance', p.balance,
                    'awarded_by', o.full_name, 'reverses_id', p.reverses_id, 'reversed_by', r.id) ORDER BY p.id DESC), '[]')
                FROM page AS p
                LEFT JOIN public.users AS o ON o.id = p.awarded_by
                LEFT JOIN public.points_transactions AS r ON r.reverses_id = p.id
            ))
    );
END
$$;

-- Points earned in each of the last 53 weeks by when they count, and the sum up to there.
CREATE FUNCTION pine.points_by_week(member integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    zone text := (SELECT s.time_zone FROM public.settings AS s);
    this date := pine.monday(at, zone);
BEGIN
    RETURN (
        WITH counted AS (
            -- What counts in a week to come is shown in the running one.
            SELECT least(pine.monday(coalesce(p.counts_at, p.transaction_date, points_by_week.at), zone), this) AS monday,
                   sum(p.points) AS earned
            FROM public.points_transactions AS p
            WHERE p.user_id = member AND pine.counts_as_earned(p)
            GROUP BY 1
        ), summed AS (
            SELECT w.monday, coalesce(c.earned, 0) AS earned,
                   (SELECT coalesce(sum(o.earned), 0) FROM counted AS o WHERE o.monday <= w.monday) AS total
            FROM (SELECT this - 7 * back AS monday FROM pg_catalog.generate_series(0, 52) AS back) AS w
            LEFT JOIN counted AS c ON c.monday = w.monday
        )
        SELECT pg_catalog.jsonb_agg(
                   pg_catalog.jsonb_build_object('monday', s.monday, 'earned', s.earned, 'total', s.total)
                   ORDER BY s.monday)
        FROM summed AS s
    );
END
$$;

-- What a member's levels stand on, for staff: every fact by name and day, and every level that ever came or went.
CREATE FUNCTION pine.fact_lines(member integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN pg_catalog.jsonb_build_object(
        'types', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', t.event_type, 'count', t.events, 'at', t.last) ORDER BY t.last DESC), '[]')
            FROM (
                SELECT e.event_type, count(*) AS events, max(e.start_time) AS last
                FROM public.event_attendees AS a
                JOIN public.events AS e ON e.id = a.event_id
                WHERE a.user_id = member AND coalesce(a.status, 'attended') <> 'undone'
                GROUP BY e.event_type
            ) AS t
        ),
        'wins', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', e.title, 'count', r.place, 'at', e.start_time) ORDER BY e.start_time DESC), '[]')
            FROM public.event_results AS r
            JOIN public.events AS e ON e.id = r.event_id
            JOIN public.event_types AS t ON t.name = e.event_type AND t.is_trivia
            WHERE r.user_id = member AND r.place = 1
        ),
        'connections', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', u.full_name, 'about', e.title, 'at', c.confirmed_at) ORDER BY c.confirmed_at DESC), '[]')
            FROM public.connections AS c
            JOIN public.users AS u ON u.id = CASE c.one_id WHEN member THEN c.other_id ELSE c.one_id END
            JOIN public.events AS e ON e.id = c.event_id
            WHERE (c.one_id = member OR c.other_id = member) AND c.confirmed_at IS NOT NULL
        ),
        'referrals', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', u.full_name, 'at', u.created_at,
                'count', (SELECT count(*) FROM public.event_attendees AS a
                          WHERE a.user_id = u.id AND coalesce(a.status, 'attended') <> 'undone'))
                ORDER BY u.created_at DESC), '[]')
            FROM public.users AS u
            WHERE u.referred_by = member
        ),
        'bonuses', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'monday', w.monday, 'weeks', w.weeks, 'points', p.points, 'reversed_at', w.reversed_at)
                ORDER BY w.monday DESC, w.number DESC), '[]')
            FROM public.week_bonuses AS w
            JOIN public.points_transactions AS p ON p.id = w.transaction_id
            WHERE w.user_id = member
        ),
        'awards', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'badge', b.name, 'level', a.level, 'level_name', l.name, 'threshold', a.threshold,
                'earned_date', a.earned_date, 'awarded_by', o.full_name, 'reason', a.reason,
                'reversed_at', a.reversed_at) ORDER BY a.earned_date DESC, a.id DESC), '[]')
            FROM public.badge_awards AS a
            JOIN public.badges AS b ON b.id = a.badge_id
            LEFT JOIN public.badge_levels AS l ON l.badge_id = a.badge_id AND l.level = a.level
            LEFT JOIN public.users AS o ON o.id = a.awarded_by
            WHERE a.user_id = member
        )
    );
END
$$;

-- What a member earned and was not told yet. Rows without a cause of their own were brought along from elsewhere.
CREATE FUNCTION pine.earned_since_told(member users) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        WITH news AS (
            SELECT p.id, p.points, p.transaction_type, p.description, p.transaction_date
            FROM public.points_transactions AS p
            WHERE p.user_id = member.id AND p.id > member.celebrated_through AND p.source_key IS NOT NULL AND p.points > 0
              AND p.transaction_type IN ('event_attendance', 'streak_bonus', 'badge_award', 'special_activity')
              AND NOT EXISTS (SELECT FROM public.points_transactions AS r WHERE r.reverses_id = p.id)
        )
        SELECT pg_catalog.jsonb_build_object(
            'through', coalesce(max(n.id), member.celebrated_through),
            'points', coalesce(sum(n.points), 0),
            'rows', coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'points', n.points, 'transaction_type', n.transaction_type,
                'description', coalesce(n.description, ''), 'transaction_date', n.transaction_date) ORDER BY n.id), '[]'))
        FROM news AS n
    );
END
$$;

-- A member's connections: who asked and waits for their yes, whom they asked, and whom they know.
CREATE FUNCTION pine.connection_lines(member integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'user_id', u.id, 'full_name', u.full_name, 'event_id', e.id, 'event_title', e.title,
        'asked_at', c.asked_at, 'confirmed_at', c.confirmed_at,
        'state', CASE WHEN c.confirmed_at IS NOT NULL THEN 'connected' WHEN c.asked_by = member THEN 'asked'
                      ELSE 'asks' END,
        'until', e.end_time + interval '48 hours')
        ORDER BY c.confirmed_at IS NOT NULL, coalesce(c.confirmed_at, c.asked_at) DESC, u.id), '[]')
    FROM public.connections AS c
    JOIN public.users AS u ON u.id = CASE c.one_id WHEN member THEN c.other_id ELSE c.one_id END
    JOIN public.events AS e ON e.id = c.event_id
    WHERE (c.one_id = member OR c.other_id = member)
      -- Who waited too long has to ask again at another event.
      AND (c.confirmed_at IS NOT NULL OR pine.clock() < e.end_time + interval '48 hours')
$$;

-- Whose game is asked about: one's own, or, by staff, anybody's.
CREATE FUNCTION pine.whose_game(actor pine.actor, member_id integer) RETURNS users
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF coalesce(member_id, actor.user_id) IS NULL THEN
        RAISE EXCEPTION 'That belongs to a member; sign in as one.' USING ERRCODE = 'PT403';
    ELSIF member_id IS DISTINCT FROM actor.user_id AND member_id IS NOT NULL AND actor.user_type NOT IN ('staff', 'admin') THEN
        RAISE EXCEPTION 'Only staff may see another member''s points.' USING ERRCODE = 'PT403';
    END IF;
    RETURN pine.member_numbered(coalesce(member_id, actor.user_id));
END
$$;

CREATE FUNCTION pine.connect_answer(actor pine.actor, other users, outcome text) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'outcome', outcome,
        -- Whoever has not met them learns no name from a code.
        'member', CASE WHEN outcome IN ('asked', 'connected', 'already') THEN pg_catalog.jsonb_build_object(
            'id', other.id, 'username', other.username, 'full_name', other.full_name) END)
$$;
