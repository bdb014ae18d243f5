-- The game at the staff's desk: points and levels by hand, facts, rules.

CREATE FUNCTION api.member_facts(token bytea, member_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    member public.users := pine.member_numbered(member_id);
BEGIN
    RETURN pine.fact_lines(member.id);
END
$$;

-- Awards a special activity, redeems, or adjusts points: `special_activity`, `redemption`, `adjustment`.
CREATE FUNCTION api.change_points(token bytea, nonce uuid, member_id integer, kind text, points integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'change_points', nonce,
                                       jsonb_build_array(member_id, kind, points, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.change_points(
        actor, pine.member_numbered(member_id), kind, points, reason, nonce, pine.clock()));
END
$$;

-- Takes such a change back.
CREATE FUNCTION api.take_back_points(token bytea, nonce uuid, transaction_id integer, reason text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'take_back_points', nonce, jsonb_build_array(transaction_id, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce,
                            pine.take_back_points(actor, transaction_id, reason, pine.clock()));
END
$$;

CREATE FUNCTION api.grant_badge(token bytea, nonce uuid, member_id integer, badge_id integer, level integer, reason text)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'grant_badge', nonce,
                                       jsonb_build_array(member_id, badge_id, level, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.grant_level(
        actor, pine.member_numbered(member_id), badge_id, level, reason, pine.clock()));
END
$$;

-- Takes a level back that was given by hand; `award_id` is one of api.member_facts.
CREATE FUNCTION api.take_back_badge(token bytea, nonce uuid, award_id bigint, reason text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'take_back_badge', nonce, jsonb_build_array(award_id, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.take_back_level(actor, award_id, reason, pine.clock()));
END
$$;

-- Who would gain what under other thresholds and points of a family: how many levels and members, and the first of them.
CREATE FUNCTION api.preview_badge_levels(token bytea, badge_id integer, levels jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN (
        WITH gains AS MATERIALIZED (
            SELECT g.user_id, max(g.level) AS level, count(*) AS levels, sum(g.points) AS points
            FROM pine.would_gain(badge_id, levels) AS g
            GROUP BY g.user_id
        )
        SELECT jsonb_build_object(
            'members', (SELECT count(*) FROM gains),
            'levels', (SELECT coalesce(sum(g.levels), 0) FROM gains AS g),
            'points', (SELECT coalesce(sum(g.points), 0) FROM gains AS g),
            'first', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'user_id', f.user_id, 'full_name', f.full_name, 'level', f.level, 'points', f.points)
                    ORDER BY f.full_name, f.user_id), '[]')
                FROM (
                    SELECT g.*, u.full_name
                    FROM gains AS g
                    JOIN public.users AS u ON u.id = g.user_id
                    ORDER BY u.full_name, u.id
                    LIMIT 50
                ) AS f
            ))
    );
END
$$;

-- Sets a family's thresholds and points. Nobody loses anything by it; up to a thousand members get at once what they have
-- reached, the others with the next thing they do.
CREATE FUNCTION api.set_badge_levels(token bytea, nonce uuid, badge_id integer, levels jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'set_badge_levels', nonce, jsonb_build_array(badge_id, levels));
    before jsonb;
    gained integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    -- One after another: two forms saved at once must not leave levels that do not rise.
    PERFORM FROM public.badge_levels AS l WHERE l.badge_id = set_badge_levels.badge_id ORDER BY l.level FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such badge.' USING ERRCODE = 'PT404';
    END IF;
    SELECT jsonb_agg(jsonb_build_object('threshold', l.threshold, 'points', l.points) ORDER BY l.level) INTO before
    FROM public.badge_levels AS l
    WHERE l.badge_id = set_badge_levels.badge_id;
    UPDATE public.badge_levels AS l
    SET threshold = r.threshold, points = r.points
    FROM pine.read_levels(set_badge_levels.badge_id, levels) AS r
    WHERE l.badge_id = r.badge_id AND l.level = r.level;
    PERFORM pine.audit(actor, 'set_badge_levels', 'badge', badge_id, before, levels);
    gained := pine.award_what_is_due(actor, 1000, pine.clock());
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object('gained', gained, 'rules', pine.game_rules()));
END
$$;

-- Sets what a streak pays, and whether weeks without any event break it. What was paid stays.
CREATE FUNCTION api.set_streak_rules(
    token bytea, nonce uuid, streak_step integer, streak_most integer, skip_weeks_without_events boolean
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'set_streak_rules', nonce, jsonb_build_array(
        streak_step, streak_most, skip_weeks_without_events));
    before jsonb;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF streak_step IS NULL OR streak_step NOT BETWEEN 0 AND 10000 THEN
        PERFORM pine.refuse_value('streak_step', 'Points a week are a whole number from 0 to 10000.');
    ELSIF streak_most IS NULL OR streak_most NOT BETWEEN 0 AND 10000 THEN
        PERFORM pine.refuse_value('streak_most', 'The most points are a whole number from 0 to 10000.');
    END IF;
    SELECT jsonb_build_object('streak_step', s.streak_step, 'streak_most', s.streak_most,
                              'skip_weeks_without_events', s.skip_weeks_without_events) INTO before
    FROM public.settings AS s
    FOR NO KEY UPDATE;
    UPDATE public.settings AS s
    SET streak_step = set_streak_rules.streak_step,
        streak_most = set_streak_rules.streak_most,
        skip_weeks_without_events = coalesce(set_streak_rules.skip_weeks_without_events, false);
    PERFORM pine.audit(actor, 'set_streak_rules', 'settings', NULL, before, jsonb_build_object(
        'streak_step', streak_step, 'streak_most', streak_most, 'skip_weeks_without_events', skip_weeks_without_events));
    RETURN pine.end_request(actor.key, nonce, pine.game_rules());
END
$$;

GRANT EXECUTE ON FUNCTION
    api.member_facts(bytea, integer),
    api.change_points(bytea, uuid, integer, text, integer, text),
    api.take_back_points(bytea, uuid, integer, text),
    api.grant_badge(bytea, uuid, integer, integer, integer, text),
    api.take_back_badge(bytea, uuid, bigint, text),
    api.preview_badge_levels(bytea, integer, jsonb),
    api.set_badge_levels(bytea, uuid, integer, jsonb),
    api.set_streak_rules(bytea, uuid, integer, integer, boolean)
    TO pine_staff;
