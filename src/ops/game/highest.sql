-- Badges whose level is not the highest that stands.
SELECT format('member %s: badge %s is shown at level %s, the highest that stands is %s', coalesce(h.user_id, a.user_id),
              coalesce(h.badge_id, a.badge_id), coalesce(h.level, 0), coalesce(a.level, 0))
FROM user_badges AS h
FULL JOIN (
    SELECT s.user_id, s.badge_id, max(s.level) AS level
    FROM badge_awards AS s
    WHERE s.reversed_at IS NULL
    GROUP BY s.user_id, s.badge_id
) AS a ON a.user_id = h.user_id AND a.badge_id = h.badge_id
WHERE coalesce(h.level, 0) <> coalesce(a.level, 0)
LIMIT 1000
