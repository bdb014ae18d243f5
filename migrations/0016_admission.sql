-- Who comes in although a rule refused, and who comes in without having registered: walk-ins, payments at the door,
-- admission with a reason; and the way back from all of it.

-- A reason as it was typed: trimmed, none when empty.
CREATE FUNCTION pine.read_reason(typed text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF pg_catalog.length(pg_catalog.btrim(typed)) > 255 THEN
        PERFORM pine.refuse_value('reason', 'A reason has at most 255 characters.');
    END IF;
    RETURN nullif(pg_catalog.btrim(typed), '');
END
$$;

-- Makes somebody `registered` whatever they were, also beyond the last seat. Whoever calls holds the seats' lock.
-- Answers what was done, in the words of check_in_log.did: `registered`, the `status_before` if there was one, and
-- `over_capacity`; an empty object when they held a seat.
CREATE FUNCTION pine.make_registered(member integer, event integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    was     text := pine.registration_status(member, event);
    is_free boolean := pine.hold_seat(event);
BEGIN
    IF NOT pine.take_seat(member, event, at, ARRAY['cancelled', 'rejected', 'pending', 'waitlisted']) THEN
        RETURN '{}';
    END IF;
    RETURN pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'registered', true, 'status_before', was, 'over_capacity', CASE WHEN NOT is_free THEN true END));
END
$$;

-- Takes the payment of somebody whom only that keeps out, and checks them in. Money is taken only with an entry: if
-- something else came between, it is voided; if another door let them in meanwhile, it stands.
CREATE FUNCTION pine.pay_and_check_in(
    actor pine.actor, event events, member users, presented text, nonce uuid,
    amount numeric, channel text, reason text, did jsonb
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at      timestamptz := pine.clock();
    receipt integer;
    answer  jsonb;
BEGIN
    receipt := pine.take_payment(member.id, event.id, amount, channel, at);
    IF receipt IS NOT NULL THEN
        did := coalesce(did, '{}') || pg_catalog.jsonb_build_object('payment', receipt, 'paid', amount::text);
        PERFORM pine.audit(actor, 'payment', 'event', event.id, NULL, pg_catalog.jsonb_build_object(
            'user_id', member.id, 'payment_id', receipt, 'amount_paid', amount, 'payment_channel', channel));
    END IF;
    answer := pine.check_in(actor, event, member, presented, nonce, reason => reason, did => did);
    IF receipt IS NOT NULL AND answer->>'outcome' NOT IN ('ok', 'already') THEN
        PERFORM pine.void_payment(r.id, at)
        FROM public.registrations AS r
        WHERE r.user_id = member.id AND r.event_id = event.id;
        answer := answer || '{"paid": null}';
    END IF;
    RETURN answer;
END
$$;

-- A user name made of a full name: plain letters and digits with dots between, and a number behind it if it is taken.
CREATE FUNCTION pine.propose_username(full_name text) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    base   text := pg_catalog.left(pg_catalog.btrim(
                       pg_catalog.regexp_replace(pine.fold(full_name), '[^a-z0-9]+', '.', 'g'), '.'), 56);
    number integer := 1;
BEGIN
    base := pg_catalog.rtrim(base, '.');
    IF pg_catalog.length(base) < 2 THEN
        base := 'member';
    END IF;
    WHILE EXISTS (SELECT FROM public.users AS u
                  WHERE pg_catalog.lower(u.username) = base || CASE WHEN number > 1 THEN number::text ELSE '' END) LOOP
        number := number + 1;
    END LOOP;
    RETURN base || CASE WHEN number > 1 THEN number::text ELSE '' END;
END
$$;

-- A new member who stands at the door: nobody can sign in with what is stored as their password.
CREATE FUNCTION pine.add_walk_in(actor pine.actor, full_name text, email text, username text, at timestamptz)
    RETURNS users
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    made   public.users;
    wanted text := nullif(pg_catalog.btrim(username), '');
    tries  integer := 0;
BEGIN
    -- The name first, and in the order in which the form has its fields.
    IF full_name IS NULL OR pg_catalog.btrim(full_name) = '' OR pg_catalog.length(pg_catalog.btrim(full_name)) > 255 THEN
        PERFORM pine.refuse_value('full_name', 'A full name has 1 to 255 characters.');
    END IF;
    LOOP
        PERFORM pine.check_new_member(coalesce(wanted, pine.propose_username(full_name)), email, full_name, 'regular');
        INSERT INTO public.users (username, email, full_name, user_type, hashed_password, created_at)
        VALUES (coalesce(wanted, pine.propose_username(full_name)), pg_catalog.btrim(email), pg_catalog.btrim(full_name),
                'regular', '!' || pg_catalog.encode(pine.random_bytes_32(), 'hex'), at)
        -- Two doors with two people of one name: the second gets the next number.
        ON CONFLICT DO NOTHING
        RETURNING * INTO made;
        EXIT WHEN made.id IS NOT NULL;
        tries := tries + 1;
        IF tries > 20 THEN
            RAISE EXCEPTION 'No user name could be found; type one.' USING ERRCODE = 'PT409';
        END IF;
    END LOOP;
    PERFORM pine.audit(actor, 'member_add', 'member', made.id, NULL,
                       pg_catalog.jsonb_build_object('username', made.username, 'user_type', made.user_type));
    RETURN made;
END
$$;

-- A walk-in, whole: make the member if there is none, register, take the payment unless it is put off, check in.
-- What would refuse a registered person refuses a walk-in too, unless there is a reason.
CREATE FUNCTION pine.walk_in(
    actor pine.actor, event events, member users, full_name text, email text, username text, nonce uuid,
    amount numeric, channel text, reason text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at           timestamptz := pine.clock();
    presented    text := coalesce(member.full_name, pg_catalog.btrim(full_name));
    -- Seats first; nobody else takes one until this is done.
    is_free      boolean := pine.hold_seat(event.id);
    status       text := pine.registration_status(member.id, event.id);
    refusal      text;
    did          jsonb := '{}';
    registration public.registrations;
BEGIN
    refusal := CASE WHEN NOT coalesce(event.is_active, true) THEN 'event_inactive' END;
    IF member.id IS NOT NULL THEN
        refusal := pine.evaluate_check_in(event, member, at);
        IF status = 'cancelled' OR refusal IN ('not_registered', 'unpaid', 'ok') THEN
            refusal := NULL;
        END IF;
    END IF;
    refusal := coalesce(refusal, pine.closed_door(event, at));
    IF refusal IN ('member_inactive', 'event_inactive', 'already') OR (refusal IS NOT NULL AND reason IS NULL) THEN
        RETURN pine.note_attempt(actor, event, member, presented, nonce, at, refusal, 0, NULL, NULL, NULL);
    ELSIF NOT is_free AND reason IS NULL AND status IS DISTINCT FROM 'registered' THEN
        PERFORM pine.refuse_value('reason', pg_catalog.format(
            'All %s seats are taken. A reason lets one more in.', event.max_participants));
    END IF;

    IF member.id IS NULL THEN
        member := pine.add_walk_in(actor, full_name, email, username, at);
        did := '{"member_added": true}';
    END IF;
    did := did || pine.make_registered(member.id, event.id, at);
    SELECT * INTO registration FROM public.registrations AS r WHERE r.user_id = member.id AND r.event_id = event.id;
    IF channel IS NOT NULL THEN
        IF NOT pine.owes(registration) THEN
            RAISE EXCEPTION 'Nothing is due.' USING ERRCODE = 'PT409';
        END IF;
        RETURN pine.pay_and_check_in(actor, event, member, presented, nonce, amount, channel, reason, did);
    ELSIF pine.owes(registration) AND reason IS NULL THEN
        PERFORM pine.refuse_value('reason', pg_catalog.format(
            '%s is due. Take it, or type why they pay later.', pine.amount_text(pine.due(registration))));
    END IF;
    RETURN pine.check_in(actor, event, member, presented, nonce, reason => reason, did => did);
END
$$;

-- The way back for an undo: what the call that let somebody in did besides attendance and points is taken back. Its
-- payment is voided, the registration is what it was (`cancelled` when there was none: rows are not deleted). Locks
-- the seats, so an undo calls it before it locks anything else. Answers what was taken back, NULL for a plain check-in.
CREATE FUNCTION pine.take_back_admission(member integer, event integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    done   jsonb;
    voided numeric;
    status text;
BEGIN
    SELECT l.did INTO done
    FROM public.check_in_log AS l
    WHERE l.event_id = event AND l.user_id = member AND l.outcome = 'ok' AND l.passage = 'in'
    ORDER BY l.id DESC
    LIMIT 1;
    IF done IS NULL OR NOT done ?| ARRAY['registered', 'payment'] THEN
        RETURN NULL;
    END IF;
    PERFORM FROM public.event_seats AS s WHERE s.event_id = event FOR UPDATE;
    UPDATE public.payment AS p
    SET voided_at = at
    WHERE p.id = (done->>'payment')::integer AND p.voided_at IS NULL
    RETURNING p.amount_paid INTO voided;
    IF done ? 'registered' THEN
        UPDATE public.registrations AS r
        SET status = coalesce(done->>'status_before', 'cancelled')
        WHERE r.user_id = member AND r.event_id = event AND r.status = 'registered'
        RETURNING r.status INTO status;
    END IF;
    RETURN pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'payment', done->'payment', 'amount_voided', voided::text, 'status', status));
END
$$;
