-- Badges, and who holds which level of them. In an older form each row of `badges` is a badge that somebody holds, and the
-- badges themselves are the rows of `badge_types`.

CREATE TEMPORARY TABLE new_badges ON COMMIT DROP AS
SELECT b.id::integer                                                               AS id,
       coalesce(pg_temp.line(b.name, 255), pg_temp.line(t.name, 255), 'Badge ' || b.id) AS name,
       pg_temp.lines(b.description)                                                AS description,
       coalesce(pg_temp.line(t.badge_type, 50), pg_temp.line(b.badge_type, 50), 'other')   AS badge_type,
       coalesce(pg_temp.line(b.category, 50), 'other')                             AS category,
       pg_temp.line(b.icon_url, 255)                                               AS icon_url,
       pg_temp.moment(b.created_at)                                                AS created_at
FROM old_badges AS b
LEFT JOIN old_badge_types AS t ON t.id = b.badge_type_id
WHERE b.id BETWEEN 1 AND 2147483647
UNION ALL
SELECT t.id::integer, coalesce(pg_temp.line(t.name, 255), 'Badge ' || t.id), pg_temp.lines(t.description),
       coalesce(pg_temp.line(t.badge_type, 50), 'other'), coalesce(pg_temp.line(t.category, 50), 'other'),
       pg_temp.line(t.icon_url, 255), NULL
FROM old_badge_types AS t
WHERE NOT EXISTS (SELECT FROM old_badges) AND t.id BETWEEN 1 AND 2147483647;

-- Held badges that name none by number, only by its words, are told apart by these.
INSERT INTO new_badges (id, name, badge_type, category)
SELECT (SELECT coalesce(max(b.id), 0) FROM new_badges AS b)
           + row_number() OVER (ORDER BY min(h.id)),
       h.name, coalesce(max(pg_temp.line(h.badge_type, 50)), 'other'), 'other'
FROM (SELECT o.id, o.badge_type, coalesce(pg_temp.line(o.name, 255), pg_temp.line(o.badge_type, 255)) AS name, o.badge_id
      FROM old_user_badges AS o) AS h
WHERE h.badge_id IS NULL AND h.name IS NOT NULL
  AND NOT EXISTS (SELECT FROM new_badges AS b WHERE lower(b.name) = lower(h.name))
GROUP BY h.name;
CREATE INDEX ON new_badges (id);

CREATE TEMPORARY TABLE read_user_badges ON COMMIT DROP AS
SELECT h.id::integer                                         AS id,
       u.id                                                  AS user_id,
       b.id                                                  AS badge_id,
       coalesce(h.level, l.level)                            AS told,
       least(greatest(coalesce(h.level, l.level, 1), 1), 5)::integer AS level,
       pg_temp.moment(h.earned_date)                         AS earned_date
FROM old_user_badges AS h
JOIN new_users AS u ON u.id = h.user_id
JOIN LATERAL (
    SELECT b.id FROM new_badges AS b
    WHERE b.id = h.badge_id
       OR h.badge_id IS NULL
          AND lower(b.name) = lower(coalesce(pg_temp.line(h.name, 255), pg_temp.line(h.badge_type, 255)))
    ORDER BY b.id
    LIMIT 1
) AS b ON true
LEFT JOIN old_badge_types AS t ON t.id = b.id AND NOT EXISTS (SELECT FROM old_badges)
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.level ~ '^[1-9]$' THEN t.level::bigint
                ELSE array_position(ARRAY['bronze', 'silver', 'gold', 'platinum', 'diamond'], pg_temp.word(t.level))
           END
) AS l (level)
WHERE h.id BETWEEN 1 AND 2147483647;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'reference', 'user_badges', h.id,
       format('left behind: there is no member %s or no badge %s', coalesce(h.user_id::text, '-'),
              coalesce(h.badge_id::text, pg_temp.said(coalesce(h.name, h.badge_type))))
FROM old_user_badges AS h
WHERE NOT EXISTS (SELECT FROM read_user_badges AS r WHERE r.id = h.id) AND h.id BETWEEN 1 AND 2147483647
UNION ALL
SELECT 'badge', 'user_badges', r.id, format('the level %s becomes %s: there are five', r.told, r.level)
FROM read_user_badges AS r
WHERE r.told <> r.level
ORDER BY 3;

-- Of several of the same badge the highest level is kept, of equal ones the first earned.
CREATE TEMPORARY TABLE new_user_badges ON COMMIT DROP AS
SELECT DISTINCT ON (r.user_id, r.badge_id)
       r.id, r.user_id, r.badge_id, r.level, coalesce(r.earned_date, now()) AS earned_date
FROM read_user_badges AS r
ORDER BY r.user_id, r.badge_id, r.level DESC, r.earned_date NULLS LAST, r.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'duplicate', 'user_badges', r.id,
       format('member %s holds badge %s by %s too, which is kept (%s); this one is left behind', r.user_id, r.badge_id, n.id,
              CASE WHEN n.level > r.level THEN format('level %s beats %s', n.level, r.level) ELSE 'it was earned earlier' END)
FROM read_user_badges AS r
JOIN new_user_badges AS n USING (user_id, badge_id)
WHERE n.id <> r.id
ORDER BY r.id;
