-- The engine of the game: facts in, ledger rows and badge levels out, in the transaction that changed the facts.
--
-- Whoever counts holds the member's row in user_totals (pine.lock_games): of two terminals that change one member's facts at
-- once, the second counts after the first has committed, and sees what it did. No row is shared by two members, but where one
-- member's fact is about another: a first attendance counts for whoever brought the member, a connection for both.

-- The bonus of a member's week, each time it was paid; at most one stands.
CREATE TABLE week_bonuses (
    user_id        integer     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    monday         date        NOT NULL,
    number         integer     NOT NULL,
    weeks          integer     NOT NULL,
    transaction_id integer     NOT NULL REFERENCES points_transactions (id),
    reversed_at    timestamptz,
    PRIMARY KEY (user_id, monday, number)
);

CREATE UNIQUE INDEX week_bonuses_standing ON week_bonuses (user_id, monday) WHERE reversed_at IS NULL;

-- What a member's attendance comes to: types of events, the Mondays of the weeks, in each the events and the length of the
-- run up to it, and the longest run.
CREATE TYPE pine.attended AS (types integer, weeks date[], events integer[], runs integer[], longest integer);

-- Whether no week breaks a streak between two: the later follows at once, or, where weeks without events do not count, there
-- was no event in between.
CREATE FUNCTION pine.follows(earlier date, later date, zone text, skip_empty boolean) RETURNS boolean
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF earlier IS NULL THEN
        RETURN false;
    ELSIF later - earlier <= 7 THEN
        RETURN true;
    END IF;
    RETURN skip_empty AND NOT EXISTS (
        SELECT
        FROM public.events AS e
        WHERE coalesce(e.is_active, true)
          AND e.start_time >= (earlier + 7)::timestamp AT TIME ZONE zone
          AND e.start_time < later::timestamp AT TIME ZONE zone
    );
END
$$;

CREATE FUNCTION pine.attended(member integer) RETURNS pine.attended
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    rules  public.settings;
    came   pine.attended;
    every  date[];
    week   date;
    before date;
    last   integer := 0;
BEGIN
    SELECT * INTO rules FROM public.settings;
    SELECT count(DISTINCT e.event_type),
           pg_catalog.array_agg(pine.monday(e.start_time, rules.time_zone)
                                ORDER BY pine.monday(e.start_time, rules.time_zone))
    INTO came.types, every
    FROM public.event_attendees AS a
    JOIN public.events AS e ON e.id = a.event_id
    WHERE a.user_id = member AND coalesce(a.status, 'attended') <> 'undone';
    came.weeks := '{}';
    came.events := '{}';
    came.runs := '{}';
    came.longest := 0;
    FOREACH week IN ARRAY coalesce(every, '{}') LOOP
        IF week = before THEN
            came.events[last] := came.events[last] + 1;
            CONTINUE;
        END IF;
        last := last + 1;
        came.weeks[last] := week;
        came.events[last] := 1;
        came.runs[last] := 1 + CASE
            WHEN pine.follows(before, week, rules.time_zone, rules.skip_weeks_without_events) THEN came.runs[last - 1]
            ELSE 0
        END;
        came.longest := greatest(came.longest, came.runs[last]);
        before := week;
    END LOOP;
    RETURN came;
END
$$;

-- A member's streak at a moment: the run that is alive and the longest. The running week breaks nothing: `at_risk` is a
-- streak that ends on Sunday if nothing is attended by then. An event of next week may be attended this Sunday evening
-- already; it counts where it belongs.
CREATE FUNCTION pine.streaks(member integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    rules   public.settings;
    came    pine.attended := pine.attended(member);
    this    date;
    place   integer;
    last    integer := pg_catalog.cardinality(came.weeks);
    is_safe boolean := false;
BEGIN
    SELECT * INTO rules FROM public.settings;
    this := pine.monday(at, rules.time_zone);
    SELECT max(w.place) INTO place
    FROM pg_catalog.unnest(came.weeks) WITH ORDINALITY AS w (week, place)
    WHERE w.week <= this;
    IF place IS NOT NULL AND pine.follows(came.weeks[place], this, rules.time_zone, rules.skip_weeks_without_events) THEN
        is_safe := came.weeks[place] = this
            OR rules.skip_weeks_without_events
               AND pine.follows(came.weeks[place], this + 7, rules.time_zone, true);
    ELSIF coalesce(place, 0) < last THEN
        place := coalesce(place, 0) + 1;
        is_safe := true;
    ELSE
        place := NULL;
    END IF;
    -- Weeks to come that are attended already lengthen the run.
    WHILE place < last AND came.runs[place + 1] = came.runs[place] + 1 LOOP
        place := place + 1;
    END LOOP;
    RETURN pg_catalog.jsonb_build_object(
        'current', coalesce(came.runs[place], 0),
        'longest', came.longest,
        'state', CASE WHEN place IS NULL THEN 'none' WHEN is_safe THEN 'safe' ELSE 'at_risk' END,
        'monday', this,
        'sunday', this + 6);
END
$$;

-- Trivia nights won: first places at events of a type that is trivia, by whoever was there.
CREATE FUNCTION pine.wins(member integer) RETURNS integer
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN (
        SELECT count(DISTINCT r.event_id)
        FROM public.event_results AS r
        JOIN public.events AS e ON e.id = r.event_id
        JOIN public.event_types AS t ON t.name = e.event_type
        JOIN public.event_attendees AS a ON a.user_id = r.user_id AND a.event_id = r.event_id
        WHERE r.user_id = member AND r.place = 1 AND t.is_trivia
          AND coalesce(a.status, 'attended') <> 'undone'
    );
END
$$;

-- How far a member is in what a family counts. `came` is their attendance, for the two that count it.
CREATE FUNCTION pine.fact(member integer, rule text, came pine.attended) RETURNS integer
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    RETURN CASE rule
        WHEN 'types' THEN came.types
        WHEN 'weeks' THEN came.longest
        WHEN 'wins' THEN pine.wins(member)
        WHEN 'referrals' THEN (
            SELECT count(*)
            FROM public.users AS u
            WHERE u.referred_by = member
              AND EXISTS (SELECT FROM public.event_attendees AS a
                          WHERE a.user_id = u.id AND coalesce(a.status, 'attended') <> 'undone')
        )
        WHEN 'connections' THEN (
            SELECT count(*)
            FROM public.connections AS c
            JOIN public.event_attendees AS one ON one.user_id = c.one_id AND one.event_id = c.event_id
            JOIN public.event_attendees AS other ON other.user_id = c.other_id AND other.event_id = c.event_id
            WHERE (c.one_id = member OR c.other_id = member)
              AND c.confirmed_at IS NOT NULL
              AND coalesce(one.status, 'attended') <> 'undone' AND coalesce(other.status, 'attended') <> 'undone'
        )
    END;
END
$$;

-- Adds a row to the ledger; answers its number.
CREATE FUNCTION pine.write_ledger(
    member integer, points integer, kind text, description text, event events, source_key text, awarded_by integer,
    at timestamptz
) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    entry integer;
BEGIN
    INSERT INTO public.points_transactions
        (user_id, points, transaction_type, description, event_id, transaction_date, source_key, counts_at, awarded_by)
    VALUES
        (member, points, kind, description, event.id, at, source_key, coalesce(event.start_time, at), awarded_by)
    RETURNING id INTO entry;
    RETURN entry;
END
$$;

-- Keeps user_badges at the highest level that stands.
CREATE FUNCTION pine.show_highest_level(member integer, badge integer) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    top public.badge_awards;
BEGIN
    SELECT * INTO top
    FROM public.badge_awards AS a
    WHERE a.user_id = member AND a.badge_id = badge AND a.reversed_at IS NULL
    ORDER BY a.level DESC
    LIMIT 1;
    IF top.id IS NULL THEN
        DELETE FROM public.user_badges AS h WHERE h.user_id = member AND h.badge_id = badge;
        RETURN;
    END IF;
    INSERT INTO public.user_badges AS h (user_id, badge_id, level, earned_date)
    VALUES (member, badge, top.level, top.earned_date)
    ON CONFLICT (user_id, badge_id) DO UPDATE SET level = excluded.level, earned_date = excluded.earned_date
    WHERE (h.level, h.earned_date) <> (excluded.level, excluded.earned_date);
END
$$;

-- Gives a member a level that does not stand, and its points. Without a threshold it is given by hand.
CREATE FUNCTION pine.award_level(
    member integer, badge badges, step badge_levels, threshold integer, event events, awarded_by integer, reason text,
    at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    number integer;
    entry  integer;
BEGIN
    SELECT 1 + count(*) INTO number
    FROM public.badge_awards AS a
    WHERE a.user_id = member AND a.badge_id = badge.id AND a.level = step.level;
    IF step.points > 0 THEN
        entry := pine.write_ledger(
            member, step.points, 'badge_award', pg_catalog.format('%s %s', badge.name, step.name), event,
            pg_catalog.format('badge:%s:%s:%s:%s', member, badge.id, step.level, number), awarded_by, at);
    END IF;
    INSERT INTO public.badge_awards
        (user_id, badge_id, level, number, threshold, earned_date, awarded_by, reason, transaction_id)
    VALUES (member, badge.id, step.level, number, threshold, at, awarded_by, reason, entry);
    RETURN pg_catalog.jsonb_build_object('kind', 'badge', 'points', step.points, 'badge', badge.name,
                                         'level', step.level, 'level_name', step.name);
END
$$;

-- Brings a member's levels in some families to what the facts come to: levels that are not reached any more go, highest
-- first, by the threshold that each was awarded by; levels that are reached come, lowest first. Whoever calls holds the
-- member's game. Answers what came and went, as pine.reward_attendance tells it.
CREATE FUNCTION pine.settle_badges(
    member integer, rules text[], came pine.attended, event events, actor pine.actor, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    told   jsonb := '[]';
    family public.badges;
    step   public.badge_levels;
    award  public.badge_awards;
    facts  integer;
    moved  boolean;
BEGIN
    FOR family IN SELECT * FROM public.badges AS b WHERE b.rule = ANY (rules) ORDER BY b.position LOOP
        facts := pine.fact(member, family.rule, came);
        moved := false;
        FOR award IN
            SELECT * FROM public.badge_awards AS a
            WHERE a.user_id = member AND a.badge_id = family.id AND a.reversed_at IS NULL AND a.threshold > facts
            ORDER BY a.level DESC
        LOOP
            UPDATE public.badge_awards AS a SET reversed_at = at WHERE a.id = award.id;
            SELECT * INTO step FROM public.badge_levels AS l WHERE l.badge_id = family.id AND l.level = award.level;
            told := told || pg_catalog.jsonb_build_object(
                'kind', 'badge', 'badge', family.name, 'level', award.level, 'level_name', step.name,
                'points', pine.reverse((SELECT p FROM public.points_transactions AS p
                                        WHERE p.id = award.transaction_id), actor, at));
            moved := true;
        END LOOP;
        FOR step IN
            SELECT * FROM public.badge_levels AS l
            WHERE l.badge_id = family.id AND l.threshold <= facts
              AND NOT EXISTS (
                  SELECT FROM public.badge_awards AS a
                  WHERE a.user_id = member AND a.badge_id = family.id AND a.level = l.level AND a.reversed_at IS NULL
              )
            ORDER BY l.level
        LOOP
            told := told || pine.award_level(member, family, step, step.threshold, event, NULL, NULL, at);
            moved := true;
        END LOOP;
        IF moved THEN
            PERFORM pine.show_highest_level(member, family.id);
        END IF;
    END LOOP;
    RETURN told;
END
$$;

-- The bonus of the week of an event that was just attended: paid with the week's first attendance, for the run up to this
-- week as it stands now, once. What later becomes of other weeks does not touch it.
CREATE FUNCTION pine.reward_week(member integer, came pine.attended, event events, at timestamptz) RETURNS jsonb
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
    SELECT * INTO rules FROM public.settings;
    week := pine.monday(event.start_time, rules.time_zone);
    place := pg_catalog.array_position(came.weeks, week);
    bonus := least(rules.streak_step * (came.runs[place] - 1), rules.streak_most);
    IF bonus IS NULL OR bonus <= 0 OR came.events[place] <> 1
        OR EXISTS (SELECT FROM public.week_bonuses AS b
                   WHERE b.user_id = member AND b.monday = week AND b.reversed_at IS NULL) THEN
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

-- Takes the bonus of a week back of which no attendance is left.
CREATE FUNCTION pine.take_back_week(member integer, came pine.attended, week date, actor pine.actor, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    held public.week_bonuses;
BEGIN
    SELECT * INTO held FROM public.week_bonuses AS b
    WHERE b.user_id = member AND b.monday = week AND b.reversed_at IS NULL;
    IF held.user_id IS NULL OR week = ANY (came.weeks) THEN
        RETURN '[]';
    END IF;
    UPDATE public.week_bonuses AS b
    SET reversed_at = at
    WHERE b.user_id = member AND b.monday = week AND b.number = held.number;
    RETURN pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object(
        'kind', 'streak', 'weeks', held.weeks,
        'points', pine.reverse((SELECT p FROM public.points_transactions AS p WHERE p.id = held.transaction_id),
                               actor, at)));
END
$$;
