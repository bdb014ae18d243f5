-- What takes more than one row of an older application to decide. It had no unique keys: of several rows that are one here,
-- one stays and the others count as known. Runs on the rows that wait, before they are checked.

-- ---- Registrations: of a member's several for an event the last one tells how they stand ----

CREATE TEMPORARY TABLE same_registrations ON COMMIT DROP AS
SELECT n.id,
       first_value(n.id) OVER last      AS stays,
       bool_or(n._came) OVER every      AS came,
       row_number() OVER last           AS number
FROM pg_temp.new_registrations AS n
WHERE n._reason IS NULL
WINDOW every AS (PARTITION BY n.user_id, n.event_id),
       last AS (PARTITION BY n.user_id, n.event_id ORDER BY n.registration_date DESC NULLS LAST, n.id DESC);

UPDATE pg_temp.new_registrations AS n
SET _known = s.number > 1, _came = s.came
FROM pg_temp.same_registrations AS s
WHERE s.id = n.id AND n._reason IS NULL;

UPDATE pg_temp.new_payment AS p
SET registration_id = s.stays
FROM pg_temp.same_registrations AS s
WHERE s.id = p.registration_id AND s.stays <> s.id;

-- ---- Attendance: the first time somebody came; and those who came by their registration's word only ----

UPDATE pg_temp.new_event_attendees AS n
SET _known = true
FROM (
    SELECT a.ctid AS place,
           row_number() OVER (PARTITION BY a.user_id, a.event_id
                              ORDER BY coalesce(a.status, 'attended') = 'undone', a.check_in_time, a.id) AS number
    FROM pg_temp.new_event_attendees AS a
    WHERE a._reason IS NULL
) AS s
WHERE n.ctid = s.place AND s.number > 1;

INSERT INTO pg_temp.new_event_attendees (id, user_id, event_id, status, _line)
SELECT (SELECT coalesce(max(a.id), 0) FROM pg_temp.new_event_attendees AS a)
       + row_number() OVER (ORDER BY n.user_id, n.event_id),
       n.user_id, n.event_id, 'attended', n._line
FROM pg_temp.new_registrations AS n
WHERE n._reason IS NULL AND NOT n._known AND n._came
  AND NOT EXISTS (SELECT FROM pg_temp.new_event_attendees AS a
                  WHERE a._reason IS NULL AND a.user_id = n.user_id AND a.event_id = n.event_id);

-- ---- Badges: by their names they are ours, or are added behind them ----

CREATE TEMPORARY TABLE same_badges ON COMMIT DROP AS
SELECT n.ctid AS place, n.id,
       coalesce(b.id,
                (SELECT coalesce(max(o.id), 0) FROM public.badges AS o)
                + dense_rank() OVER (PARTITION BY b.id IS NULL ORDER BY lower(n.name)))::integer AS becomes,
       b.id IS NOT NULL OR row_number() OVER (PARTITION BY lower(n.name) ORDER BY n.id) > 1      AS is_known
FROM pg_temp.new_badges AS n
LEFT JOIN public.badges AS b ON lower(b.name) = lower(n.name)
WHERE n._reason IS NULL;

UPDATE pg_temp.new_badges AS n
SET id = s.becomes, _known = s.is_known
FROM pg_temp.same_badges AS s
WHERE n.ctid = s.place;

UPDATE pg_temp.new_user_badges AS h
SET badge_id = s.becomes, level = least(greatest(h.level, 1), 5)
FROM pg_temp.same_badges AS s
WHERE s.id = h.badge_id AND h._reason IS NULL;

UPDATE pg_temp.new_user_badges AS n
SET _known = true
FROM (
    SELECT h.ctid AS place,
           row_number() OVER (PARTITION BY h.user_id, h.badge_id ORDER BY h.level DESC, h.earned_date, h.id) AS number
    FROM pg_temp.new_user_badges AS h
    WHERE h._reason IS NULL
) AS s
WHERE n.ctid = s.place AND s.number > 1;

-- ---- Money: a payment is of its registration's member, and of several the last one stands ----

UPDATE pg_temp.new_payment AS p
SET user_id = n.user_id, event_id = n.event_id
FROM pg_temp.new_registrations AS n
WHERE n.id = p.registration_id AND n._reason IS NULL AND p._reason IS NULL;

UPDATE pg_temp.new_payment AS p
SET voided_at = coalesce(p.payment_date AT TIME ZONE 'UTC', now()),
    void_reason = 'One of several before payments were kept one by one.'
WHERE p._reason IS NULL
  AND EXISTS (SELECT FROM pg_temp.new_payment AS later
              WHERE later._reason IS NULL AND later.registration_id = p.registration_id AND later.id > p.id);

INSERT INTO pg_temp.new_refunds (id, payment_id, amount, refund_channel, reason, refunded_at, operator, device, _line)
SELECT row_number() OVER (ORDER BY p.id), p.id, p.amount_paid, p.payment_channel,
       'Refunded before refunds were kept.', coalesce(p.payment_date AT TIME ZONE 'UTC', now()), '', '', p._line
FROM pg_temp.new_payment AS p
JOIN pg_temp.new_registrations AS n ON n.id = p.registration_id
WHERE p._reason IS NULL AND p.voided_at IS NULL AND n._reason IS NULL AND NOT n._known AND n.payment_status = 'refunded';

-- What was due: what was paid; nothing where it was said to be paid and no payment is kept; else the event's price.
UPDATE pg_temp.new_registrations AS n
SET price_due = d.price_due,
    payment_status = CASE
        WHEN d.price_due = 0 THEN 'not_required'
        WHEN d.paid IS NULL THEN 'pending'
        WHEN n.payment_status = 'refunded' THEN 'refunded'
        ELSE 'paid'
    END
FROM (
    SELECT r.ctid AS place, p.amount_paid AS paid,
           coalesce(p.amount_paid,
                    CASE WHEN r.payment_status IN ('paid', 'not_required', 'refunded') THEN 0 END,
                    e.price, 0) AS price_due
    FROM pg_temp.new_registrations AS r
    LEFT JOIN pg_temp.new_payment AS p ON p.registration_id = r.id AND p.voided_at IS NULL AND p._reason IS NULL
    LEFT JOIN pg_temp.new_events AS e ON e.id = r.event_id
    WHERE r._reason IS NULL AND NOT r._known
) AS d
WHERE n.ctid = d.place;
