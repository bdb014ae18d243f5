-- The till of the door: walk-ins, payments, and admission of what a rule refused. The rules stand in pine; here each
-- is one call, one transaction, safe to send again.

-- Takes the payment that keeps somebody out, and admits them. `amount` is what the terminal showed as due.
CREATE FUNCTION api.take_payment_and_admit(
    token bytea, nonce uuid, event_id integer, member_id integer, presented text, amount numeric, payment_channel text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'take_payment_and_admit', nonce, jsonb_build_array(
        event_id, member_id, presented, amount, payment_channel));
    event  public.events;
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    event := pine.the_event(event_id);
    member := pine.member_numbered(member_id);
    RETURN pine.end_request(actor.key, nonce, pine.with_door_note(CASE
        WHEN pine.evaluate_check_in(event, member, pine.clock()) = 'unpaid'
            THEN pine.pay_and_check_in(actor, event, member, coalesce(presented, ''), nonce, amount, payment_channel, NULL, NULL)
        ELSE pine.check_in(actor, event, member, coalesce(presented, ''), nonce)
    END));
END
$$;

-- Admits what a rule refused, with a reason that the log keeps. Who is switched off, unknown or not registered, and
-- whose event is cancelled, is refused all the same.
CREATE FUNCTION api.admit_anyway(
    token bytea, nonce uuid, event_id integer, member_id integer, presented text, reason text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'admit_anyway', nonce, jsonb_build_array(
        event_id, member_id, presented, reason));
    event  public.events;
    why    text := pine.read_reason(reason);
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    IF why IS NULL THEN
        PERFORM pine.refuse_value('reason', 'Type why they come in.');
    END IF;
    event := pine.the_event(event_id);
    RETURN pine.end_request(actor.key, nonce, pine.with_door_note(pine.check_in(
        actor, event, pine.member_numbered(member_id), coalesce(presented, ''), nonce, reason => why)));
END
$$;

-- Somebody who has not registered: a member by id, or a new one by name and e-mail address. An address that somebody
-- has is answered with who that is, and nothing is done.
CREATE FUNCTION api.walk_in(
    token bytea, nonce uuid, event_id integer, member_id integer, full_name text, email text, username text,
    amount numeric, payment_channel text, reason text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'walk_in', nonce, jsonb_build_array(
        event_id, member_id, full_name, email, username, amount, payment_channel, reason));
    event  public.events;
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    event := pine.the_event(event_id);
    IF member_id IS NOT NULL THEN
        member := pine.member_numbered(member_id);
    ELSE
        SELECT * INTO member FROM public.users AS u WHERE lower(u.email) = lower(btrim(walk_in.email)) LIMIT 1;
        IF FOUND THEN
            RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
                'result', 'email_taken',
                'member', jsonb_build_object(
                    'id', member.id, 'username', member.username, 'full_name', member.full_name)));
        END IF;
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'result', 'attempted',
        'checked_in', pine.with_door_note(pine.walk_in(
            actor, event, member, coalesce(full_name, ''), email, username, nonce,
            amount, payment_channel, pine.read_reason(reason)))));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.take_payment_and_admit(bytea, uuid, integer, integer, text, numeric, text),
    api.admit_anyway(bytea, uuid, integer, integer, text, text),
    api.walk_in(bytea, uuid, integer, integer, text, text, text, numeric, text, text)
    TO pine_staff;
