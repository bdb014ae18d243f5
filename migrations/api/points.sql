-- Points as they are shown: the leaderboard, a member's own profile and ledger.

-- The all-time leaderboard: competition ranks (1, 2, 2, 4), ties by name, staff, inactive and opted-out members
-- left out. The asker's own row comes besides, wherever it stands and even when nobody else may see it.
CREATE FUNCTION api.leaderboard(token bytea, skip bigint, most bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    RETURN (
        WITH board AS MATERIALIZED (
            SELECT * FROM pine.board()
        )
        SELECT jsonb_build_object(
            'members', (SELECT count(*) FROM board),
            'skipped', greatest(skip, 0),
            'rows', (
                SELECT coalesce(jsonb_agg(page ORDER BY page.rank, page.full_name, page.user_id), '[]')
                FROM (
                    SELECT * FROM board AS b
                    ORDER BY b.rank, b.full_name, b.user_id
                    OFFSET greatest(skip, 0) LIMIT least(greatest(most, 0), 500)
                ) AS page
            ),
            'me', coalesce(
                (SELECT to_jsonb(b) FROM board AS b WHERE b.user_id = actor.user_id),
                (SELECT jsonb_build_object(
                     'rank', 1 + (SELECT count(*) FROM board AS b WHERE b.points > t.earned),
                     'tied', EXISTS (SELECT FROM board AS b WHERE b.points = t.earned),
                     'user_id', u.id, 'username', u.username, 'full_name', u.full_name, 'points', t.earned)
                 FROM public.users AS u
                 JOIN public.user_totals AS t ON t.user_id = u.id
                 WHERE u.id = actor.user_id AND pine.user_type(u) = 'regular' AND t.earned > 0)
            )
        )
    );
END
$$;

CREATE FUNCTION api.profile(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_member(token);
BEGIN
    RETURN (
        WITH board AS MATERIALIZED (
            SELECT * FROM pine.board()
        )
        SELECT jsonb_build_object(
            'user_id', u.id,
            'username', u.username,
            'full_name', u.full_name,
            'email', u.email,
            'created_at', u.created_at,
            'pass_code', u.pass_code,
            'earned', coalesce(t.earned, 0),
            'spendable', coalesce(t.spendable, 0),
            'attended', (SELECT count(*) FROM public.event_attendees AS a
                         WHERE a.user_id = u.id AND coalesce(a.status, 'attended') <> 'undone'),
            'rank', (SELECT b.rank FROM board AS b WHERE b.user_id = u.id),
            'members', (SELECT count(*) FROM board)
        )
        FROM public.users AS u
        LEFT JOIN public.user_totals AS t ON t.user_id = u.id
        WHERE u.id = actor.user_id
    );
END
$$;

-- A page of the asker's ledger, newest first. The balance is the running sum in order of id, over all rows.
CREATE FUNCTION api.ledger(token bytea, skip bigint, most bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_member(token);
BEGIN
    RETURN (
        WITH entries AS MATERIALIZED (
            SELECT p.id, p.points, p.transaction_type, coalesce(p.description, '') AS description,
                   p.transaction_date, p.counts_at, sum(p.points) OVER (ORDER BY p.id) AS balance
            FROM public.points_transactions AS p
            WHERE p.user_id = actor.user_id
        )
        SELECT jsonb_build_object(
            'total', (SELECT count(*) FROM entries),
            'rows', (
                SELECT coalesce(jsonb_agg(page ORDER BY page.id DESC), '[]')
                FROM (
                    SELECT * FROM entries AS e
                    ORDER BY e.id DESC
                    OFFSET greatest(skip, 0) LIMIT least(greatest(most, 0), 500)
                ) AS page
            )
        )
    );
END
$$;

GRANT EXECUTE ON FUNCTION api.leaderboard(bytea, bigint, bigint), api.profile(bytea), api.ledger(bytea, bigint, bigint)
    TO pine_staff, pine_kiosk;
