-- Signing in by server relief: the terminal derives a key from the password with the salt and cost it is told
-- here, and the database compares the key's SHA-256 with what it keeps. Neither password nor stored hash travels.

-- The parts of a member's stored credential; `usable` is false for nobody and for forms we do not know, and the
-- other parts are then a stable fake, so that a name that exists cannot be told from one that does not.
CREATE FUNCTION api.login_challenge(name text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
    SELECT jsonb_build_object(
        'algorithm', c.algorithm,
        'memory_kib', c.memory_kib,
        'passes', c.passes,
        'lanes', c.lanes,
        'rounds', c.rounds,
        'salt', encode(c.salt, 'hex')
    )
    FROM pine.credential(name) AS c
$$;

-- One try. Refusals are an outcome, so that the count of the failure commits with it; it is counted before the
-- key is looked at, and taken back when the key is right. After too many, tries have to wait, whoever is asked for.
-- `upgrade` is the password in today's form, for one that an older database kept otherwise; `client_told` is where the
-- terminal says it is used from (see 0058). Nobody has to say either.
CREATE FUNCTION api.login(
    name text, key bytea, device text, terminal uuid, upgrade text DEFAULT NULL, client_told text DEFAULT NULL
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    at     timestamptz := pine.clock();
    known  record;
    member public.users;
    token  bytea;
    -- Who gives no name is nobody, and nobody's tries are counted as well.
    waits  interval := pine.begin_try(coalesce(name, ''), at);
BEGIN
    IF upgrade IS NOT NULL THEN
        PERFORM pine.check_password_form(upgrade);
    END IF;
    IF waits > interval '0' THEN
        RETURN jsonb_build_object('outcome', 'wait', 'seconds', pine.seconds_to_wait(waits));
    END IF;
    SELECT * INTO known FROM pine.credential(name);
    SELECT * INTO member FROM public.users AS u WHERE u.id = known.user_id;
    IF NOT (
        known.usable
        AND known.digest = sha256(key)
        AND coalesce(member.is_active, true)
        AND (NOT member.is_sample OR (SELECT s.is_demo FROM public.settings AS s))
        AND (pine.user_type(member) = 'regular' OR pine.is_staff_login())
    ) THEN
        RETURN jsonb_build_object('outcome', 'refused');
    END IF;

    PERFORM pine.forget_failures(name);
    token := pine.open_session(member.id, NULL, pine.user_type(member) <> 'regular', device, terminal);
    PERFORM pine.remember_client(token, client_told);
    UPDATE public.users AS u SET last_login = at WHERE u.id = member.id;
    PERFORM pine.audit(pine.who(token), 'sign_in', 'member', member.id);
    IF upgrade IS NOT NULL AND known.algorithm = 'bcrypt-sha256' THEN
        UPDATE public.users AS u SET hashed_password = upgrade WHERE u.id = member.id;
        PERFORM pine.audit(pine.who(token), 'password_upgrade', 'member', member.id);
    END IF;
    RETURN jsonb_build_object(
        'outcome', 'ok',
        'token', encode(token, 'hex'),
        'me', jsonb_build_object(
            'user_id', member.id,
            'username', member.username,
            'full_name', member.full_name,
            'user_type', pine.user_type(member),
            'points', coalesce((SELECT t.spendable FROM public.user_totals AS t WHERE t.user_id = member.id), 0),
            'device', left(device, 255)
        )
    );
END
$$;

-- A session of the database's owner, for commands on the command line: an administrator without a member behind.
CREATE FUNCTION api.owner_session(system_user_name text, device text, terminal uuid, client_told text DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    token bytea;
BEGIN
    IF NOT pg_has_role(session_user, 'pine_owner', 'USAGE') THEN
        RAISE EXCEPTION 'Only the owner of the database may do that.' USING ERRCODE = 'PT403';
    END IF;
    token := pine.open_session(NULL, left(system_user_name, 255), true, device, terminal);
    PERFORM pine.remember_client(token, client_told);
    RETURN encode(token, 'hex');
END
$$;

-- Ends a session. Saying it twice, or of a session long over, is no fault.
CREATE FUNCTION api.logout(token bytea) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    UPDATE public.sessions AS s
    SET ended_at = pine.clock()
    WHERE s.token_hash = sha256(token) AND s.ended_at IS NULL;
    RETURN FOUND;
END
$$;

-- Advances the idle time. Reading functions write nothing, so the client says this besides, once a minute at most.
CREATE FUNCTION api.touch(token bytea) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    UPDATE public.sessions AS s
    SET last_active = pine.clock()
    WHERE s.id = actor.session_id AND s.last_active < pine.clock() - interval '30 seconds';
    RETURN FOUND;
END
$$;

GRANT EXECUTE ON FUNCTION
    api.login_challenge(text), api.login(text, bytea, text, uuid, text, text), api.logout(bytea), api.touch(bytea)
    TO pine_staff, pine_kiosk;
