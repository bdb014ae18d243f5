-- What came in and went out again, event by event, is what the old payments come to.
WITH here AS (
    SELECT p.event_id, sum(p.amount_paid) AS paid
    FROM public.payment AS p
    WHERE p.voided_at IS NULL
    GROUP BY p.event_id
),
back AS (
    SELECT p.event_id, sum(f.amount) AS paid
    FROM public.refunds AS f
    JOIN public.payment AS p ON p.id = f.payment_id
    GROUP BY p.event_id
),
there AS (
    SELECT r.event_id, sum(p.rounded) FILTER (WHERE p.rounded > 0) AS paid,
           coalesce(-sum(p.rounded) FILTER (WHERE p.rounded < 0 AND r.payment_status IS DISTINCT FROM 'refunded'), 0)
               + coalesce(sum(p.rounded) FILTER (WHERE p.rounded > 0 AND r.payment_status = 'refunded'), 0) AS back
    FROM pg_temp.read_payments AS p
    JOIN pg_temp.new_registrations AS r ON r.id = p.registration_id
    GROUP BY r.event_id
)
SELECT format('event %s: payments come to %s instead of %s, refunds to %s instead of %s', e.id,
              coalesce(here.paid, 0), coalesce(there.paid, 0), coalesce(back.paid, 0), coalesce(there.back, 0))
FROM public.events AS e
LEFT JOIN here ON here.event_id = e.id
LEFT JOIN back ON back.event_id = e.id
LEFT JOIN there ON there.event_id = e.id
WHERE coalesce(here.paid, 0) <> coalesce(there.paid, 0) OR coalesce(back.paid, 0) <> coalesce(there.back, 0)
UNION ALL
SELECT format('payments of %s are not told of', sum(o.amount_paid))
FROM old_payment AS o
WHERE NOT EXISTS (SELECT FROM pg_temp.read_payments AS p WHERE p.id = o.id)
  AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'payment' AND t.id = o.id)
HAVING count(*) > 0
LIMIT 20
