-- Payments at the desk. Everything here is staff's; the channels are changed by admins. Lock order: the payment, then
-- its registration (by trigger).

-- Records a payment: the whole of what is due. Answers the registration with it.
CREATE FUNCTION api.record_payment(
    token bytea, nonce uuid, registration_id integer, amount numeric, payment_channel text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_staff(token);
    answer  jsonb := pine.begin_request(actor.key, 'record_payment', nonce, jsonb_build_array(
        registration_id, amount, payment_channel));
    payment integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    payment := pine.record_payment(actor, registration_id, amount, payment_channel, pine.clock());
    -- A statement of its own: within one the answer would not see what it has just written.
    RETURN pine.end_request(actor.key, nonce, pine.money_of_payment(payment));
END
$$;

-- Gives back all of what stands of a payment, or a part. Answers the registration as it then stands.
CREATE FUNCTION api.refund_payment(
    token bytea, nonce uuid, payment_id integer, amount numeric, refund_channel text, reason text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'refund_payment', nonce, jsonb_build_array(
        payment_id, amount, refund_channel, reason));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.refund(actor, payment_id, amount, refund_channel, reason, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.money_of_payment(payment_id));
END
$$;

-- Voids a mistyped payment, of which nothing was given back.
CREATE FUNCTION api.void_payment(token bytea, nonce uuid, payment_id integer, reason text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'void_payment', nonce, jsonb_build_array(payment_id, reason));
    voided public.payment;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    voided := pine.void_mistyped(actor, payment_id, reason, pine.clock());
    PERFORM pine.audit(actor, 'payment_void', 'event', voided.event_id, jsonb_build_object(
        'user_id', voided.user_id, 'payment_id', voided.id, 'amount_paid', voided.amount_paid,
        'payment_channel', voided.payment_channel, 'voided_at', NULL), jsonb_build_object(
        'user_id', voided.user_id, 'payment_id', voided.id, 'amount_paid', voided.amount_paid,
        'payment_channel', voided.payment_channel, 'voided_at', voided.voided_at, 'reason', voided.void_reason));
    RETURN pine.end_request(actor.key, nonce, pine.money_of_payment(payment_id));
END
$$;

-- Puts the right payment in the place of a mistyped one.
CREATE FUNCTION api.correct_payment(
    token bytea, nonce uuid, payment_id integer, amount numeric, payment_channel text, reason text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_staff(token);
    answer  jsonb := pine.begin_request(actor.key, 'correct_payment', nonce, jsonb_build_array(
        payment_id, amount, payment_channel, reason));
    payment integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    payment := pine.correct_payment(actor, payment_id, amount, payment_channel, reason, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.money_of_payment(payment));
END
$$;

-- Voids a mistyped refund, unless the registration was paid anew since.
CREATE FUNCTION api.void_refund(token bytea, nonce uuid, refund_id integer, reason text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_staff(token);
    answer  jsonb := pine.begin_request(actor.key, 'void_refund', nonce, jsonb_build_array(refund_id, reason));
    payment integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    payment := pine.void_refund(actor, refund_id, reason, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.money_of_payment(payment));
END
$$;

-- What a registration has to do with money: what is due, and the payment that stands.
CREATE FUNCTION api.registration_money(token bytea, registration_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM pine.who_of_staff(token);
    PERFORM pine.the_registration(registration_id);
    RETURN pine.money_of(registration_id);
END
$$;

-- A payment with everything that a receipt says.
CREATE FUNCTION api.receipt(token bytea, payment_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    line jsonb;
BEGIN
    PERFORM pine.who_of_staff(token);
    line := pine.money_of_payment(payment_id);
    IF line IS NULL THEN
        RAISE EXCEPTION 'There is no payment %.', payment_id USING ERRCODE = 'PT404';
    END IF;
    RETURN (
        SELECT jsonb_build_object(
            'community_name', s.community_name, 'currency', s.currency, 'printed_at', pine.clock(), 'line', line)
        FROM public.settings AS s
    );
END
$$;

-- A page of payments, newest first; of one event also who has not paid, before everybody else. `kind` is all, due, paid,
-- refunds, to_refund (money of who will not come, or to what will not be) or voided. A channel, an operator and a span of
-- time are those of a payment or of a refund. `key` orders the rows and is where the next page begins (`before`).
-- The sums are of all that match, on this page or not, and of them only what lies in the span.
CREATE FUNCTION api.payments(
    token bytea, event_id integer, member_id integer, channel text, operator text,
    from_time timestamptz, to_time timestamptz, kind text, containing text, before bigint, most integer
) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    -- Above all numbers of payments.
    unpaid_keys constant bigint := 1::bigint << 40;
    words     text[] := array_remove(regexp_split_to_array(btrim(pine.fold(coalesce(containing, ''))), '\s+'), '');
    wanted    text := coalesce(kind, 'all');
    -- What is not paid has no channel, no operator and no moment.
    with_due  boolean := from_time IS NULL AND to_time IS NULL AND channel IS NULL AND operator IS NULL;
BEGIN
    PERFORM pine.who_of_staff(token);
    IF event_id IS NOT NULL THEN
        PERFORM pine.the_event(event_id);
    END IF;
    IF wanted NOT IN ('all', 'due', 'paid', 'refunds', 'to_refund', 'voided') THEN
        PERFORM pine.refuse_value('kind', 'That is no kind of payments.');
    END IF;
    RETURN (
        WITH moved AS MATERIALIZED (
            -- What went in and out within the span, by that channel and that hand.
            SELECT p.id AS payment_id, p.amount_paid AS taken, 0 AS given
            FROM public.payment AS p
            WHERE (payments.event_id IS NULL OR p.event_id = payments.event_id)
              AND (payments.channel IS NULL OR p.payment_channel = payments.channel)
              AND (payments.operator IS NULL OR coalesce(p.operator, '') = payments.operator)
              AND (from_time IS NULL OR p.payment_date >= from_time AT TIME ZONE 'UTC')
              AND (to_time IS NULL OR p.payment_date < to_time AT TIME ZONE 'UTC')
            UNION ALL
            SELECT f.payment_id, 0, f.amount
            FROM public.refunds AS f
            WHERE f.voided_at IS NULL
              AND (payments.channel IS NULL OR f.refund_channel = payments.channel)
              AND (payments.operator IS NULL OR f.operator = payments.operator)
              AND (from_time IS NULL OR f.refunded_at >= from_time)
              AND (to_time IS NULL OR f.refunded_at < to_time)
        ), movement AS (
            SELECT m.payment_id, sum(m.taken) AS taken, sum(m.given) AS given FROM moved AS m GROUP BY m.payment_id
        ), candidate AS (
            SELECT p.id AS key, p.id AS payment_id, p.registration_id, p.user_id, p.event_id,
                   CASE WHEN pine.counts(p) THEN m.taken ELSE 0 END AS taken, m.given,
                   -- Of who has paid a part; who has paid nothing has a row of their own.
                   CASE WHEN payments.event_id IS NOT NULL AND with_due AND pine.is_expected(r, e)
                             AND p.voided_at IS NULL AND p.refunded < p.amount_paid
                        THEN pine.due(r) ELSE 0 END AS due
            FROM movement AS m
            JOIN public.payment AS p ON p.id = m.payment_id
            JOIN public.registrations AS r ON r.id = p.registration_id
            JOIN public.events AS e ON e.id = p.event_id
            WHERE (payments.event_id IS NULL OR p.event_id = payments.event_id)
              AND CASE wanted
                  WHEN 'all' THEN true
                  WHEN 'due' THEN false
                  WHEN 'paid' THEN p.voided_at IS NULL AND p.refunded < p.amount_paid
                  WHEN 'refunds' THEN m.given > 0
                  WHEN 'to_refund' THEN p.voided_at IS NULL AND p.refunded < p.amount_paid
                      AND (NOT coalesce(e.is_active, true) OR r.status IN ('cancelled', 'rejected'))
                  ELSE NOT pine.counts(p)
              END
            UNION ALL
            SELECT unpaid_keys + r.id, NULL, r.id, r.user_id, r.event_id, 0, 0, pine.due(r)
            FROM public.registrations AS r
            JOIN public.events AS e ON e.id = r.event_id
            WHERE r.event_id = payments.event_id AND with_due
              AND pine.is_expected(r, e) AND pine.owes(r)
              AND (wanted = 'due' OR wanted = 'all' AND pine.paid_for(r.id) IS NULL)
        ), matching AS MATERIALIZED (
            SELECT c.*
            FROM candidate AS c
            JOIN public.users AS u ON u.id = c.user_id
            WHERE (member_id IS NULL OR c.user_id = member_id)
              AND (words = '{}' OR NOT EXISTS (
                  SELECT
                  FROM unnest(words) AS word
                  WHERE strpos(pine.fold(concat_ws(' ', u.full_name, u.username, u.email, c.payment_id)), word) = 0
              ))
        )
        SELECT jsonb_build_object(
            'total', (SELECT count(*) FROM matching),
            'unpaid', (SELECT count(*) FROM matching AS m WHERE m.due > 0),
            'taken', (SELECT coalesce(sum(m.taken), 0)::numeric(16, 2)::text FROM matching AS m),
            'refunded', (SELECT coalesce(sum(m.given), 0)::numeric(16, 2)::text FROM matching AS m),
            'due', (SELECT coalesce(sum(m.due), 0)::numeric(16, 2)::text FROM matching AS m),
            'rows', (
                SELECT coalesce(jsonb_agg(line.row ORDER BY line.key DESC), '[]')
                FROM (
                    SELECT m.key, pine.money_line(r, p) || jsonb_build_object('key', m.key) AS row
                    FROM (
                        SELECT * FROM matching AS m
                        WHERE before IS NULL OR m.key < before
                        ORDER BY m.key DESC
                        LIMIT least(greatest(most, 0), 1000000)
                    ) AS m
                    JOIN public.registrations AS r ON r.id = m.registration_id
                    LEFT JOIN public.payment AS p ON p.id = m.payment_id
                ) AS line
            )
        )
    );
END
$$;

-- What came in and went out on a day of a zone (none is the community's), by hand and channel.
CREATE FUNCTION api.takings(token bytea, day date, zone text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    there text := coalesce(zone, (SELECT s.time_zone FROM public.settings AS s));
    since timestamptz;
    until timestamptz;
BEGIN
    PERFORM pine.who_of_staff(token);
    IF NOT pine.is_time_zone(there) THEN
        PERFORM pine.refuse_value('zone', 'That is no time zone, like Asia/Manila.');
    ELSIF day IS NULL OR NOT isfinite(day) OR day NOT BETWEEN date '1970-01-01' AND date '9999-12-31' THEN
        PERFORM pine.refuse_value('day', 'Choose a day, like 2026-11-27.');
    END IF;
    since := day::timestamp AT TIME ZONE there;
    until := (day + 1)::timestamp AT TIME ZONE there;
    RETURN (
        WITH moved AS (
            SELECT p.operator, p.payment_channel AS channel, p.amount_paid AS taken, NULL::numeric AS refunded
            FROM public.payment AS p
            WHERE pine.counts(p)
              AND p.payment_date >= since AT TIME ZONE 'UTC' AND p.payment_date < until AT TIME ZONE 'UTC'
            UNION ALL
            SELECT nullif(f.operator, ''), f.refund_channel, NULL, f.amount
            FROM public.refunds AS f
            WHERE f.voided_at IS NULL AND f.refunded_at >= since AND f.refunded_at < until
        )
        SELECT jsonb_build_object(
            'day', day,
            'zone', there,
            'from', since,
            'to', until,
            'rows', coalesce(jsonb_agg(jsonb_build_object(
                'operator', line.operator, 'channel', line.channel,
                'payments', line.payments, 'taken', line.taken::numeric(16, 2)::text,
                'refunds', line.refunds, 'refunded', line.refunded::numeric(16, 2)::text)
                ORDER BY line.operator NULLS LAST, line.channel), '[]')
        )
        FROM (
            SELECT m.operator, m.channel,
                   count(m.taken) AS payments, coalesce(sum(m.taken), 0) AS taken,
                   count(m.refunded) AS refunds, coalesce(sum(m.refunded), 0) AS refunded
            FROM moved AS m
            GROUP BY m.operator, m.channel
        ) AS line
    );
END
$$;

-- Sets the ways to pay, in order (admins). `was` is the list that was changed: who changed it meanwhile is not overwritten.
-- Payments keep the name they were taken under.
CREATE FUNCTION api.set_payment_channels(token bytea, nonce uuid, was text[], channels text[]) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'set_payment_channels', nonce, jsonb_build_array(was, channels));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_payment_channels(channels);
    UPDATE public.settings AS s SET payment_channels = channels WHERE s.payment_channels = was;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Somebody has changed the ways to pay meanwhile; look at them again.' USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.audit(actor, 'payment_channels', 'settings', NULL, to_jsonb(was), to_jsonb(channels));
    RETURN pine.end_request(actor.key, nonce, to_jsonb(channels));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.record_payment(bytea, uuid, integer, numeric, text),
    api.refund_payment(bytea, uuid, integer, numeric, text, text),
    api.void_payment(bytea, uuid, integer, text),
    api.correct_payment(bytea, uuid, integer, numeric, text, text),
    api.void_refund(bytea, uuid, integer, text),
    api.registration_money(bytea, integer),
    api.receipt(bytea, integer),
    api.payments(bytea, integer, integer, text, text, timestamptz, timestamptz, text, text, bigint, integer),
    api.takings(bytea, date, text),
    api.set_payment_channels(bytea, uuid, text[], text[])
    TO pine_staff;
