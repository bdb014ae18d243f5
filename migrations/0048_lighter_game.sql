-- What the game costs at the door. A statement of a few rows takes about ten microseconds to begin and end, whatever it
-- does, and a foreign key is one more of them: what a check-in runs for everybody is said in fewer statements here. What
-- they come to is the same.

-- Members and events are never deleted (see the triggers `stays`), and these rows are written by functions that have just
-- read both: their keys guarded against nothing, and each cost every check-in a look and a lock on the row that it points
-- at. Rows of the operator and the event were locked by all doors at once.
ALTER TABLE period_totals DROP CONSTRAINT period_totals_user_id_fkey;
ALTER TABLE check_in_log
    DROP CONSTRAINT check_in_log_event_id_fkey,
    DROP CONSTRAINT check_in_log_user_id_fkey,
    DROP CONSTRAINT check_in_log_operator_id_fkey;
ALTER TABLE audit_log DROP CONSTRAINT audit_log_actor_id_fkey;

-- Lines are only added, and deleted all at once: nobody looks one up.
ALTER TABLE rank_moves DROP CONSTRAINT rank_moves_pkey;

-- The boards on which a ledger row counts; a check-in asks for every row that it writes.
CREATE OR REPLACE FUNCTION pine.boards_of(counts_at timestamptz, event integer, at timestamptz) RETURNS text[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    zone   text;
    type   integer;
    -- Both as clocks on the wall show them.
    counts timestamp;
    now_is timestamp;
    month  timestamp;
    week   timestamp;
BEGIN
    SELECT s.time_zone, t.id INTO zone, type
    FROM public.settings AS s
    LEFT JOIN public.events AS e ON e.id = event
    LEFT JOIN public.event_types AS t ON t.name = e.event_type;
    counts := counts_at AT TIME ZONE zone;
    now_is := at AT TIME ZONE zone;
    month := pg_catalog.date_trunc('month', counts);
    week := pg_catalog.date_trunc('week', counts);
    RETURN pg_catalog.array_remove(ARRAY[
        'all',
        CASE WHEN month >= pg_catalog.date_trunc('month', now_is) - interval '2 months' THEN 'month:' || month::date END,
        CASE WHEN week >= pg_catalog.date_trunc('week', now_is) - interval '14 days' THEN 'week:' || week::date END,
        'type:' || type], NULL);
END
$$;

-- Brings a member's levels in some families to what the facts come to: levels that are not reached any more go, highest
-- first, by the threshold that each was awarded by; levels that are reached come, lowest first. Whoever calls holds the
-- member's game. Answers what came and went, as pine.reward_attendance tells it.
CREATE OR REPLACE FUNCTION pine.settle_badges(
    member integer, rules text[], came pine.attended, event events, actor pine.actor, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    told   jsonb := '[]';
    moving record;
    family public.badges;
    step   public.badge_levels;
    award  public.badge_awards;
BEGIN
    -- Mostly nothing moves, and this one look tells so.
    FOR moving IN
        SELECT b.id, f.facts
        FROM public.badges AS b
        CROSS JOIN LATERAL (
            SELECT CASE b.rule
                WHEN 'types' THEN came.types
                WHEN 'weeks' THEN came.longest
                ELSE pine.fact(member, b.rule, came)
            END
            -- Counted once, not in every place below that names it.
            OFFSET 0
        ) AS f (facts)
        WHERE b.rule = ANY (rules)
          AND (EXISTS (
                  SELECT FROM public.badge_awards AS a
                  WHERE a.user_id = member AND a.badge_id = b.id AND a.reversed_at IS NULL AND a.threshold > f.facts
               )
               OR EXISTS (
                  SELECT FROM public.badge_levels AS l
                  WHERE l.badge_id = b.id AND l.threshold <= f.facts
                    AND NOT EXISTS (
                        SELECT FROM public.badge_awards AS a
                        WHERE a.user_id = member AND a.badge_id = b.id AND a.level = l.level AND a.reversed_at IS NULL
                    )
               ))
        ORDER BY b.position
    LOOP
        SELECT * INTO family FROM public.badges AS b WHERE b.id = moving.id;
        FOR award IN
            SELECT * FROM public.badge_awards AS a
            WHERE a.user_id = member AND a.badge_id = family.id AND a.reversed_at IS NULL AND a.threshold > moving.facts
            ORDER BY a.level DESC
        LOOP
            UPDATE public.badge_awards AS a SET reversed_at = at WHERE a.id = award.id;
            SELECT * INTO step FROM public.badge_levels AS l WHERE l.badge_id = family.id AND l.level = award.level;
            told := told || pg_catalog.jsonb_build_object(
                'kind', 'badge', 'badge', family.name, 'level', award.level, 'level_name', step.name,
                'points', pine.reverse((SELECT p FROM public.points_transactions AS p
                                        WHERE p.id = award.transaction_id), actor, at));
        END LOOP;
        FOR step IN
            SELECT * FROM public.badge_levels AS l
            WHERE l.badge_id = family.id AND l.threshold <= moving.facts
              AND NOT EXISTS (
                  SELECT FROM public.badge_awards AS a
                  WHERE a.user_id = member AND a.badge_id = family.id AND a.level = l.level AND a.reversed_at IS NULL
              )
            ORDER BY l.level
        LOOP
            told := told || pine.award_level(member, family, step, step.threshold, event, NULL, NULL, at);
        END LOOP;
        PERFORM pine.show_highest_level(member, family.id);
    END LOOP;
    RETURN told;
END
$$;

-- The bonus of the week of an event that was just attended: paid with the week's first attendance, for the run up to this
-- week as it stands now, once. What later becomes of other weeks does not touch it.
CREATE OR REPLACE FUNCTION pine.reward_week(member integer, came pine.attended, event events, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    rules public.settings;
    week  date;
    place integer;
    bonus integer;
    times integer;
    entry integer;
BEGIN
    -- Where no run is longer than a week, none has a bonus.
    IF came.longest <= 1 THEN
        RETURN '[]';
    END IF;
    SELECT * INTO rules FROM public.settings;
    week := pine.monday(event.start_time, rules.time_zone);
    place := pg_catalog.array_position(came.weeks, week);
    bonus := least(rules.streak_step * (came.runs[place] - 1), rules.streak_most);
    IF bonus IS NULL OR bonus <= 0 OR came.events[place] <> 1 THEN
        RETURN '[]';
    END IF;
    PERFORM FROM public.week_bonuses AS b WHERE b.user_id = member AND b.monday = week AND b.reversed_at IS NULL;
    IF FOUND THEN
        RETURN '[]';
    END IF;
    SELECT 1 + count(*) INTO times FROM public.week_bonuses AS b WHERE b.user_id = member AND b.monday = week;
    entry := pine.write_ledger(
        member, bonus, 'streak_bonus', pg_catalog.format('Streak, week %s', came.runs[place]), event,
        pg_catalog.format('streak:%s:%s:%s', member, week, times), NULL, at);
    INSERT INTO public.week_bonuses (user_id, monday, number, weeks, transaction_id)
    VALUES (member, week, times, came.runs[place], entry);
    RETURN pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('kind', 'streak', 'points', bonus, 'weeks', came.runs[place]));
END
$$;

-- An attendance has begun: pays it, the week and the levels that it brings. Answers what the member earned, a list of
-- `kind` (attendance, streak, badge), `points`, and `weeks` or `badge`, `level` and `level_name`.
CREATE OR REPLACE FUNCTION pine.reward_attendance(member users, event events, generation integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
    SET enable_seqscan = off
    SET jit = off
AS $$
DECLARE
    nobody  pine.actor;
    touched integer[] := '{}';
    other   integer;
    came    pine.attended;
    paid    integer;
    told    jsonb := '[]';
BEGIN
    IF member.referred_by IS NULL AND generation = 1 THEN
        -- It touches nobody else, and a row of the ledger holds the member's game.
        paid := pine.pay_attendance(member.id, event, generation, at);
        IF paid = 0 THEN
            PERFORM pine.lock_games(ARRAY[member.id]);
        END IF;
    ELSE
        touched := pine.lock_touched(member.id, event.id, generation > 1);
        paid := pine.pay_attendance(member.id, event, generation, at);
    END IF;
    IF paid > 0 THEN
        told := told || pg_catalog.jsonb_build_object('kind', 'attendance', 'points', paid);
    END IF;
    came := pine.attended(member.id);
    told := told || pine.reward_week(member.id, came, event, at)
        || pine.settle_badges(
               member.id,
               CASE WHEN generation > 1 THEN '{types,weeks,wins,connections}' ELSE '{types,weeks}' END::text[],
               came, event, nobody, at);
    FOREACH other IN ARRAY touched LOOP
        PERFORM pine.settle_badges(other, '{referrals,connections}', NULL, event, nobody, at);
    END LOOP;
    RETURN told;
END
$$;

-- What a family counts, for everybody who has any of it: for verifying, and for looking ahead at other thresholds. Runs of
-- weeks are counted in one pass over all attendance: a week that no run comes up to begins one.
CREATE OR REPLACE FUNCTION pine.facts_of_all(rule text, OUT user_id integer, OUT facts integer) RETURNS SETOF record
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
                WITH weeks AS (
                    SELECT DISTINCT a.user_id, e.monday
                    FROM public.event_attendees AS a
                    JOIN (SELECT e.id, pine.monday(e.start_time, s.time_zone) AS monday
                          FROM public.events AS e CROSS JOIN public.settings AS s) AS e ON e.id = a.event_id
                    WHERE coalesce(a.status, 'attended') <> 'undone'
                ), begun AS (
                    SELECT w.user_id, w.monday,
                           NOT pine.follows(pg_catalog.lag(w.monday) OVER (PARTITION BY w.user_id ORDER BY w.monday),
                                            w.monday, s.time_zone, s.skip_weeks_without_events) AS is_new
                    FROM weeks AS w
                    CROSS JOIN public.settings AS s
                ), runs AS (
                    SELECT b.user_id, count(*) FILTER (WHERE b.is_new)
                                      OVER (PARTITION BY b.user_id ORDER BY b.monday) AS run
                    FROM begun AS b
                ), lengths AS (
                    SELECT r.user_id, count(*)::integer AS weeks FROM runs AS r GROUP BY r.user_id, r.run
                )
                SELECT l.user_id, max(l.weeks) FROM lengths AS l GROUP BY l.user_id;
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
