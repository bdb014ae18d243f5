-- Registrations and attendances: one of each for a member and an event.

-- Every registration of a member for an event that are there, with what its words mean.
CREATE TEMPORARY TABLE read_registrations ON COMMIT DROP AS
SELECT r.id::integer                                   AS id,
       u.id                                            AS user_id,
       e.id                                            AS event_id,
       pg_temp.moment(r.registration_date)             AS registration_date,
       r.status                                        AS word,
       -- NULL is what the column's default says; a word that nobody knows takes no seat.
       CASE WHEN r.status IS NULL THEN 'registered' ELSE coalesce(s.ours, 'pending') END AS status,
       coalesce(s.attended, false)                     AS attended,
       r.payment_status                                AS payment_word,
       CASE WHEN r.payment_status IS NOT NULL THEN coalesce(p.ours, 'pending') END AS payment_status
FROM old_registrations AS r
JOIN new_users AS u ON u.id = r.user_id
JOIN new_events AS e ON e.id = r.event_id
LEFT JOIN adopt_word AS s ON s.field = 'registration' AND s.old = pg_temp.word(r.status)
LEFT JOIN adopt_word AS p ON p.field = 'payment' AND p.old = pg_temp.word(r.payment_status)
WHERE r.id BETWEEN 1 AND 2147483647;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'reference', 'registrations', r.id,
       format('left behind: there is no %s', concat_ws(' and no ',
           CASE WHEN NOT EXISTS (SELECT FROM new_users AS u WHERE u.id = r.user_id)
               THEN format('member %s', coalesce(r.user_id::text, 'named')) END,
           CASE WHEN NOT EXISTS (SELECT FROM new_events AS e WHERE e.id = r.event_id)
               THEN format('event %s', coalesce(r.event_id::text, 'named')) END))
FROM old_registrations AS r
WHERE NOT EXISTS (SELECT FROM read_registrations AS n WHERE n.id = r.id)
  AND r.id BETWEEN 1 AND 2147483647
ORDER BY r.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'status', 'registrations', r.id,
       format('the status %s is unknown; it becomes pending, for staff to decide', pg_temp.said(r.word))
FROM read_registrations AS r
WHERE r.word IS NOT NULL
  AND NOT EXISTS (SELECT FROM adopt_word AS w WHERE w.field = 'registration' AND w.old = pg_temp.word(r.word))
UNION ALL
SELECT 'status', 'registrations', r.id,
       format('the payment status %s is unknown; it becomes pending', pg_temp.said(r.payment_word))
FROM read_registrations AS r
WHERE r.payment_word IS NOT NULL
  AND NOT EXISTS (SELECT FROM adopt_word AS w WHERE w.field = 'payment' AND w.old = pg_temp.word(r.payment_word))
ORDER BY 3;

-- Of several for the same the one that says most is kept (who came, who has a seat, who waits, who asked, who was refused or
-- gave up), of equal ones the earliest, then the lower number. `kept` is the number of that one.
CREATE TEMPORARY TABLE kept_registrations ON COMMIT DROP AS
SELECT r.*,
       first_value(r.id) OVER same AS kept,
       first_value(coalesce(r.word, 'registered')) OVER same AS kept_word,
       first_value(r.status) OVER same AS kept_status,
       first_value(r.attended) OVER same AS kept_attended,
       bool_or(r.payment_status = 'paid') OVER (PARTITION BY r.user_id, r.event_id) AS paid_anywhere,
       bool_or(r.attended) OVER (PARTITION BY r.user_id, r.event_id) AS attended_anywhere
FROM read_registrations AS r
WINDOW same AS (
    PARTITION BY r.user_id, r.event_id
    ORDER BY NOT r.attended,
             array_position(ARRAY['registered', 'waitlisted', 'pending', 'rejected', 'cancelled'], r.status),
             r.registration_date NULLS LAST, r.id
);
CREATE INDEX ON kept_registrations (id);

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'duplicate', 'registrations', k.id,
       format('member %s is registered for event %s by %s too, which is kept (%s); this one is left behind',
              k.user_id, k.event_id, k.kept,
              CASE WHEN (k.status, k.attended) = (k.kept_status, k.kept_attended) THEN 'it is the earlier one'
                   ELSE format('%s beats %s', pg_temp.said(k.kept_word), pg_temp.said(coalesce(k.word, 'registered'))) END)
FROM kept_registrations AS k
WHERE k.kept <> k.id
ORDER BY k.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'money', 'registrations', k.id, 'another registration for the same says that it is paid, so this one is paid'
FROM kept_registrations AS k
WHERE k.kept = k.id AND k.paid_anywhere AND k.payment_status IS DISTINCT FROM 'paid'
ORDER BY k.id;

CREATE TEMPORARY TABLE new_registrations ON COMMIT DROP AS
SELECT k.id, k.user_id, k.event_id, k.registration_date,
       CASE WHEN k.word IS NOT NULL THEN k.status END::varchar(50)                        AS status,
       CASE WHEN k.paid_anywhere THEN 'paid' ELSE k.payment_status END::varchar(50)       AS payment_status,
       NULL::numeric(12, 2)                                                               AS price_due,
       false                                                                              AS made
FROM kept_registrations AS k
WHERE k.kept = k.id;
CREATE INDEX ON new_registrations (user_id, event_id);
CREATE INDEX ON new_registrations (id);

-- ---- Who came ----

CREATE TEMPORARY TABLE read_attendees ON COMMIT DROP AS
SELECT a.id::integer                                     AS id,
       u.id                                              AS user_id,
       e.id                                              AS event_id,
       a.status                                          AS word,
       -- A word that nobody knows is an attendance only of somebody who was seen at the door.
       CASE WHEN a.status IS NULL THEN 'attended'
            ELSE coalesce(w.ours, CASE WHEN pg_temp.moment(a.check_in_time) IS NULL THEN 'undone' ELSE 'attended' END)
       END                                               AS status,
       w.ours IS NULL AND a.status IS NOT NULL           AS unknown,
       pg_temp.moment(a.check_in_time)                   AS check_in_time,
       pg_temp.moment(a.check_out_time)                  AS check_out_time
FROM old_event_attendees AS a
JOIN new_users AS u ON u.id = a.user_id
JOIN new_events AS e ON e.id = a.event_id
LEFT JOIN adopt_word AS w ON w.field = 'attendance' AND w.old = pg_temp.word(a.status)
WHERE a.id BETWEEN 1 AND 2147483647;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'reference', 'event_attendees', a.id,
       format('left behind: there is no member %s or no event %s', coalesce(a.user_id::text, '-'), coalesce(a.event_id::text, '-'))
FROM old_event_attendees AS a
WHERE NOT EXISTS (SELECT FROM read_attendees AS n WHERE n.id = a.id) AND a.id BETWEEN 1 AND 2147483647
ORDER BY a.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'status', 'event_attendees', a.id,
       format('the status %s is unknown; %s', pg_temp.said(a.word),
              CASE a.status WHEN 'attended' THEN 'there is a check-in time, so it is an attendance'
                            ELSE 'without a check-in time it is none' END)
FROM read_attendees AS a
WHERE a.unknown
ORDER BY a.id;

CREATE TEMPORARY TABLE new_event_attendees ON COMMIT DROP AS
SELECT DISTINCT ON (a.user_id, a.event_id)
       a.id, a.user_id, a.event_id,
       CASE WHEN a.word IS NOT NULL THEN a.status END::varchar(50) AS status,
       min(a.check_in_time) OVER same                              AS check_in_time,
       max(a.check_out_time) OVER same                             AS check_out_time,
       false                                                       AS made
FROM read_attendees AS a
WINDOW same AS (PARTITION BY a.user_id, a.event_id)
ORDER BY a.user_id, a.event_id, a.status = 'undone', a.check_in_time NULLS LAST, a.id;
CREATE INDEX ON new_event_attendees (user_id, event_id);

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'duplicate', 'event_attendees', a.id,
       format('the attendance of member %s at event %s is also %s, which is kept (came before undone, then the earlier check-in); '
              'it gets the first check-in and the last check-out of all', a.user_id, a.event_id, n.id)
FROM read_attendees AS a
JOIN new_event_attendees AS n USING (user_id, event_id)
WHERE n.id <> a.id
ORDER BY a.id;

-- Where the registration says that somebody came and no attendance does, there is one now.
WITH came AS (
    SELECT k.user_id, k.event_id, min(k.kept) AS registration, row_number() OVER (ORDER BY k.user_id, k.event_id) AS place
    FROM kept_registrations AS k
    WHERE k.attended_anywhere
      AND NOT EXISTS (SELECT FROM new_event_attendees AS a
                      WHERE a.user_id = k.user_id AND a.event_id = k.event_id AND coalesce(a.status, 'attended') <> 'undone')
    GROUP BY k.user_id, k.event_id
),
turned AS (
    UPDATE new_event_attendees AS a SET status = 'attended'
    FROM came AS c
    WHERE a.user_id = c.user_id AND a.event_id = c.event_id
    RETURNING a.id, c.user_id, c.event_id, c.registration
),
made AS (
    INSERT INTO new_event_attendees (id, user_id, event_id, status, made)
    SELECT (SELECT coalesce(max(o.id), 0) FROM old_event_attendees AS o WHERE o.id <= 2147483647)
               + row_number() OVER (ORDER BY c.place),
           c.user_id, c.event_id, 'attended', true
    FROM came AS c
    WHERE NOT EXISTS (SELECT FROM new_event_attendees AS a WHERE a.user_id = c.user_id AND a.event_id = c.event_id)
    RETURNING id, user_id, event_id
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'made', 'registrations', c.registration,
       CASE WHEN t.id IS NOT NULL
           THEN format('it says that member %s came to event %s: attendance %s counts', c.user_id, c.event_id, t.id)
           ELSE format('it says that member %s came to event %s: attendance %s is made of it', c.user_id, c.event_id, m.id)
       END
FROM came AS c
LEFT JOIN turned AS t USING (user_id, event_id)
LEFT JOIN made AS m USING (user_id, event_id)
ORDER BY c.registration;

-- Who came has a registration, so that events show everybody who was there.
WITH made AS (
    INSERT INTO new_registrations (id, user_id, event_id, registration_date, status, payment_status, made)
    SELECT (SELECT coalesce(max(o.id), 0) FROM old_registrations AS o WHERE o.id <= 2147483647)
               + row_number() OVER (ORDER BY a.id),
           a.user_id, a.event_id, a.check_in_time, 'registered', 'not_required', true
    FROM new_event_attendees AS a
    WHERE coalesce(a.status, 'attended') <> 'undone'
      AND NOT EXISTS (SELECT FROM new_registrations AS r WHERE r.user_id = a.user_id AND r.event_id = a.event_id)
    RETURNING id, user_id, event_id
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'made', 'event_attendees', a.id,
       format('member %s came to event %s without a registration: %s is made', m.user_id, m.event_id, m.id)
FROM made AS m
JOIN new_event_attendees AS a USING (user_id, event_id)
ORDER BY a.id;
