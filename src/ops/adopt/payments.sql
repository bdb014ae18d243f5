-- Payments: every one that can be told to a registration, and what each registration owes.

CREATE TEMPORARY TABLE read_payments ON COMMIT DROP AS
SELECT p.id::integer                                       AS id,
       k.kept                                              AS named,
       coalesce(ku.id, u.id)                               AS user_id,
       coalesce(ke.id, e.id)                               AS event_id,
       p.amount_paid                                       AS amount,
       round(p.amount_paid, 2)                             AS rounded,
       coalesce("left"(pg_temp.word(pg_temp.line(p.payment_channel, 50)), 50), 'other') AS channel,
       pg_temp.moment(p.payment_date) AT TIME ZONE 'UTC'   AS payment_date,
       NULL::integer                                       AS registration_id
FROM old_payment AS p
LEFT JOIN kept_registrations AS k ON k.id = p.registration_id
LEFT JOIN new_users AS ku ON ku.id = k.user_id
LEFT JOIN new_events AS ke ON ke.id = k.event_id
LEFT JOIN new_users AS u ON u.id = p.user_id
LEFT JOIN new_events AS e ON e.id = p.event_id
WHERE p.id BETWEEN 1 AND 2147483647;

UPDATE read_payments AS p
SET registration_id = coalesce(
    p.named,
    (SELECT max(r.id) FROM new_registrations AS r WHERE r.user_id = p.user_id AND r.event_id = p.event_id));

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'reference', 'payment', p.id,
       format('%s; it goes to %s, the one of member %s for event %s',
              coalesce(format('registration %s is not there', o.registration_id), 'no registration is told'),
              p.registration_id, p.user_id, p.event_id)
FROM read_payments AS p
JOIN old_payment AS o ON o.id = p.id
WHERE p.named IS NULL AND p.registration_id IS NOT NULL
UNION ALL
SELECT 'reference', 'payment', p.id,
       format('it names member %s and event %s, and its registration is of member %s for event %s: the registration is believed',
              coalesce(o.user_id::text, '-'), coalesce(o.event_id::text, '-'), p.user_id, p.event_id)
FROM read_payments AS p
JOIN old_payment AS o ON o.id = p.id
WHERE p.named IS NOT NULL
  AND (o.user_id <> p.user_id OR o.event_id <> p.event_id)
UNION ALL
SELECT 'duplicate', 'payment', p.id, format('it was for registration %s; it goes to %s, which is kept', o.registration_id, p.named)
FROM read_payments AS p
JOIN old_payment AS o ON o.id = p.id
WHERE p.named <> o.registration_id
ORDER BY 3;

-- Money that came in for an event belongs to a registration: where there is none any more, one that gave up its seat.
WITH made AS (
    INSERT INTO new_registrations (id, user_id, event_id, registration_date, status, payment_status, made)
    SELECT (SELECT max(m.id) FROM (SELECT o.id FROM old_registrations AS o WHERE o.id <= 2147483647
                                   UNION ALL SELECT n.id FROM new_registrations AS n
                                   UNION ALL SELECT 0) AS m (id))
               + row_number() OVER (ORDER BY min(p.id)),
           p.user_id, p.event_id, min(p.payment_date) AT TIME ZONE 'UTC', 'cancelled', 'paid', true
    FROM read_payments AS p
    WHERE p.registration_id IS NULL AND p.user_id IS NOT NULL AND p.event_id IS NOT NULL
    GROUP BY p.user_id, p.event_id
    RETURNING id, user_id, event_id
),
given AS (
    UPDATE read_payments AS p SET registration_id = m.id
    FROM made AS m
    WHERE p.registration_id IS NULL AND p.user_id = m.user_id AND p.event_id = m.event_id
    RETURNING p.id, m.id AS registration, m.user_id, m.event_id
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'made', 'payment', g.id,
       format('member %s paid for event %s without a registration: %s is made, cancelled', g.user_id, g.event_id, g.registration)
FROM given AS g ORDER BY g.id;

INSERT INTO adopt_note (kind, "table", id, what, stops)
SELECT CASE WHEN o.amount_paid IS NULL OR p.rounded = 0 THEN 'money' ELSE 'reference' END, 'payment', o.id,
       CASE WHEN o.amount_paid IS NULL THEN 'left behind: there is no amount'
            WHEN p.rounded = 0 THEN 'left behind: the amount is 0'
            ELSE format('left behind: %s for nobody (member %s, event %s)', p.rounded, coalesce(o.user_id::text, '-'),
                        coalesce(o.event_id::text, '-'))
       END, false
FROM old_payment AS o
JOIN read_payments AS p ON p.id = o.id
WHERE o.amount_paid IS NULL OR p.rounded = 0 OR p.registration_id IS NULL
UNION ALL
SELECT 'money', 'payment', o.id, format('%s is no amount of money', o.amount_paid), true
FROM old_payment AS o
WHERE NOT abs(o.amount_paid) < 9999999999.99
UNION ALL
SELECT 'money', 'payment', o.id, format('the amount %s is rounded to %s', o.amount_paid, p.rounded), false
FROM old_payment AS o
JOIN read_payments AS p ON p.id = o.id
WHERE o.amount_paid <> p.rounded AND p.rounded <> 0 AND abs(o.amount_paid) < 9999999999.99
ORDER BY 3;

DELETE FROM read_payments AS p
WHERE p.registration_id IS NULL OR p.amount IS NULL OR p.rounded = 0 OR NOT abs(p.amount) < 9999999999.99;

-- A registration has one payment that stands. Of several the last stands for the sum of all, the others are voided with
-- the reason; amounts below 0 were given back.
CREATE TEMPORARY TABLE paid_for ON COMMIT DROP AS
SELECT p.registration_id,
       max(p.id) FILTER (WHERE p.rounded > 0)                                       AS live,
       coalesce(sum(p.rounded) FILTER (WHERE p.rounded > 0), 0)                     AS paid,
       coalesce(-sum(p.rounded) FILTER (WHERE p.rounded < 0), 0)                    AS given_back,
       count(*) FILTER (WHERE p.rounded > 0)                                        AS payments
FROM read_payments AS p
GROUP BY p.registration_id;
CREATE INDEX ON paid_for (registration_id);

INSERT INTO adopt_note (kind, "table", id, what, stops)
SELECT 'money', 'payment', p.id,
       CASE WHEN f.given_back > f.paid
                THEN format('more was given back for registration %s (%s) than was paid (%s)', p.registration_id, f.given_back, f.paid)
            ELSE format('it becomes a refund of payment %s', f.live)
       END, f.given_back > f.paid
FROM read_payments AS p
JOIN paid_for AS f USING (registration_id)
WHERE p.rounded < 0
UNION ALL
SELECT 'money', 'payment', p.id,
       format('one of %s payments for registration %s: it is joined into payment %s, which becomes %s',
              f.payments, p.registration_id, f.live, f.paid), false
FROM read_payments AS p
JOIN paid_for AS f USING (registration_id)
WHERE p.rounded > 0 AND p.id <> f.live
ORDER BY 3;

CREATE TEMPORARY TABLE new_payment ON COMMIT DROP AS
SELECT p.id, p.registration_id, r.user_id, r.event_id,
       CASE WHEN p.id = f.live THEN f.paid ELSE p.rounded END AS amount_paid,
       p.channel::varchar(50)                                 AS payment_channel,
       p.payment_date,
       CASE WHEN p.id <> f.live THEN f.live END               AS joined_into
FROM read_payments AS p
JOIN paid_for AS f ON f.registration_id = p.registration_id
JOIN new_registrations AS r ON r.id = p.registration_id
WHERE p.rounded > 0;

INSERT INTO adopt_note (kind, "table", id, what, stops)
SELECT 'money', 'payment', f.live, format('the payments for registration %s come to %s, which is more than one can be', f.registration_id, f.paid), true
FROM paid_for AS f
WHERE f.paid >= 10000000000;

-- What each owes. Who has paid owes what was paid, and nothing when no payment tells how much; who has not owes the price,
-- if it is told; nobody owes for a seat that was given up.
UPDATE new_registrations AS r
SET price_due = CASE
        WHEN r.payment_status = 'paid' THEN nullif(CASE WHEN f.paid - f.given_back < 9999999999.99 THEN f.paid - f.given_back END, 0)
        WHEN coalesce(r.payment_status, 'pending') = 'pending' AND coalesce(r.status, 'registered') NOT IN ('cancelled', 'rejected')
            THEN e.price
    END,
    payment_status = CASE
        WHEN f.paid > 0 AND f.given_back = f.paid THEN 'refunded'
        WHEN coalesce(r.payment_status, 'pending') = 'pending' AND e.price = 0 AND f.live IS NULL THEN 'not_required'
        WHEN coalesce(r.payment_status, 'pending') = 'pending' AND e.price > 0 AND f.paid - f.given_back >= e.price THEN 'paid'
        ELSE r.payment_status
    END
FROM new_events AS e, new_registrations AS o
LEFT JOIN paid_for AS f ON f.registration_id = o.id
WHERE e.id = r.event_id AND o.id = r.id;

CREATE TEMPORARY TABLE new_refunds ON COMMIT DROP AS
SELECT f.live AS payment_id, -p.rounded AS amount, p.channel::varchar(50) AS refund_channel,
       coalesce(p.payment_date AT TIME ZONE 'UTC', now()) AS refunded_at
FROM read_payments AS p
JOIN paid_for AS f USING (registration_id)
JOIN new_registrations AS r ON r.id = p.registration_id
-- One that says "refunded" is given back whole by what makes the tables.
WHERE p.rounded < 0 AND r.payment_status IS DISTINCT FROM 'refunded'
ORDER BY p.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'money', 'registrations', r.id, 'it says that it is paid, and no payment is there: nothing is due'
FROM new_registrations AS r
JOIN new_events AS e ON e.id = r.event_id
WHERE r.payment_status = 'paid' AND r.price_due IS NULL AND e.price > 0
UNION ALL
SELECT 'money', 'registrations', r.id, 'it says that payment is pending, and its payments cover the price: paid'
FROM new_registrations AS r
JOIN kept_registrations AS k ON k.id = r.id
WHERE r.payment_status = 'paid' AND coalesce(k.payment_status, 'pending') = 'pending' AND NOT coalesce(k.paid_anywhere, false)
ORDER BY 3;
