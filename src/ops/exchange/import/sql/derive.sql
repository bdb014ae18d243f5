-- What stands beside the rows of a community and was not brought along, or was counted before others came to it. Runs after
-- all rows are written; no trigger does it meanwhile.

-- Words that members are found by.
INSERT INTO pine.name_words (word)
SELECT DISTINCT own.word
FROM pg_temp.new_users AS n
JOIN users AS u ON u.id = n.id
CROSS JOIN LATERAL string_to_table(u.search_name, ' ') AS own (word)
WHERE n._reason IS NULL AND NOT n._known AND own.word <> ''
  AND NOT EXISTS (SELECT FROM pine.name_words AS known WHERE known.word = own.word);

-- What was given back of payments.
UPDATE payment AS p
SET refunded = r.amount
FROM (
    SELECT o.payment_id, sum(o.amount) AS amount
    FROM refunds AS o
    WHERE o.voided_at IS NULL
    GROUP BY o.payment_id
) AS r
WHERE p.id = r.payment_id AND p.refunded <> r.amount;

-- Places in lines, in the order in which people came to wait.
UPDATE registrations AS r
SET waitlist_number = line.place, waitlisted_at = coalesce(r.waitlisted_at, r.registration_date, now())
FROM (
    SELECT w.id,
           coalesce(max(w.waitlist_number) OVER (PARTITION BY w.event_id), 0)
           + row_number() OVER (PARTITION BY w.event_id, w.waitlist_number = 0 ORDER BY w.registration_date, w.id) AS place
    FROM registrations AS w
    WHERE w.status = 'waitlisted'
) AS line
WHERE r.id = line.id AND r.waitlist_number = 0;

-- Seats taken, and people waiting.
INSERT INTO event_seats (event_id)
SELECT e.id FROM events AS e
ON CONFLICT DO NOTHING;

UPDATE event_seats AS s
SET taken = c.taken, waiting = c.waiting, last_in_line = greatest(s.last_in_line, c.last_in_line)
FROM (
    SELECT e.id,
           count(r.id) FILTER (WHERE coalesce(r.status, 'registered') = 'registered') AS taken,
           count(r.id) FILTER (WHERE r.status = 'waitlisted')                         AS waiting,
           coalesce(max(r.waitlist_number), 0)                                        AS last_in_line
    FROM events AS e
    LEFT JOIN registrations AS r ON r.event_id = e.id
    GROUP BY e.id
) AS c
WHERE s.event_id = c.id
  AND (s.taken, s.waiting, s.last_in_line) IS DISTINCT FROM (c.taken, c.waiting, greatest(s.last_in_line, c.last_in_line));

-- Members who were here before are not told of what they earned elsewhere.
UPDATE users AS u
SET celebrated_through = e.last
FROM (
    SELECT p.user_id, max(p.id) AS last
    FROM pg_temp.new_points_transactions AS p
    WHERE p._reason IS NULL AND NOT p._known
    GROUP BY p.user_id
) AS e
WHERE u.id = e.user_id AND u.celebrated_through < e.last
  AND NOT EXISTS (SELECT FROM pg_temp.new_users AS n WHERE n.id = u.id AND n._reason IS NULL AND NOT n._known);
