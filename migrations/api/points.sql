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

GRANT EXECUTE ON FUNCTION api.profile(bytea) TO pine_staff, pine_kiosk;
