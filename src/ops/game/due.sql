-- Levels that are reached and not held: they come with the next thing the member does.
SELECT format('member %s: level %s of badge %s is reached with %s', d.user_id, d.level, d.badge_id, d.facts)
FROM pine.levels_due() AS d
LIMIT 1000
