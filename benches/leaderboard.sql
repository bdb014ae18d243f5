-- A community with a history: of each hundred members a few come for years and most a few times, week after week with a
-- gap now and then, to two thousand events of the last two years. Everything that follows from it is there as well: about
-- ten rows of the ledger a member, bonuses, badges, totals, boards. Run as a superuser, with triggers off: the sums are
-- made at the end.
SET session_replication_role = replica;

CREATE FUNCTION bench_history(members integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- Everything on these tables that is no constraint is laid anew afterwards, which is many times as fast.
    indexes text[] := ARRAY(
        SELECT pg_get_indexdef(i.indexrelid)
        FROM pg_index AS i
        WHERE i.indrelid IN ('users'::regclass, 'points_transactions'::regclass, 'event_attendees'::regclass,
                             'period_totals'::regclass)
          AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid));
    index   text;
BEGIN
    FOREACH index IN ARRAY indexes LOOP
        EXECUTE format('DROP INDEX %I', substring(index FROM 'INDEX (\S+) ON'));
    END LOOP;
    PERFORM setseed(0.42);

    INSERT INTO users (email, username, full_name, hashed_password, celebrated_through)
    SELECT format('m%s@example.org', n), format('m%s', n), format('Member %s', md5(n::text)), '!', 2147483647
    FROM generate_series(1, members) AS n;

    -- Twenty events a week, of six types, at an hour that is in the same week everywhere.
    INSERT INTO events (title, event_type, location, start_time, end_time, points_reward)
    SELECT format('Event %s', n), t.names[1 + n % cardinality(t.names)], 'Hall', at, at + interval '2 hours', 15
    FROM generate_series(0, 1999) AS n
    CROSS JOIN (SELECT array_agg(y.name ORDER BY y.id) AS names FROM event_types AS y) AS t
    CROSS JOIN LATERAL (
        SELECT date_trunc('week', now()) - n / 20 * interval '7 days' + n % 5 * interval '1 day' + interval '12 hours' AS at
    ) AS began;

    INSERT INTO event_attendees (user_id, event_id, status, check_in_time, generation)
    SELECT u.id, e.id, 'attended', e.start_time, 1
    FROM (
        SELECT u.id, floor(power(random(), 2) * 13)::integer AS times, floor(random() * 86)::integer AS last
        FROM users AS u
        WHERE u.username LIKE 'm%'
        OFFSET 0
    ) AS u
    CROSS JOIN LATERAL generate_series(0, u.times) AS w (week)
    -- A gap in the middle of whoever came often.
    JOIN (SELECT e.id, e.start_time, row_number() OVER (ORDER BY e.start_time DESC) - 1 AS place FROM events AS e) AS e
        ON e.place = (u.last + w.week + (w.week > 8)::integer) * 20 + (u.id + w.week) % 20;

    INSERT INTO points_transactions
        (user_id, points, transaction_type, description, event_id, transaction_date, source_key, counts_at)
    SELECT a.user_id, e.points_reward, 'event_attendance', 'Attended ' || e.title, e.id, e.start_time,
           format('attendance:%s:%s:%s', e.id, a.user_id, a.generation), e.start_time
    FROM event_attendees AS a
    JOIN events AS e ON e.id = a.event_id;

    -- The bonus of a week: five for each week of the run before it, at most fifty.
    CREATE TEMPORARY TABLE bonus ON COMMIT DROP AS
    SELECT nextval('points_transactions_id_seq')::integer AS entry, r.user_id, r.monday, r.run, r.event_id, r.start_time
    FROM (
        SELECT w.user_id, w.monday, w.event_id, w.start_time,
               row_number() OVER (PARTITION BY w.user_id, w.island ORDER BY w.monday)::integer AS run
        FROM (
            SELECT a.user_id, e.id AS event_id, e.start_time, pine.monday(e.start_time, s.time_zone) AS monday,
                   pine.monday(e.start_time, s.time_zone)
                       - 7 * (row_number() OVER (PARTITION BY a.user_id ORDER BY e.start_time))::integer AS island
            FROM event_attendees AS a
            JOIN events AS e ON e.id = a.event_id
            CROSS JOIN settings AS s
        ) AS w
    ) AS r
    WHERE r.run > 1;
    INSERT INTO points_transactions
        (id, user_id, points, transaction_type, description, event_id, transaction_date, source_key, counts_at)
    SELECT b.entry, b.user_id, least(5 * (b.run - 1), 50), 'streak_bonus', format('Streak, week %s', b.run), b.event_id,
           b.start_time, format('streak:%s:%s:1', b.user_id, b.monday), b.start_time
    FROM bonus AS b;
    INSERT INTO week_bonuses (user_id, monday, number, weeks, transaction_id)
    SELECT b.user_id, b.monday, 1, b.run, b.entry FROM bonus AS b;

    CREATE TEMPORARY TABLE reached ON COMMIT DROP AS
    SELECT nextval('points_transactions_id_seq')::integer AS entry, f.user_id, b.id AS badge_id, b.name AS badge, l.*,
           now() - f.user_id % 700 * interval '1 day' AS at
    FROM badges AS b
    CROSS JOIN LATERAL pine.facts_of_all(b.rule) AS f
    JOIN badge_levels AS l (of_badge, level, name, threshold, points) ON l.of_badge = b.id AND l.threshold <= f.facts;
    INSERT INTO points_transactions
        (id, user_id, points, transaction_type, description, transaction_date, source_key, counts_at)
    SELECT r.entry, r.user_id, r.points, 'badge_award', format('%s %s', r.badge, r.name), r.at,
           format('badge:%s:%s:%s:1', r.user_id, r.badge_id, r.level), r.at
    FROM reached AS r;
    INSERT INTO badge_awards (user_id, badge_id, level, number, threshold, earned_date, transaction_id)
    SELECT r.user_id, r.badge_id, r.level, 1, r.threshold, r.at, r.entry FROM reached AS r;
    INSERT INTO user_badges (user_id, badge_id, level, earned_date)
    SELECT DISTINCT ON (r.user_id, r.badge_id) r.user_id, r.badge_id, r.level, r.at
    FROM reached AS r
    ORDER BY r.user_id, r.badge_id, r.level DESC;

    INSERT INTO user_totals (user_id, earned, spendable)
    SELECT p.user_id, sum(p.points), sum(p.points) FROM points_transactions AS p GROUP BY p.user_id;
    FOREACH index IN ARRAY indexes LOOP
        EXECUTE index;
    END LOOP;
    PERFORM pine.rebuild_boards();
END
$$;
