-- What staff do about the game by hand: points for special activities, redemptions, adjustments, levels, and the rules'
-- numbers. Each with a reason, in the ledger with who did it, and in the audit log.

-- What became of a change of points, and how the member stands after it.
CREATE FUNCTION pine.points_outcome(member integer, outcome text, entry integer, points integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'outcome', outcome, 'transaction_id', entry, 'points', points,
        'earned', coalesce(t.earned, 0), 'spendable', coalesce(t.spendable, 0))
    FROM (VALUES (member)) AS m (id)
    LEFT JOIN public.user_totals AS t ON t.user_id = m.id
$$;

-- A reason that has to be there.
CREATE FUNCTION pine.need_reason(typed text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    reason text := pine.read_reason(typed);
BEGIN
    IF reason IS NULL THEN
        PERFORM pine.refuse_value('reason', 'Say what for; it stands in the member''s ledger.');
    END IF;
    RETURN reason;
END
$$;

-- Awards a special activity, redeems or adjusts points; `points` is positive but for an adjustment that takes. What takes
-- points is `too_little` when the member does not have them: the balance is read under the member's lock, so that two at
-- once cannot both take the last ones.
CREATE FUNCTION pine.change_points(
    actor pine.actor, member users, kind text, points integer, reason text, nonce uuid, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why     text := pine.need_reason(reason);
    no_event public.events;
    change  integer;
    balance bigint;
    entry   integer;
BEGIN
    IF kind IS NULL OR kind NOT IN ('special_activity', 'redemption', 'adjustment') THEN
        PERFORM pine.refuse_value('kind', 'Points are given for a special activity, redeemed, or adjusted.');
    ELSIF points IS NULL OR points = 0 OR points NOT BETWEEN -1000000 AND 1000000 THEN
        PERFORM pine.refuse_value('points', 'Points are a whole number, not 0 and at most a million.');
    ELSIF points < 0 AND kind <> 'adjustment' THEN
        PERFORM pine.refuse_value('points', 'Points are a whole number, 1 or more.');
    END IF;
    change := CASE kind WHEN 'redemption' THEN -points ELSE points END;
    PERFORM pine.lock_games(ARRAY[member.id]);
    SELECT t.spendable INTO balance FROM public.user_totals AS t WHERE t.user_id = member.id;
    IF change < 0 AND balance + change < 0 THEN
        RETURN pine.points_outcome(member.id, 'too_little', NULL, 0);
    END IF;
    entry := pine.write_ledger(member.id, change, kind, why, no_event, pg_catalog.format('%s:%s', kind, nonce),
                               actor.user_id, at);
    PERFORM pine.audit(actor, kind, 'member', member.id, NULL, pg_catalog.jsonb_build_object(
        'transaction_id', entry, 'points', change, 'reason', why));
    RETURN pine.points_outcome(member.id, 'done', entry, change);
END
$$;

-- Takes such a change back by a row of its own, once. Giving back what was awarded must not bring the balance below zero
-- either; what events, weeks and levels brought goes back only with its cause.
CREATE FUNCTION pine.take_back_points(actor pine.actor, entry integer, reason text, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why     text := pine.need_reason(reason);
    award   public.points_transactions;
    balance bigint;
    taken   integer;
BEGIN
    SELECT * INTO award FROM public.points_transactions AS p WHERE p.id = entry;
    IF award.id IS NULL THEN
        RAISE EXCEPTION 'The ledger has no row %.', entry USING ERRCODE = 'PT404';
    ELSIF award.transaction_type NOT IN ('special_activity', 'redemption', 'adjustment') THEN
        RAISE EXCEPTION 'Only what staff wrote is taken back here; points of an event go back with its check-in.'
            USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.lock_games(ARRAY[award.user_id]);
    SELECT t.spendable INTO balance FROM public.user_totals AS t WHERE t.user_id = award.user_id;
    IF EXISTS (SELECT FROM public.points_transactions AS r WHERE r.reverses_id = award.id) THEN
        RETURN pine.points_outcome(award.user_id, 'already', NULL, 0);
    ELSIF award.points > 0 AND balance < award.points THEN
        RETURN pine.points_outcome(award.user_id, 'too_little', NULL, 0);
    END IF;
    taken := pine.reverse(award, actor, at);
    PERFORM pine.audit(actor, 'take_back_points', 'member', award.user_id, NULL, pg_catalog.jsonb_build_object(
        'transaction_id', award.id, 'points', taken, 'reason', why));
    RETURN pine.points_outcome(
        award.user_id, 'done', (SELECT r.id FROM public.points_transactions AS r WHERE r.reverses_id = award.id), taken);
END
$$;

-- Gives a member a level by hand, and the points that it brings; no fact takes it away. `already` when it stands.
CREATE FUNCTION pine.grant_level(
    actor pine.actor, member users, badge integer, level integer, reason text, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why      text := pine.need_reason(reason);
    family   public.badges;
    step     public.badge_levels;
    no_event public.events;
    told     jsonb;
BEGIN
    SELECT * INTO family FROM public.badges AS b WHERE b.id = badge;
    SELECT * INTO step FROM public.badge_levels AS l WHERE l.badge_id = badge AND l.level = grant_level.level;
    IF step.badge_id IS NULL THEN
        RAISE EXCEPTION 'There is no such badge or level.' USING ERRCODE = 'PT404';
    END IF;
    PERFORM pine.lock_games(ARRAY[member.id]);
    IF EXISTS (SELECT FROM public.badge_awards AS a
               WHERE a.user_id = member.id AND a.badge_id = badge AND a.level = step.level AND a.reversed_at IS NULL) THEN
        RETURN '{"outcome": "already"}';
    END IF;
    told := pine.award_level(member.id, family, step, NULL, no_event, actor.user_id, why, at);
    PERFORM pine.show_highest_level(member.id, badge);
    PERFORM pine.audit(actor, 'grant_badge', 'member', member.id, NULL, pg_catalog.jsonb_build_object(
        'badge_id', badge, 'badge', family.name, 'level', step.level, 'points', step.points, 'reason', why));
    RETURN pg_catalog.jsonb_build_object('outcome', 'granted', 'earned', told);
END
$$;

-- The rules as they stand: families with their levels, and the streak's numbers.
CREATE FUNCTION pine.game_rules() RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'streak_step', s.streak_step,
        'streak_most', s.streak_most,
        'skip_weeks_without_events', s.skip_weeks_without_events,
        'badges', (
            SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'id', b.id, 'name', b.name, 'description', coalesce(b.description, ''), 'rule', b.rule,
                'levels', (
                    SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                        'level', l.level, 'name', l.name, 'threshold', l.threshold, 'points', l.points)
                        ORDER BY l.level)
                    FROM public.badge_levels AS l
                    WHERE l.badge_id = b.id
                )) ORDER BY b.position, b.id), '[]')
            FROM public.badges AS b
            WHERE EXISTS (SELECT FROM public.badge_levels AS l WHERE l.badge_id = b.id)
        ))
    FROM public.settings AS s
$$;

-- Levels as a form brings them, `[{"threshold": 2, "points": 10} …]` from the first to the fifth: refuses what does not
-- rise.
CREATE FUNCTION pine.read_levels(badge integer, levels jsonb) RETURNS SETOF badge_levels
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    step   public.badge_levels;
    before integer := 0;
    line   jsonb;
BEGIN
    IF levels IS NULL OR pg_catalog.jsonb_typeof(levels) <> 'array'
        OR pg_catalog.jsonb_array_length(levels) <> (SELECT count(*) FROM public.badge_levels AS l WHERE l.badge_id = badge) THEN
        PERFORM pine.refuse_value('levels', 'A badge has five levels.');
    END IF;
    FOR step IN SELECT * FROM public.badge_levels AS l WHERE l.badge_id = badge ORDER BY l.level LOOP
        line := levels -> (step.level - 1);
        IF coalesce(line->>'threshold', '') !~ '^[0-9]{1,6}$' OR (line->>'threshold')::integer <= before THEN
            PERFORM pine.refuse_value('threshold_' || step.level, 'Each level needs more than the one before it.');
        ELSIF coalesce(line->>'points', '') !~ '^[0-9]{1,6}$' THEN
            PERFORM pine.refuse_value('points_' || step.level, 'Points are a whole number, 0 or more.');
        END IF;
        step.threshold := (line->>'threshold')::integer;
        step.points := (line->>'points')::integer;
        before := step.threshold;
        RETURN NEXT step;
    END LOOP;
END
$$;

-- Every member's fact in one family; members who are at nothing are left out.
CREATE FUNCTION pine.facts_of_all(rule text, OUT user_id integer, OUT facts integer) RETURNS SETOF record
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    CASE rule
        WHEN 'types' THEN
            RETURN QUERY
                SELECT a.user_id, count(DISTINCT e.event_type)::integer
                FROM public.event_attendees AS a
                JOIN public.events AS e ON e.id = a.event_id
                WHERE coalesce(a.status, 'attended') <> 'undone'
                GROUP BY a.user_id;
        WHEN 'referrals' THEN
            RETURN QUERY
                SELECT u.referred_by, count(*)::integer
                FROM public.users AS u
                WHERE u.referred_by IS NOT NULL
                  AND EXISTS (SELECT FROM public.event_attendees AS a
                              WHERE a.user_id = u.id AND coalesce(a.status, 'attended') <> 'undone')
                GROUP BY u.referred_by;
        WHEN 'weeks' THEN
            RETURN QUERY
                SELECT m.user_id, (pine.attended(m.user_id)).longest
                FROM (SELECT DISTINCT a.user_id FROM public.event_attendees AS a
                      WHERE coalesce(a.status, 'attended') <> 'undone') AS m;
        WHEN 'wins' THEN
            RETURN QUERY
                SELECT r.user_id, pine.wins(r.user_id)
                FROM (SELECT DISTINCT r.user_id FROM public.event_results AS r WHERE r.place = 1) AS r;
        WHEN 'connections' THEN
            RETURN QUERY
                SELECT m.id, pine.fact(m.id, 'connections', NULL)
                FROM (SELECT c.one_id FROM public.connections AS c WHERE c.confirmed_at IS NOT NULL
                      UNION
                      SELECT c.other_id FROM public.connections AS c WHERE c.confirmed_at IS NOT NULL) AS m (id);
    END CASE;
END
$$;

-- Who would gain which levels of a family under other thresholds: nobody loses any.
CREATE FUNCTION pine.would_gain(badge integer, levels jsonb, OUT user_id integer, OUT level integer, OUT points integer)
    RETURNS SETOF record
    LANGUAGE sql STABLE
AS $$
    SELECT f.user_id, l.level, l.points
    FROM public.badges AS b
    CROSS JOIN LATERAL pine.facts_of_all(b.rule) AS f
    JOIN pine.read_levels(badge, levels) AS l ON l.threshold <= f.facts
    WHERE b.id = badge
      AND NOT EXISTS (
          SELECT FROM public.badge_awards AS a
          WHERE a.user_id = f.user_id AND a.badge_id = badge AND a.level = l.level AND a.reversed_at IS NULL
      )
$$;

-- Gives up to `most` members the levels that they have reached and do not hold; answers how many it was.
CREATE FUNCTION pine.award_what_is_due(actor pine.actor, most integer, at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    due      record;
    no_event public.events;
    settled  integer := 0;
BEGIN
    FOR due IN
        SELECT d.user_id, pg_catalog.array_agg(DISTINCT d.rule) AS rules
        FROM pine.levels_due() AS d
        GROUP BY d.user_id
        ORDER BY d.user_id
        LIMIT most
    LOOP
        PERFORM pine.lock_games(ARRAY[due.user_id]);
        PERFORM pine.settle_badges(due.user_id, due.rules, pine.attended(due.user_id), no_event, actor, at);
        settled := settled + 1;
    END LOOP;
    RETURN settled;
END
$$;

-- Levels that members have reached and do not hold: after a rule was changed, or a history was brought along.
CREATE FUNCTION pine.levels_due(
    OUT user_id integer, OUT rule text, OUT badge_id integer, OUT level integer, OUT facts integer
) RETURNS SETOF record
    LANGUAGE sql STABLE
AS $$
    SELECT f.user_id, b.rule, b.id, l.level, f.facts
    FROM public.badges AS b
    CROSS JOIN LATERAL pine.facts_of_all(b.rule) AS f
    JOIN public.badge_levels AS l ON l.badge_id = b.id AND l.threshold <= f.facts
    WHERE b.rule IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM public.badge_awards AS a
          WHERE a.user_id = f.user_id AND a.badge_id = b.id AND a.level = l.level AND a.reversed_at IS NULL
      )
$$;
