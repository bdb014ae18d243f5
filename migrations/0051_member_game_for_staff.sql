-- What staff see of a member's game and take back in it: every fact says whether it counts, and a level that was given by
-- hand goes again, with exactly what it paid.

-- What a member's levels stand on, for staff: the events they attended, every fact by name and day and whether it counts, and
-- every level that ever came or went.
CREATE OR REPLACE FUNCTION pine.fact_lines(member integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN pg_catalog.jsonb_build_object(
        'attended', (SELECT count(*) FROM public.event_attendees AS a
                     WHERE a.user_id = member AND coalesce(a.status, 'attended') <> 'undone'),
        'attendances', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', c.title, 'about', c.event_type, 'at', c.start_time) ORDER BY c.start_time DESC, c.id DESC), '[]')
            FROM (
                SELECT e.id, e.title, e.event_type, e.start_time
                FROM public.event_attendees AS a
                JOIN public.events AS e ON e.id = a.event_id
                WHERE a.user_id = member AND coalesce(a.status, 'attended') <> 'undone'
                ORDER BY e.start_time DESC, e.id DESC
                LIMIT 500
            ) AS c
        ),
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
                'name', e.title, 'count', r.place, 'at', e.start_time,
                'counts', EXISTS (SELECT FROM public.event_attendees AS a
                                  WHERE a.user_id = member AND a.event_id = e.id
                                    AND coalesce(a.status, 'attended') <> 'undone'))
                ORDER BY e.start_time DESC), '[]')
            FROM public.event_results AS r
            JOIN public.events AS e ON e.id = r.event_id
            JOIN public.event_types AS t ON t.name = e.event_type AND t.is_trivia
            WHERE r.user_id = member AND r.place = 1
        ),
        'connections', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', u.full_name, 'about', e.title, 'at', c.confirmed_at,
                'counts', 2 = (SELECT count(*) FROM public.event_attendees AS a
                               WHERE a.user_id IN (c.one_id, c.other_id) AND a.event_id = c.event_id
                                 AND coalesce(a.status, 'attended') <> 'undone'))
                ORDER BY c.confirmed_at DESC), '[]')
            FROM public.connections AS c
            JOIN public.users AS u ON u.id = CASE c.one_id WHEN member THEN c.other_id ELSE c.one_id END
            JOIN public.events AS e ON e.id = c.event_id
            WHERE (c.one_id = member OR c.other_id = member) AND c.confirmed_at IS NOT NULL
        ),
        'referrals', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'name', r.full_name, 'at', r.created_at, 'count', r.events, 'counts', r.events > 0)
                ORDER BY r.created_at DESC), '[]')
            FROM (
                SELECT u.full_name, u.created_at,
                       (SELECT count(*) FROM public.event_attendees AS a
                        WHERE a.user_id = u.id AND coalesce(a.status, 'attended') <> 'undone') AS events
                FROM public.users AS u
                WHERE u.referred_by = member
            ) AS r
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
                'id', a.id, 'badge', b.name, 'level', a.level, 'level_name', l.name, 'threshold', a.threshold,
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

-- Takes a level back that no fact gave, with what it paid. If the facts reach it by now it comes again by them at once.
-- Like every change by hand it leaves no balance below zero: then it is `too_little`, and nothing was done.
CREATE FUNCTION pine.take_back_level(actor pine.actor, award_id bigint, reason text, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why      text := pine.need_reason(reason);
    award    public.badge_awards;
    family   public.badges;
    paid     public.points_transactions;
    no_event public.events;
    came     pine.attended;
    again    integer;
    told     jsonb;
    points   integer;
BEGIN
    SELECT * INTO award FROM public.badge_awards AS a WHERE a.id = award_id;
    IF award.id IS NULL THEN
        RAISE EXCEPTION 'There is no such level.' USING ERRCODE = 'PT404';
    ELSIF award.threshold IS NOT NULL THEN
        RAISE EXCEPTION 'Only a level given by hand is taken back here; this one goes with the facts that brought it.'
            USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.lock_games(ARRAY[award.user_id]);
    -- Read again: somebody else may have taken it back until the lock was free.
    SELECT * INTO award FROM public.badge_awards AS a WHERE a.id = award_id;
    IF award.reversed_at IS NOT NULL THEN
        RETURN pine.points_outcome(award.user_id, 'already', NULL, 0) || '{"again": false}';
    END IF;
    SELECT * INTO family FROM public.badges AS b WHERE b.id = award.badge_id;
    SELECT * INTO paid FROM public.points_transactions AS p WHERE p.id = award.transaction_id;
    came := pine.attended(award.user_id);
    SELECT l.points INTO again
    FROM public.badge_levels AS l
    WHERE l.badge_id = award.badge_id AND l.level = award.level AND l.threshold <= pine.fact(award.user_id, family.rule, came);
    IF (SELECT t.spendable FROM public.user_totals AS t WHERE t.user_id = award.user_id)
        - coalesce(paid.points, 0) + coalesce(again, 0) < 0 THEN
        RETURN pine.points_outcome(award.user_id, 'too_little', NULL, 0) || '{"again": false}';
    END IF;
    UPDATE public.badge_awards AS a SET reversed_at = at WHERE a.id = award.id;
    points := pine.reverse(paid, actor, at);
    told := pine.settle_badges(award.user_id, ARRAY[family.rule], came, no_event, actor, at);
    PERFORM pine.show_highest_level(award.user_id, award.badge_id);
    PERFORM pine.audit(actor, 'take_back_badge', 'member', award.user_id, NULL, pg_catalog.jsonb_build_object(
        'award_id', award.id, 'badge_id', award.badge_id, 'badge', family.name, 'level', award.level,
        'points', points, 'reason', why));
    RETURN pine.points_outcome(
        award.user_id, 'done',
        (SELECT r.id FROM public.points_transactions AS r WHERE r.reverses_id = paid.id),
        points + pine.points_told(told)) || pg_catalog.jsonb_build_object('again', again IS NOT NULL);
END
$$;
