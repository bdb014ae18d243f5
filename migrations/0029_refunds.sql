-- Who took a payment, and what was given back of it. A refund is a row of its own; how much of a payment is given back
-- is counted on the payment, where one CHECK holds it whoever comes at once.

-- `taken_by` and `operator` are one person; an owner's session has only the latter, and nobody is known of older rows.
ALTER TABLE payment
    ADD COLUMN taken_by integer REFERENCES users (id),
    ADD COLUMN operator text,
    ADD COLUMN device text,
    ADD COLUMN voided_by text,
    ADD COLUMN void_reason text,
    ADD COLUMN refunded numeric NOT NULL DEFAULT 0,
    ADD CONSTRAINT payment_refunded_within_the_amount CHECK (refunded >= 0 AND (refunded = 0 OR refunded <= amount_paid)),
    ADD CONSTRAINT payment_amount_paid_two_decimals
        CHECK (amount_paid = round(amount_paid, 2) AND amount_paid < 10000000000) NOT VALID;

CREATE TABLE refunds (
    id             integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id     integer     NOT NULL REFERENCES payment (id),
    amount         numeric     NOT NULL,
    refund_channel varchar(50) NOT NULL,
    reason         text        NOT NULL,
    refunded_at    timestamptz NOT NULL,
    refunded_by    integer     REFERENCES users (id),
    operator       text        NOT NULL,
    device         text        NOT NULL,
    -- Mistyped: it never happened.
    voided_at      timestamptz,
    voided_by      text,
    void_reason    text,
    CONSTRAINT refunds_amount_positive CHECK (amount > 0 AND amount = round(amount, 2) AND amount < 10000000000),
    CONSTRAINT refunds_reason_given CHECK (btrim(reason) <> ''),
    CONSTRAINT refunds_voided_for_a_reason CHECK (voided_at IS NULL OR coalesce(btrim(void_reason), '') <> '')
);

CREATE INDEX refunds_payment_id ON refunds (payment_id);
CREATE INDEX refunds_refunded_at ON refunds (refunded_at);

-- Money is never forgotten, and a refund stays what it was; it can only be voided.
CREATE FUNCTION pine.refuse_rewriting_refunds() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'Refunds are never changed or deleted; void them (voided_at).' USING ERRCODE = 'PT403';
END
$$;

CREATE TRIGGER stays BEFORE DELETE ON refunds
    FOR EACH ROW EXECUTE FUNCTION pine.refuse_rewriting_refunds();
CREATE TRIGGER stays_whole BEFORE TRUNCATE ON refunds
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_rewriting_refunds();
CREATE TRIGGER stays_as_it_is
    BEFORE UPDATE OF payment_id, amount, refund_channel, reason, refunded_at, refunded_by, operator, device ON refunds
    FOR EACH ROW EXECUTE FUNCTION pine.refuse_rewriting_refunds();

-- What is given back of a payment follows its refunds. The payment's row is locked by this until the transaction ends:
-- of two refunds at once the second counts on what the first has made of it.
CREATE FUNCTION pine.count_refunds() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    change numeric := CASE WHEN NEW.voided_at IS NULL THEN NEW.amount ELSE 0 END;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.voided_at IS NULL THEN
        change := change - OLD.amount;
    END IF;
    IF change <> 0 THEN
        UPDATE public.payment AS p SET refunded = p.refunded + change WHERE p.id = NEW.payment_id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER count_refunds AFTER INSERT OR UPDATE OF voided_at ON refunds
    FOR EACH ROW EXECUTE FUNCTION pine.count_refunds();

-- Whether money came in by a payment. What is voided never happened; but a payment that was given back whole came in and
-- went out again, and is voided only to make room for the next one.
CREATE FUNCTION pine.counts(payment payment) RETURNS boolean
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT payment.voided_at IS NULL OR payment.refunded > 0
$$;

-- What has been paid for a registration and not been given back; NULL when nothing has.
CREATE OR REPLACE FUNCTION pine.paid_for(registration integer) RETURNS numeric
    LANGUAGE sql STABLE
AS $$
    SELECT nullif(p.amount_paid - p.refunded, 0)
    FROM public.payment AS p
    WHERE p.registration_id = registration AND p.voided_at IS NULL
$$;

-- What a registration's payment_status is to be: `refunded` when the live payment was given back whole, `not_required`
-- when nothing is due, `paid` when what stands of the live payment covers it, else `pending`.
CREATE FUNCTION pine.settled_status(registration registrations) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM public.payment AS p
                     WHERE p.registration_id = registration.id AND p.voided_at IS NULL
                       AND p.refunded > 0 AND p.refunded = p.amount_paid)
            THEN 'refunded'
        ELSE pine.payment_status(registration.price_due, pine.paid_for(registration.id))
    END
$$;

-- Lets a registration's payment_status follow its price, its live payment and what was given back of it.
CREATE OR REPLACE FUNCTION pine.settle(registration integer) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.registrations AS r
    SET payment_status = pine.settled_status(r)
    WHERE r.id = registration
      AND r.payment_status IS DISTINCT FROM pine.settled_status(r)
$$;

DROP TRIGGER settle_after_payment ON payment;
CREATE TRIGGER settle_after_payment
    AFTER INSERT OR DELETE OR UPDATE OF amount_paid, voided_at, registration_id, refunded ON payment
    FOR EACH ROW EXECUTE FUNCTION pine.settle_after_payment();

-- A payment of which a part was given back cannot vanish: the part would be left without its whole. One that was given
-- back whole has nothing left to take back, so whoever voids it (an undone walk-in) finds nothing; to make room for the
-- next payment it is voided with a reason.
CREATE FUNCTION pine.guard_voiding() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR OLD.refunded = 0 THEN
        RETURN NEW;
    ELSIF OLD.refunded < OLD.amount_paid THEN
        RAISE EXCEPTION '% of this payment were given back. Give back the rest, or void that refund, first.',
            pine.amount_text(OLD.refunded)
            USING ERRCODE = 'PT409';
    ELSIF NEW.void_reason IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER guard_voiding BEFORE UPDATE OF voided_at ON payment
    FOR EACH ROW EXECUTE FUNCTION pine.guard_voiding();

-- An older database says `refunded` and knows no refund: it gets the row, so that the books agree with it.
INSERT INTO refunds (payment_id, amount, refund_channel, reason, refunded_at, operator, device)
SELECT p.id, p.amount_paid, p.payment_channel, 'Refunded before refunds were kept.',
       coalesce(p.payment_date AT TIME ZONE 'UTC', now()), '', ''
FROM payment AS p
JOIN registrations AS r ON r.id = p.registration_id
WHERE r.payment_status = 'refunded' AND p.voided_at IS NULL
  AND p.amount_paid > 0 AND p.amount_paid = round(p.amount_paid, 2) AND p.amount_paid < 10000000000;

-- An amount as a person hands it over: more than 0, in the currency's decimals.
CREATE FUNCTION pine.check_amount(field text, amount numeric) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    -- Without a smaller unit (ISO 4217, exponent 0).
    is_whole boolean := (SELECT s.currency = ANY ('{BIF,CLP,DJF,GNF,ISK,JPY,KMF,KRW,PYG,RWF,UGX,VND,VUV,XAF,XOF,XPF}')
                         FROM public.settings AS s);
BEGIN
    IF amount IS NULL THEN
        PERFORM pine.refuse_value(field, 'Type an amount.');
    ELSIF amount <= 0 THEN
        PERFORM pine.refuse_value(field, 'An amount is more than 0.');
    -- NaN counts as larger than any number.
    ELSIF amount >= 10000000000 THEN
        PERFORM pine.refuse_value(field, 'That is more than fits; at most 9999999999.99.');
    ELSIF amount <> pg_catalog.round(amount, 2) THEN
        PERFORM pine.refuse_value(field, 'At most two decimals: 99.50.');
    ELSIF is_whole AND amount <> pg_catalog.trunc(amount) THEN
        PERFORM pine.refuse_value(field, 'This currency has no decimals.');
    END IF;
END
$$;

-- Takes the payment of a registration: the whole of what it costs, no more and no less. Answers its id, or NULL when
-- nothing is owed or somebody else was faster. A live payment that was given back whole makes room; one that stands in
-- part is given back or corrected first. The registration is locked before its payments, so that tills wait for each
-- other and never crosswise; that there is one live payment is held by the unique index.
DROP FUNCTION pine.take_payment(integer, integer, numeric, text, timestamptz);
CREATE FUNCTION pine.take_payment(
    actor pine.actor, registration integer, amount numeric, channel text, at timestamptz
) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    known   record;
    receipt integer;
BEGIN
    PERFORM pine.check_payment_channel(channel);
    PERFORM FROM public.registrations AS r WHERE r.id = registration FOR NO KEY UPDATE;
    -- In one look: what another till takes meanwhile is seen whole or not at all.
    SELECT r.id, r.user_id, r.event_id, r.price_due, pine.paid_for(r.id) AS paid, pine.owes(r) AS owed INTO known
    FROM public.registrations AS r
    WHERE r.id = registration;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no registration to pay for.' USING ERRCODE = 'PT409';
    ELSIF NOT known.owed THEN
        RETURN NULL;
    ELSIF known.paid IS NOT NULL THEN
        RAISE EXCEPTION '% of % were paid before. At the door admit with a reason; the desk gives it back or corrects it.',
            pine.amount_text(known.paid), pine.amount_text(known.price_due)
            USING ERRCODE = 'PT409';
    ELSIF amount IS DISTINCT FROM known.price_due THEN
        RAISE EXCEPTION '% is due, not %.', pine.amount_text(known.price_due),
            coalesce(pine.amount_text(amount), 'nothing')
            USING ERRCODE = 'PT409';
    END IF;
    UPDATE public.payment AS p
    SET voided_at = at, voided_by = actor.name, void_reason = 'Given back whole, and paid anew.'
    WHERE p.registration_id = registration AND p.voided_at IS NULL AND p.refunded > 0 AND p.refunded = p.amount_paid;
    INSERT INTO public.payment
        (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date, taken_by, operator, device)
    VALUES
        (known.id, known.user_id, known.event_id, amount, channel, at AT TIME ZONE 'UTC',
         actor.user_id, actor.name, actor.device)
    ON CONFLICT (registration_id) WHERE voided_at IS NULL DO NOTHING
    RETURNING id INTO receipt;
    RETURN receipt;
END
$$;

-- Takes the payment of somebody whom only that keeps out, and checks them in. Money is taken only with an entry: if
-- something else came between, it is voided; if another door let them in meanwhile, it stands.
CREATE OR REPLACE FUNCTION pine.pay_and_check_in(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    amount numeric, channel text, reason text, did jsonb
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at           timestamptz := pine.clock();
    registration integer := (SELECT r.id FROM public.registrations AS r
                             WHERE r.user_id = member.id AND r.event_id = event.id);
    receipt      integer := pine.take_payment(actor, registration, amount, channel, at);
    answer       jsonb;
BEGIN
    IF receipt IS NOT NULL THEN
        did := coalesce(did, '{}') || pg_catalog.jsonb_build_object('payment', receipt, 'paid', amount::text);
        PERFORM pine.audit(actor, 'payment', 'event', event.id, NULL, pg_catalog.jsonb_build_object(
            'user_id', member.id, 'payment_id', receipt, 'amount_paid', amount, 'payment_channel', channel));
    END IF;
    answer := pine.check_in(actor, event, member, presented, nonce, reason => reason, did => did);
    IF receipt IS NOT NULL AND answer->>'outcome' NOT IN ('ok', 'already') THEN
        PERFORM pine.void_payment(registration, at);
        answer := answer || '{"paid": null}';
    END IF;
    RETURN answer;
END
$$;
