-- Levels of a history that came without a record of how they were reached: what members hold stands, and what their
-- attendance has reached besides counts as reached before. Neither is paid, now or with the next check-in.
INSERT INTO badge_awards (user_id, badge_id, level, number, earned_date, reason)
SELECT h.user_id, h.badge_id, l.level, 1, h.earned_date, 'Held before'
FROM user_badges AS h
CROSS JOIN LATERAL generate_series(1, least(greatest(h.level, 1), 5)) AS l (level)
WHERE NOT EXISTS (
    SELECT FROM badge_awards AS a WHERE a.user_id = h.user_id AND a.badge_id = h.badge_id AND a.level = l.level
);

INSERT INTO badge_awards (user_id, badge_id, level, number, threshold, earned_date, reason)
SELECT d.user_id, d.badge_id, d.level, 1, v.threshold, now(), 'Reached before'
FROM pine.levels_due() AS d
JOIN badge_levels AS v ON v.badge_id = d.badge_id AND v.level = d.level
JOIN pg_temp.new_users AS n ON n.id = d.user_id AND n._reason IS NULL AND NOT n._known
WHERE NOT EXISTS (
    SELECT FROM badge_awards AS a WHERE a.user_id = d.user_id AND a.badge_id = d.badge_id AND a.level = d.level
);

INSERT INTO user_badges AS h (user_id, badge_id, level, earned_date)
SELECT DISTINCT ON (a.user_id, a.badge_id) a.user_id, a.badge_id, a.level, a.earned_date
FROM badge_awards AS a
WHERE a.reversed_at IS NULL
ORDER BY a.user_id, a.badge_id, a.level DESC
ON CONFLICT (user_id, badge_id) DO UPDATE SET level = excluded.level, earned_date = excluded.earned_date
WHERE h.level < excluded.level;
