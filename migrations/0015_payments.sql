-- Money: what a registration owes, the one live payment that settles it, and how it was handed over.

ALTER TABLE settings
    ADD COLUMN payment_channels text[] NOT NULL
        DEFAULT ARRAY['cash', 'gcash', 'maya', 'instapay', 'bank_transfer', 'card', 'other'],
    ADD CONSTRAINT settings_payment_channels_given CHECK (
        cardinality(payment_channels) > 0
        AND array_position(payment_channels, NULL) IS NULL
        AND array_position(payment_channels, '') IS NULL
    );

ALTER TABLE payment ADD COLUMN voided_at timestamptz;

-- A payment is of the member and for the event of its registration.
ALTER TABLE registrations ADD CONSTRAINT registrations_id_user_id_event_id_key UNIQUE (id, user_id, event_id);
ALTER TABLE payment
    ADD CONSTRAINT payment_of_its_registration
        FOREIGN KEY (registration_id, user_id, event_id) REFERENCES registrations (id, user_id, event_id)
        ON DELETE CASCADE NOT VALID,
    ADD CONSTRAINT payment_amount_paid_positive CHECK (amount_paid > 0) NOT VALID;

-- An older database may hold several payments for one registration: the last one stands.
UPDATE payment AS p
SET voided_at = now()
WHERE EXISTS (SELECT FROM payment AS later WHERE later.registration_id = p.registration_id AND later.id > p.id);

CREATE UNIQUE INDEX payment_one_live_per_registration ON payment (registration_id) WHERE voided_at IS NULL;

DO $do$
DECLARE
    rule text;
BEGIN
    FOREACH rule IN ARRAY ARRAY['payment_of_its_registration', 'payment_amount_paid_positive'] LOOP
        BEGIN
            EXECUTE format('ALTER TABLE public.payment VALIDATE CONSTRAINT %I', rule);
        EXCEPTION
            WHEN check_violation OR foreign_key_violation THEN
                RAISE NOTICE 'Some payments do not keep %; they stay, new ones must.', rule;
        END;
    END LOOP;
END
$do$;

-- What has been paid for a registration and still stands; NULL when nothing has.
CREATE FUNCTION pine.paid_for(registration integer) RETURNS numeric
    LANGUAGE sql STABLE
AS $$
    SELECT p.amount_paid FROM public.payment AS p WHERE p.registration_id = registration AND p.voided_at IS NULL
$$;

-- `not_required` when nothing is due, `paid` when the live payment covers what is, else `pending`.
CREATE FUNCTION pine.payment_status(price_due numeric, paid numeric) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN coalesce(price_due, 0) = 0 THEN 'not_required'
        WHEN paid >= price_due THEN 'paid'
        ELSE 'pending'
    END
$$;

-- Whether a registration is not paid for, read from its row alone: the door asks this of everybody.
CREATE FUNCTION pine.owes(registration registrations) RETURNS boolean
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(registration.price_due, 0) > 0 AND coalesce(registration.payment_status, 'pending') <> 'paid'
$$;

-- What is still to be paid for a registration; 0 when nothing is.
CREATE FUNCTION pine.due(registration registrations) RETURNS numeric
    LANGUAGE sql STABLE
AS $$
    SELECT CASE
        WHEN pine.owes(registration) THEN pg_catalog.round(registration.price_due - coalesce(pine.paid_for(registration.id), 0), 2)
        ELSE 0
    END
$$;

-- Lets a registration's payment_status follow its price and its live payment; what was refunded stays so.
CREATE FUNCTION pine.settle(registration integer) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.registrations AS r
    SET payment_status = pine.payment_status(r.price_due, pine.paid_for(r.id))
    WHERE r.id = registration
      AND r.payment_status IS DISTINCT FROM 'refunded'
      AND r.payment_status IS DISTINCT FROM pine.payment_status(r.price_due, pine.paid_for(r.id))
$$;

-- Whoever writes a payment, the registration follows.
CREATE FUNCTION pine.settle_after_payment() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM pine.settle(OLD.registration_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM pine.settle(NEW.registration_id);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER settle_after_payment AFTER INSERT OR DELETE OR UPDATE OF amount_paid, voided_at, registration_id ON payment
    FOR EACH ROW EXECUTE FUNCTION pine.settle_after_payment();

-- An amount as people read it, for sentences.
CREATE FUNCTION pine.amount_text(amount numeric) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT s.currency || ' ' || pg_catalog.to_char(amount, 'FM999,999,999,990.00') FROM public.settings AS s
$$;

CREATE FUNCTION pine.check_payment_channel(channel text) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.settings AS s WHERE channel = ANY (s.payment_channels)) THEN
        PERFORM pine.refuse_value('payment_channel', 'That is none of the community''s ways to pay.');
    END IF;
END
$$;

-- Takes a member's payment for an event: the whole of what is due, no more and no less. Answers its id, or NULL when
-- somebody else was faster: the unique index on live payments decides, so no lock is needed before.
CREATE FUNCTION pine.take_payment(member integer, event integer, amount numeric, channel text, at timestamptz)
    RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    registration integer;
    price        numeric;
    paid         numeric;
    owed         boolean;
    receipt      integer;
BEGIN
    PERFORM pine.check_payment_channel(channel);
    -- In one look: what another till takes meanwhile is seen whole or not at all.
    SELECT r.id, r.price_due, pine.paid_for(r.id), pine.owes(r) INTO registration, price, paid, owed
    FROM public.registrations AS r
    WHERE r.user_id = member AND r.event_id = event;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no registration to pay for.' USING ERRCODE = 'PT409';
    ELSIF NOT owed THEN
        RETURN NULL;
    ELSIF paid IS NOT NULL THEN
        RAISE EXCEPTION '% of % were paid before. Admit with a reason and settle the rest later.',
            pine.amount_text(paid), pine.amount_text(price)
            USING ERRCODE = 'PT409';
    ELSIF amount IS DISTINCT FROM price THEN
        RAISE EXCEPTION '% is due, not %.', pine.amount_text(price),
            coalesce(pine.amount_text(amount), 'nothing')
            USING ERRCODE = 'PT409';
    END IF;
    INSERT INTO public.payment (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
    VALUES (registration, member, event, amount, channel, at AT TIME ZONE 'UTC')
    ON CONFLICT (registration_id) WHERE voided_at IS NULL DO NOTHING
    RETURNING id INTO receipt;
    RETURN receipt;
END
$$;

-- Takes the live payment of a registration back; the row stays. Answers what it was of, NULL when there is none.
CREATE FUNCTION pine.void_payment(registration integer, at timestamptz) RETURNS numeric
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.payment AS p
    SET voided_at = at
    WHERE p.registration_id = registration AND p.voided_at IS NULL
    RETURNING p.amount_paid
$$;

-- Money is never forgotten.
CREATE FUNCTION pine.refuse_deleting_payments() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'Payments are never deleted; void them (voided_at).' USING ERRCODE = 'PT403';
END
$$;

-- By row: deleting a registration that nobody paid for sweeps this table too, and may.
CREATE TRIGGER stays BEFORE DELETE ON payment
    FOR EACH ROW EXECUTE FUNCTION pine.refuse_deleting_payments();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON payment
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_deleting_payments();
