-- Types that events are of and that nobody brought along.
INSERT INTO event_types (name)
SELECT DISTINCT e.event_type
FROM events AS e
WHERE btrim(e.event_type) <> '' AND NOT EXISTS (SELECT FROM event_types AS t WHERE t.name = e.event_type);
