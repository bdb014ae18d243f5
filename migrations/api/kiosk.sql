-- Kiosks: what staff do with them, and what a kiosk does without anybody signed in. There its secret stands in the token's
-- place; nothing here tells a kiosk of a person, but the first name of whoever has just presented their own pass.

-- Enrols a kiosk, or gives one that has not joined yet another code. A secret: no nonce, and asked again it is another
-- one, after which the first is worth nothing.
CREATE FUNCTION api.kiosk_enrol(token bytea, name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    at    timestamptz := pine.clock();
    code  text := pine.new_pass_code();
    pin   text := pine.new_pin();
    salt  bytea := pine.random_bytes_32();
    made  public.kiosks;
BEGIN
    SELECT * INTO made
    FROM public.kiosks AS k
    WHERE k.is_active AND lower(k.name) = lower(btrim(kiosk_enrol.name)) AND k.secret_hash IS NULL
    FOR NO KEY UPDATE;
    PERFORM pine.check_kiosk_name(made.id, name);
    IF made.id IS NULL THEN
        INSERT INTO public.kiosks (name, pin_salt, pin_hash, enrolled_by, enrolled_at)
        VALUES (btrim(kiosk_enrol.name), salt, pine.pin_hash(salt, pin), actor.name, at)
        RETURNING * INTO made;
    END IF;
    UPDATE public.kiosks AS k
    SET code_hash = sha256(convert_to(code, 'UTF8')), code_expires_at = at + interval '1 hour',
        pin_salt = salt, pin_hash = pine.pin_hash(salt, pin)
    WHERE k.id = made.id;
    PERFORM pine.audit(actor, 'kiosk_enrol', 'kiosk', made.id, NULL, jsonb_build_object('name', made.name));
    RETURN jsonb_build_object('id', made.id, 'name', made.name, 'code', code, 'pin', pin,
                              'expires_at', at + interval '1 hour');
END
$$;

-- A new code for the attendant of a kiosk. A secret, as above.
CREATE FUNCTION api.kiosk_new_pin(token bytea, kiosk integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    pin   text := pine.new_pin();
    salt  bytea := pine.random_bytes_32();
    named text;
BEGIN
    UPDATE public.kiosks AS k
    SET pin_salt = salt, pin_hash = pine.pin_hash(salt, pin), wrong_pins = 0, last_wrong_pin = NULL
    WHERE k.id = kiosk AND k.is_active
    RETURNING k.name INTO named;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such kiosk.' USING ERRCODE = 'PT404';
    END IF;
    PERFORM pine.audit(actor, 'kiosk_new_pin', 'kiosk', kiosk);
    RETURN jsonb_build_object('name', named, 'pin', pin);
END
$$;

CREATE FUNCTION api.kiosk_rename(token bytea, nonce uuid, kiosk integer, name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'kiosk_rename', nonce, jsonb_build_array(kiosk, name));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.rename_kiosk(actor, kiosk, name));
END
$$;

-- Retires a kiosk: its secret is worth nothing from now on. Retiring one again changes nothing.
CREATE FUNCTION api.kiosk_retire(token bytea, nonce uuid, kiosk integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'kiosk_retire', nonce, jsonb_build_array(kiosk));
    line   public.kiosks;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    SELECT * INTO line FROM public.kiosks AS k WHERE k.id = kiosk FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such kiosk.' USING ERRCODE = 'PT404';
    ELSIF line.is_active THEN
        UPDATE public.kiosks AS k
        SET is_active = false, retired_at = pine.clock(), code_hash = NULL, code_expires_at = NULL
        WHERE k.id = kiosk;
        PERFORM pine.audit(actor, 'kiosk_retire', 'kiosk', kiosk, jsonb_build_object('is_active', true),
                           jsonb_build_object('is_active', false));
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.kiosk_line(kiosk));
END
$$;

-- All kiosks, those at work first.
CREATE FUNCTION api.kiosks(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(pine.kiosk_line(k.id) ORDER BY k.is_active DESC, lower(k.name), k.id), '[]')
        FROM public.kiosks AS k
    );
END
$$;

-- A device joins with the code that staff were given, and leaves the SHA-256 of a secret of its own. Every try counts like
-- one of a password, on the login's account.
CREATE FUNCTION api.kiosk_join(nonce uuid, code text, secret_hash bytea) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    key    text := 'kiosk-join:' || session_user;
    answer jsonb := pine.begin_request(key, 'kiosk_join', nonce, jsonb_build_array(code, secret_hash));
    -- No user name has such a sign in it.
    tried  text := chr(1) || 'kiosk code';
    at     timestamptz := pine.clock();
    waits  interval;
    joined public.kiosks;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF secret_hash IS NULL OR length(secret_hash) <> 32 THEN
        PERFORM pine.refuse_value('secret_hash', 'A kiosk''s secret comes as its SHA-256.');
    END IF;
    waits := pine.begin_try(tried, at);
    IF waits > interval '0' THEN
        RETURN pine.end_request(key, nonce, jsonb_build_object(
            'outcome', 'wait', 'seconds', pine.seconds_to_wait(waits)));
    END IF;
    UPDATE public.kiosks AS k
    SET secret_hash = kiosk_join.secret_hash, login_role = session_user, joined_at = at, last_seen = at,
        code_hash = NULL, code_expires_at = NULL
    WHERE k.code_hash = sha256(convert_to(pine.read_pass_code(code), 'UTF8'))
      AND at < k.code_expires_at
      AND k.is_active
    RETURNING * INTO joined;
    IF NOT FOUND THEN
        -- A device that never read the answer asks once more, with the secret that it has kept.
        SELECT * INTO joined
        FROM public.kiosks AS k
        WHERE k.secret_hash = kiosk_join.secret_hash AND k.login_role = session_user AND k.is_active;
        IF NOT FOUND THEN
            RETURN pine.end_request(key, nonce, jsonb_build_object('outcome', 'refused'));
        END IF;
        PERFORM pine.forget_failures(tried);
        RETURN pine.end_request(key, nonce, jsonb_build_object('outcome', 'ok', 'name', joined.name));
    END IF;
    PERFORM pine.forget_failures(tried);
    PERFORM pine.audit(pine.kiosk_actor(joined), 'kiosk_join', 'kiosk', joined.id, NULL,
                       jsonb_build_object('login_role', joined.login_role));
    RETURN pine.end_request(key, nonce, jsonb_build_object('outcome', 'ok', 'name', joined.name));
END
$$;

-- The page that everybody sees: today's events and the coming week's. No person is in it.
CREATE FUNCTION api.kiosk_page(device bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    kiosk public.kiosks := pine.kiosk_of(device);
    at    timestamptz := pine.clock();
BEGIN
    RETURN jsonb_build_object(
        'name', kiosk.name,
        'event_id', (SELECT e.id FROM public.events AS e WHERE e.id = kiosk.event_id AND at < e.end_time),
        'events', pine.notices(7, at),
        'code_stamp', pine.code_stamp(kiosk));
END
$$;

-- Says that the kiosk is there, once a minute at most.
CREATE FUNCTION api.kiosk_touch(device bytea) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    kiosk public.kiosks := pine.kiosk_of(device);
BEGIN
    UPDATE public.kiosks AS k
    SET last_seen = pine.clock()
    WHERE k.id = kiosk.id AND (k.last_seen IS NULL OR k.last_seen < pine.clock() - interval '30 seconds');
    RETURN FOUND;
END
$$;

-- Checks the member of a presented pass in, as a door would. Refusals are outcomes.
CREATE FUNCTION api.kiosk_scan(device bytea, nonce uuid, presented text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    kiosk  public.kiosks := pine.kiosk_of(device);
    key    text := 'kiosk:' || kiosk.id;
    answer jsonb := pine.begin_request(key, 'kiosk_scan', nonce, jsonb_build_array(presented));
    at     timestamptz := pine.clock();
    waits  interval;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF presented IS NULL THEN
        PERFORM pine.refuse_value('presented', 'Nothing was presented.');
    END IF;
    waits := pine.begin_scan(kiosk.id, at);
    IF waits > interval '0' THEN
        RETURN pine.end_request(key, nonce, jsonb_build_object(
            'outcome', 'wait', 'seconds', pine.seconds_to_wait(waits), 'at', at));
    END IF;
    RETURN pine.end_request(key, nonce, pine.kiosk_check_in(kiosk, presented, nonce, at));
END
$$;

-- The attendant says who they are by the kiosk's code, and reads which of today's events the scans can be for.
CREATE FUNCTION api.kiosk_attend(device bytea, nonce uuid, pin text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    kiosk  public.kiosks := pine.kiosk_of(device);
    key    text := 'kiosk:' || kiosk.id;
    answer jsonb := pine.begin_request(key, 'kiosk_attend', nonce, '[]');
    at     timestamptz := pine.clock();
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    answer := pine.try_pin(kiosk.id, pin, at);
    IF answer->>'outcome' = 'ok' THEN
        PERFORM pine.audit(pine.kiosk_actor(kiosk), 'kiosk_attend', 'kiosk', kiosk.id);
        answer := answer || jsonb_build_object(
            'name', kiosk.name,
            'event_id', (SELECT e.id FROM public.events AS e WHERE e.id = kiosk.event_id AND at < e.end_time),
            'events', pine.notices(1, at),
            'code_stamp', pine.code_stamp(kiosk));
    END IF;
    RETURN pine.end_request(key, nonce, answer);
END
$$;

-- The attendant chooses the event that scans are for, among today's and those whose door is open; none is the one that
-- happens now.
CREATE FUNCTION api.kiosk_choose(device bytea, nonce uuid, pin text, event integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    kiosk  public.kiosks := pine.kiosk_of(device);
    key    text := 'kiosk:' || kiosk.id;
    answer jsonb := pine.begin_request(key, 'kiosk_choose', nonce, jsonb_build_array(event));
    at     timestamptz := pine.clock();
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    answer := pine.try_pin(kiosk.id, pin, at);
    IF answer->>'outcome' = 'ok' THEN
        IF event IS NOT NULL AND NOT EXISTS (
            SELECT FROM jsonb_array_elements(pine.notices(1, at)) AS today WHERE (today->>'id')::integer = event
        ) THEN
            RAISE EXCEPTION 'That is not one of today''s events, and its door is not open.' USING ERRCODE = 'PT404';
        END IF;
        UPDATE public.kiosks AS k SET event_id = event WHERE k.id = kiosk.id;
        PERFORM pine.audit(pine.kiosk_actor(kiosk), 'kiosk_choose', 'kiosk', kiosk.id,
                           jsonb_build_object('event_id', kiosk.event_id), jsonb_build_object('event_id', event));
    END IF;
    RETURN pine.end_request(key, nonce, answer);
END
$$;

-- The attendant names the kiosk.
CREATE FUNCTION api.kiosk_name(device bytea, nonce uuid, pin text, name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    kiosk  public.kiosks := pine.kiosk_of(device);
    key    text := 'kiosk:' || kiosk.id;
    answer jsonb := pine.begin_request(key, 'kiosk_name', nonce, jsonb_build_array(name));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    answer := pine.try_pin(kiosk.id, pin, pine.clock());
    IF answer->>'outcome' = 'ok' THEN
        PERFORM pine.rename_kiosk(pine.kiosk_actor(kiosk), kiosk.id, name);
    END IF;
    RETURN pine.end_request(key, nonce, answer);
END
$$;

GRANT EXECUTE ON FUNCTION
    api.kiosk_enrol(bytea, text), api.kiosk_new_pin(bytea, integer), api.kiosk_rename(bytea, uuid, integer, text),
    api.kiosk_retire(bytea, uuid, integer), api.kiosks(bytea)
    TO pine_staff;
GRANT EXECUTE ON FUNCTION
    api.kiosk_join(uuid, text, bytea), api.kiosk_page(bytea), api.kiosk_touch(bytea),
    api.kiosk_scan(bytea, uuid, text), api.kiosk_attend(bytea, uuid, text),
    api.kiosk_choose(bytea, uuid, text, integer), api.kiosk_name(bytea, uuid, text, text)
    TO pine_kiosk;
