-- Points as they are shown: a member's own profile and ledger.

CREATE FUNCTION api.profile(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_member(token);
BEGIN
    RETURN (
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
            -- Who is left out of the board has no rank on it.
            'rank', CASE WHEN pine.is_listed(u) THEN (pine.own_row('all', NULL, u.id)->>'rank')::bigint END,
            'members', (SELECT coalesce(sum(c.members), 0) FROM pine.counted('all', 100, 0, 9223372036854775807) AS c)
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

GRANT EXECUTE ON FUNCTION api.profile(bytea), api.ledger(bytea, bigint, bigint)
    TO pine_staff, pine_kiosk;
