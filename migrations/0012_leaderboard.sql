-- The all-time leaderboard, whole: competition ranks over points earned. Staff, inactive and opted-out members
-- are left out, and so are those who have earned nothing yet.

CREATE FUNCTION pine.board(
    OUT rank bigint, OUT tied boolean, OUT user_id integer, OUT username text, OUT full_name text, OUT points bigint
) RETURNS SETOF record
    LANGUAGE sql STABLE
AS $$
    SELECT rank() OVER (ORDER BY t.earned DESC),
           count(*) OVER (PARTITION BY t.earned) > 1,
           u.id, u.username, u.full_name, t.earned
    FROM public.user_totals AS t
    JOIN public.users AS u ON u.id = t.user_id
    WHERE t.earned > 0
      AND coalesce(u.is_active, true)
      AND u.show_on_leaderboard
      AND pine.user_type(u) = 'regular'
$$;
