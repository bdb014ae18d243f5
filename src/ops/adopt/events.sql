-- Events: when they are, what they cost.

CREATE TEMPORARY TABLE new_events ON COMMIT DROP AS
SELECT e.id::integer                                                       AS id,
       coalesce(pg_temp.line(e.title, 255), 'Event ' || e.id)              AS title,
       pg_temp.lines(e.description)                                        AS description,
       coalesce(pg_temp.line(e.event_type, 50), 'other')                   AS event_type,
       coalesce(pg_temp.line(e.location, 255), 'Not told')                 AS location,
       coalesce(w.starts, w.ends - interval '2 hours', w.made, w.never)    AS start_time,
       CASE WHEN w.ends > coalesce(w.starts, w.ends - interval '2 hours') THEN w.ends
            ELSE coalesce(w.starts, w.made, w.never) + interval '2 hours'
       END                                                                 AS end_time,
       CASE WHEN e.max_participants BETWEEN 0 AND 2147483647 THEN e.max_participants::integer END AS max_participants,
       CASE WHEN e.points_reward < 0 THEN 0 WHEN e.points_reward > 2147483647 THEN 2147483647
            ELSE e.points_reward END::integer                              AS points_reward,
       CASE WHEN e.price >= 0 AND e.price < 9999999999.99 THEN round(e.price, 2) END AS price,
       (SELECT max(u.id) FROM new_users AS u WHERE u.id = e.created_by)    AS created_by,
       w.made                                                              AS created_at,
       -- An event whose time nobody knows cannot be open.
       CASE WHEN w.starts IS NULL AND w.ends IS NULL THEN false ELSE e.is_active END AS is_active
FROM old_events AS e
CROSS JOIN LATERAL (
    SELECT pg_temp.moment(e.start_time), pg_temp.moment(e.end_time), pg_temp.moment(e.created_at), timestamptz '1970-01-01 00:00:00+00'
) AS w (starts, ends, made, never)
WHERE e.id BETWEEN 1 AND 2147483647;
CREATE INDEX ON new_events (id);

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'text', 'events', o.id,
       CASE WHEN coalesce(btrim(t.before), '') = '' THEN format('there is no %s; it becomes %s', t.name, pg_temp.said(t.after))
            ELSE format('%s has characters that are no text, or is too long; it becomes %s', t.name, pg_temp.said(t.after))
       END
FROM old_events AS o
JOIN new_events AS n ON n.id = o.id
CROSS JOIN LATERAL (VALUES ('title', o.title, n.title), ('event_type', o.event_type, n.event_type),
                           ('location', o.location, n.location)) AS t (name, before, after)
WHERE coalesce(btrim(t.before), '') <> t.after
ORDER BY o.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'text', 'events', o.id, 'the description has characters that are no text; they become blanks'
FROM old_events AS o
JOIN new_events AS n ON n.id = o.id
WHERE replace(o.description, E'\r\n', E'\n') <> n.description
ORDER BY o.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'time', 'events', o.id,
       CASE WHEN pg_temp.moment(o.start_time) IS NULL AND pg_temp.moment(o.end_time) IS NULL
                THEN format('nobody knows when it is; it is kept cancelled, at %s', n.start_time)
            WHEN pg_temp.moment(o.start_time) IS NULL THEN format('it has no beginning; it becomes two hours before its end, %s', n.start_time)
            WHEN pg_temp.moment(o.end_time) IS NULL THEN format('it has no end; it becomes two hours after its beginning, %s', n.end_time)
            ELSE format('it ends (%s) before it begins; its end becomes two hours after its beginning, %s',
                        pg_temp.moment(o.end_time), n.end_time)
       END
FROM old_events AS o
JOIN new_events AS n ON n.id = o.id
WHERE (pg_temp.moment(o.start_time), pg_temp.moment(o.end_time)) IS DISTINCT FROM (n.start_time, n.end_time)
ORDER BY o.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'price', 'events', o.id,
       CASE WHEN n.price IS NULL THEN format('the price %s is none; the event is free', o.price)
            ELSE format('the price %s is rounded to %s', o.price, n.price)
       END
FROM old_events AS o
JOIN new_events AS n ON n.id = o.id
WHERE o.price IS NOT NULL AND o.price IS DISTINCT FROM n.price
ORDER BY o.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'number', 'events', o.id,
       CASE WHEN o.max_participants IS DISTINCT FROM n.max_participants
                THEN format('max_participants is %s; it becomes no limit', o.max_participants)
            ELSE format('points_reward is %s; it becomes %s', o.points_reward, n.points_reward)
       END
FROM old_events AS o
JOIN new_events AS n ON n.id = o.id
WHERE o.max_participants IS DISTINCT FROM n.max_participants OR o.points_reward IS DISTINCT FROM n.points_reward
ORDER BY o.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'reference', 'events', o.id, format('created_by is %s, who is no member; it becomes nobody', o.created_by)
FROM old_events AS o
JOIN new_events AS n ON n.id = o.id
WHERE o.created_by IS NOT NULL AND n.created_by IS NULL
ORDER BY o.id;
