-- Money at the desk: recorded, given back, corrected, told. A payment is always the whole of what a registration costs;
-- what was mistyped is voided with a reason or corrected in one step, what was given back in part is given back whole
-- before it is paid anew.

CREATE FUNCTION pine.the_registration(registration_id integer) RETURNS registrations
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    registration public.registrations;
BEGIN
    SELECT * INTO registration FROM public.registrations AS r WHERE r.id = registration_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no registration %.', registration_id USING ERRCODE = 'PT404';
    END IF;
    RETURN registration;
END
$$;

-- A payment to be changed: nobody else changes it, or gives back of it, until the transaction ends. Its registration
-- is locked before it, as everywhere.
CREATE FUNCTION pine.hold_payment(payment_id integer) RETURNS payment
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    held public.payment;
BEGIN
    PERFORM
    FROM public.registrations AS r
    WHERE r.id = (SELECT p.registration_id FROM public.payment AS p WHERE p.id = payment_id)
    FOR NO KEY UPDATE;
    SELECT * INTO held FROM public.payment AS p WHERE p.id = payment_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no payment %.', payment_id USING ERRCODE = 'PT404';
    END IF;
    RETURN held;
END
$$;

-- Takes a payment at the desk: for who holds a seat or waits for approval, never for who stands in line or has given up.
CREATE FUNCTION pine.record_payment(
    actor pine.actor, registration_id integer, amount numeric, channel text, at timestamptz
) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    registration public.registrations;
    event        public.events;
    stands       public.payment;
    receipt      integer;
BEGIN
    PERFORM pine.check_payment_channel(channel);
    PERFORM pine.check_amount('amount_paid', amount);
    -- Whoever cancels it at this moment comes before or after.
    PERFORM FROM public.registrations AS r WHERE r.id = registration_id FOR NO KEY UPDATE;
    registration := pine.the_registration(registration_id);
    event := pine.the_event(registration.event_id);
    IF coalesce(registration.status, 'registered') NOT IN ('registered', 'pending') THEN
        RAISE EXCEPTION 'The registration is %; nothing is to be paid.', registration.status USING ERRCODE = 'PT409';
    ELSIF NOT coalesce(event.is_active, true) THEN
        RAISE EXCEPTION 'The event is cancelled; nothing is to be paid.' USING ERRCODE = 'PT409';
    ELSIF coalesce(registration.price_due, 0) = 0 THEN
        RAISE EXCEPTION 'It is free; nothing is to be paid.' USING ERRCODE = 'PT409';
    ELSIF pine.owes(registration) AND pine.paid_for(registration.id) IS NULL AND amount <> registration.price_due THEN
        PERFORM pine.refuse_value('amount_paid', pg_catalog.format(
            '%s is due, not %s.', pine.amount_text(registration.price_due), pine.amount_text(amount)));
    END IF;
    receipt := pine.take_payment(actor, registration.id, amount, channel, at);
    IF receipt IS NULL THEN
        SELECT * INTO stands
        FROM public.payment AS p
        WHERE p.registration_id = registration.id AND p.voided_at IS NULL;
        RAISE EXCEPTION '% were paid already%.', pine.amount_text(stands.amount_paid),
            coalesce(', taken by ' || stands.operator, '')
            USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.audit(actor, 'payment', 'event', event.id, NULL, pg_catalog.jsonb_build_object(
        'user_id', registration.user_id, 'payment_id', receipt, 'amount_paid', amount, 'payment_channel', channel));
    RETURN receipt;
END
$$;

-- Gives money back, all of what stands or a part, through any channel; none is the one it came by, whatever that is
-- called by now. Answers the refund's id.
CREATE FUNCTION pine.refund(
    actor pine.actor, payment_id integer, amount numeric, channel text, reason text, at timestamptz
) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why    text := pine.need_reason(reason, 'Type why it is given back.');
    paid   public.payment := pine.hold_payment(payment_id);
    refund integer;
BEGIN
    IF paid.voided_at IS NOT NULL OR paid.refunded = paid.amount_paid THEN
        RAISE EXCEPTION 'Nothing of this payment is left to give back.' USING ERRCODE = 'PT409';
    END IF;
    IF channel IS DISTINCT FROM paid.payment_channel AND channel IS NOT NULL THEN
        PERFORM pine.check_payment_channel(channel);
    END IF;
    PERFORM pine.check_amount('amount', amount);
    IF amount > paid.amount_paid - paid.refunded THEN
        PERFORM pine.refuse_value('amount', pg_catalog.format(
            'At most %s can be given back.', pine.amount_text(paid.amount_paid - paid.refunded)));
    END IF;
    INSERT INTO public.refunds
        (payment_id, amount, refund_channel, reason, refunded_at, refunded_by, operator, device)
    VALUES
        (paid.id, amount, coalesce(channel, paid.payment_channel), why, at, actor.user_id, actor.name, actor.device)
    RETURNING id INTO refund;
    PERFORM pine.audit(actor, 'refund', 'event', paid.event_id, NULL, pg_catalog.jsonb_build_object(
        'user_id', paid.user_id, 'payment_id', paid.id, 'refund_id', refund, 'amount', amount,
        'refund_channel', coalesce(channel, paid.payment_channel), 'reason', why));
    RETURN refund;
END
$$;

-- Takes back a payment that was mistyped: it never happened.
CREATE FUNCTION pine.void_mistyped(actor pine.actor, payment_id integer, reason text, at timestamptz) RETURNS payment
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why  text := pine.need_reason(reason, 'Type what was wrong with it.');
    paid public.payment := pine.hold_payment(payment_id);
BEGIN
    IF paid.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'This payment is voided already.' USING ERRCODE = 'PT409';
    ELSIF paid.refunded > 0 THEN
        RAISE EXCEPTION '% of this payment were given back: it happened. Void the refund first if that was mistyped.',
            pine.amount_text(paid.refunded)
            USING ERRCODE = 'PT409';
    END IF;
    UPDATE public.payment AS p
    SET voided_at = at, voided_by = actor.name, void_reason = why
    WHERE p.id = paid.id
    RETURNING * INTO paid;
    RETURN paid;
END
$$;

-- Puts another payment in the place of a mistyped one, at the moment and by the hand that took it: the money came in
-- then, whoever corrects it later. Answers its id.
CREATE FUNCTION pine.correct_payment(
    actor pine.actor, payment_id integer, amount numeric, channel text, reason text, at timestamptz
) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    was     public.payment;
    price   numeric;
    receipt integer;
BEGIN
    PERFORM pine.check_payment_channel(channel);
    PERFORM pine.check_amount('amount_paid', amount);
    was := pine.void_mistyped(actor, payment_id, reason, at);
    price := (SELECT r.price_due FROM public.registrations AS r WHERE r.id = was.registration_id);
    IF amount IS DISTINCT FROM price THEN
        PERFORM pine.refuse_value('amount_paid', pg_catalog.format(
            'It costs %s, not %s.', pine.amount_text(coalesce(price, 0)), pine.amount_text(amount)));
    END IF;
    INSERT INTO public.payment
        (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date, taken_by, operator, device)
    VALUES
        (was.registration_id, was.user_id, was.event_id, amount, channel, was.payment_date,
         was.taken_by, was.operator, was.device)
    RETURNING id INTO receipt;
    PERFORM pine.audit(actor, 'payment_correct', 'event', was.event_id,
        pg_catalog.jsonb_build_object('payment_id', was.id, 'amount_paid', was.amount_paid,
                                      'payment_channel', was.payment_channel),
        pg_catalog.jsonb_build_object('user_id', was.user_id, 'payment_id', receipt, 'amount_paid', amount,
                                      'payment_channel', channel, 'reason', was.void_reason));
    RETURN receipt;
END
$$;

-- Takes back a refund that was mistyped: the money never went out. Not once the registration was paid anew.
CREATE FUNCTION pine.void_refund(actor pine.actor, refund_id integer, reason text, at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    why   text := pine.need_reason(reason, 'Type what was wrong with it.');
    given public.refunds;
    paid  public.payment;
BEGIN
    SELECT * INTO given FROM public.refunds AS f WHERE f.id = refund_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no refund %.', refund_id USING ERRCODE = 'PT404';
    END IF;
    paid := pine.hold_payment(given.payment_id);
    IF paid.voided_at IS NOT NULL THEN
        RAISE EXCEPTION 'It was paid anew since; the refund stands.' USING ERRCODE = 'PT409';
    END IF;
    UPDATE public.refunds AS f
    SET voided_at = at, voided_by = actor.name, void_reason = why
    WHERE f.id = refund_id AND f.voided_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'This refund is voided already.' USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.audit(actor, 'refund_void', 'event', paid.event_id,
        pg_catalog.jsonb_build_object('refund_id', given.id, 'amount', given.amount),
        pg_catalog.jsonb_build_object('user_id', paid.user_id, 'payment_id', paid.id, 'reason', why));
    RETURN paid.id;
END
$$;

-- ---- told ----

CREATE FUNCTION pine.refund_line(refund refunds) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'id', refund.id,
        'amount', refund.amount::numeric(16, 2)::text,
        'refund_channel', refund.refund_channel,
        'reason', refund.reason,
        'refunded_at', refund.refunded_at,
        'operator', nullif(refund.operator, ''),
        'device', nullif(refund.device, ''),
        'voided_at', refund.voided_at,
        'voided_by', refund.voided_by,
        'void_reason', refund.void_reason
    )
$$;

-- A payment as lists and receipts tell it; NULL is none. Amounts are texts: JSON's numbers are not exact everywhere.
CREATE FUNCTION pine.payment_line(paid payment) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN paid.id IS NOT NULL THEN pg_catalog.jsonb_build_object(
        'id', paid.id,
        'amount_paid', paid.amount_paid::numeric(16, 2)::text,
        'refunded', paid.refunded::numeric(16, 2)::text,
        'payment_channel', paid.payment_channel,
        'payment_date', paid.payment_date AT TIME ZONE 'UTC',
        'operator', paid.operator,
        'device', paid.device,
        'voided_at', paid.voided_at,
        'voided_by', paid.voided_by,
        'void_reason', paid.void_reason,
        'refunds', (SELECT coalesce(pg_catalog.jsonb_agg(pine.refund_line(f) ORDER BY f.id), '[]')
                    FROM public.refunds AS f WHERE f.payment_id = paid.id)
    ) END
$$;

-- Whether somebody is still to come: only they owe anything.
CREATE FUNCTION pine.is_expected(registration registrations, event events) RETURNS boolean
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(registration.status, 'registered') IN ('registered', 'pending') AND coalesce(event.is_active, true)
$$;

-- A registration and what it has to do with money: a row of a list, a receipt, or what a form begins with.
CREATE FUNCTION pine.money_line(registration registrations, paid payment) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'registration_id', registration.id,
        'status', coalesce(registration.status, 'registered'),
        'payment_status', coalesce(registration.payment_status, 'pending'),
        'price_due', coalesce(registration.price_due, 0)::text,
        'due', CASE WHEN pine.is_expected(registration, e) THEN pine.due(registration) ELSE 0 END::numeric(16, 2)::text,
        'member', pg_catalog.jsonb_build_object('id', u.id, 'username', u.username, 'full_name', u.full_name),
        'event_id', e.id,
        'event_title', e.title,
        'event_start', e.start_time,
        'event_active', coalesce(e.is_active, true),
        'payment', pine.payment_line(paid)
    )
    FROM public.events AS e, public.users AS u
    WHERE e.id = registration.event_id AND u.id = registration.user_id
$$;

-- A registration with its live payment, else with the last one that money came in by.
CREATE FUNCTION pine.money_of(registration_id integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.money_line(r, (
        SELECT p FROM public.payment AS p
        WHERE p.registration_id = r.id AND pine.counts(p)
        ORDER BY p.voided_at IS NULL DESC, p.id DESC
        LIMIT 1
    ))
    FROM public.registrations AS r
    WHERE r.id = registration_id
$$;

CREATE FUNCTION pine.money_of_payment(payment_id integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.money_line(r, p)
    FROM public.payment AS p
    JOIN public.registrations AS r ON r.id = p.registration_id
    WHERE p.id = payment_id
$$;

-- Channels as an admin lists them: at least one, none twice, each short and in one line.
CREATE FUNCTION pine.check_payment_channels(channels text[]) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF coalesce(pg_catalog.cardinality(channels), 0) = 0 THEN
        PERFORM pine.refuse_value('payment_channels', 'There must be one way to pay at least.');
    ELSIF pg_catalog.cardinality(channels) > 30 THEN
        PERFORM pine.refuse_value('payment_channels', 'There can be 30 ways to pay at most.');
    ELSIF EXISTS (SELECT FROM pg_catalog.unnest(channels) AS c
                  WHERE c IS NULL OR c <> pg_catalog.btrim(c) OR c = '' OR pg_catalog.length(c) > 50
                     OR c ~ '[[:cntrl:]]') THEN
        PERFORM pine.refuse_value('payment_channels', 'A way to pay has 1 to 50 characters in one line.');
    ELSIF (SELECT count(DISTINCT pine.fold(c)) FROM pg_catalog.unnest(channels) AS c)
          < pg_catalog.cardinality(channels) THEN
        PERFORM pine.refuse_value('payment_channels', 'Two ways to pay have the same name.');
    END IF;
END
$$;
