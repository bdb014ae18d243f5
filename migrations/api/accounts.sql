-- Accounts: signing up, one's own account, and what staff do for members who have lost their way in. Passwords arrive
-- derived, as everywhere.

-- Signs somebody up. No session is behind it: the login is, and only so many an hour come over one login.
CREATE FUNCTION api.sign_up(
    nonce uuid, username text, email text, full_name text, hashed_password text, referrer text, device text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    key    text := 'sign-up:' || session_user;
    answer jsonb := pine.begin_request(key, 'sign_up', nonce, jsonb_build_array(username, email, full_name, referrer));
    at     timestamptz := pine.clock();
    most   integer := (SELECT s.sign_ups_an_hour FROM public.settings AS s);
    made   public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    IF most = 0 THEN
        RAISE EXCEPTION 'New accounts are made by staff here.' USING ERRCODE = 'PT403';
    ELSIF (SELECT count(*) FROM public.request_log AS r
           WHERE r.actor = key AND r.at > now() - interval '1 hour') > most THEN
        RAISE EXCEPTION 'Too many new accounts in the last hour. Ask staff, or try again later.'
            USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.check_new_member(username, email, full_name, 'regular');
    PERFORM pine.check_password_form(hashed_password);
    INSERT INTO public.users (username, email, full_name, user_type, hashed_password, created_at, referred_by)
    VALUES (btrim(username), btrim(email), btrim(full_name), 'regular', hashed_password, at,
            pine.find_referrer(referrer))
    RETURNING * INTO made;
    PERFORM pine.audit(
        ROW (NULL, made.id, made.username, 'regular', left(device, 255), 'user:' || made.id)::pine.actor,
        'sign_up', 'member', made.id, NULL,
        jsonb_build_object('username', made.username, 'referred_by', made.referred_by));
    RETURN pine.end_request(key, nonce, jsonb_build_object('id', made.id, 'username', made.username));
END
$$;

-- Sets a password anew with a one-time code of staff's. Every try counts like one of a password.
CREATE FUNCTION api.password_reset(nonce uuid, name text, code text, hashed_password text, device text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    key    text := 'reset:' || session_user;
    answer jsonb := pine.begin_request(key, 'password_reset', nonce, jsonb_build_array(name, code));
    at     timestamptz := pine.clock();
    waits  interval;
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_password_form(hashed_password);
    waits := pine.begin_try(name, at);
    IF waits > interval '0' THEN
        RETURN pine.end_request(key, nonce, jsonb_build_object(
            'outcome', 'wait', 'seconds', pine.seconds_to_wait(waits)));
    END IF;
    SELECT * INTO member FROM public.users AS u WHERE u.id = pine.find_login(name);
    DELETE FROM public.password_codes AS c
    WHERE c.user_id = member.id AND c.code_hash = sha256(convert_to(pine.read_pass_code(code), 'UTF8'))
        AND at < c.expires_at
        AND coalesce(member.is_active, true)
        AND (pine.user_type(member) = 'regular' OR pine.is_staff_login());
    IF NOT FOUND THEN
        RETURN pine.end_request(key, nonce, jsonb_build_object('outcome', 'refused'));
    END IF;
    PERFORM pine.forget_failures(name);
    UPDATE public.users AS u
    SET hashed_password = password_reset.hashed_password, is_sample = false
    WHERE u.id = member.id;
    PERFORM pine.end_sessions(member.id, NULL, at);
    PERFORM pine.audit(
        ROW (NULL, member.id, member.username, pine.user_type(member), left(device, 255), 'user:' || member.id)::pine.actor,
        'password_reset', 'member', member.id);
    RETURN pine.end_request(key, nonce, jsonb_build_object('outcome', 'ok'));
END
$$;

-- The asker's own account, and where it is open.
CREATE FUNCTION api.my_account(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
    at    timestamptz := pine.clock();
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'user_id', u.id, 'username', u.username, 'full_name', u.full_name, 'email', u.email,
            'sessions', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                    'id', s.id, 'device', s.device, 'created_at', s.created_at, 'last_active', s.last_active,
                    'is_here', s.id = actor.session_id) ORDER BY s.last_active DESC, s.id DESC), '[]')
                FROM public.sessions AS s
                WHERE s.user_id = u.id AND s.ended_at IS NULL AND at < s.expires_at
                    AND at < s.last_active + s.idle_limit))
        FROM public.users AS u
        WHERE u.id = actor.user_id
    );
END
$$;

CREATE FUNCTION api.my_account_save(token bytea, nonce uuid, full_name text, email text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    answer jsonb := pine.begin_request(actor.key, 'my_account_save', nonce, jsonb_build_array(full_name, email));
    old    public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_person(actor.user_id, full_name, email);
    SELECT * INTO old FROM public.users AS u WHERE u.id = actor.user_id FOR NO KEY UPDATE;
    UPDATE public.users AS u
    SET full_name = btrim(my_account_save.full_name), email = btrim(my_account_save.email)
    WHERE u.id = actor.user_id;
    PERFORM pine.audit(actor, 'account_save', 'member', actor.user_id,
                       jsonb_build_object('full_name', old.full_name, 'email', old.email),
                       jsonb_build_object('full_name', btrim(full_name), 'email', btrim(email)));
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object('full_name', btrim(full_name), 'email', btrim(email)));
END
$$;

-- Changes the asker's own password: the old one is proved as at sign-in and counted like there. Every other session of
-- theirs ends.
CREATE FUNCTION api.my_password_set(token bytea, nonce uuid, key bytea, hashed_password text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    answer jsonb := pine.begin_request(actor.key, 'my_password_set', nonce, '[]');
    at     timestamptz := pine.clock();
    known  record;
    waits  interval;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_password_form(hashed_password);
    waits := pine.begin_try(actor.name, at);
    IF waits > interval '0' THEN
        RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
            'outcome', 'wait', 'seconds', pine.seconds_to_wait(waits)));
    END IF;
    SELECT * INTO known FROM pine.credential(actor.name);
    IF known.user_id IS DISTINCT FROM actor.user_id OR NOT known.usable OR known.digest <> sha256(key) THEN
        RETURN pine.end_request(actor.key, nonce, jsonb_build_object('outcome', 'refused'));
    END IF;
    PERFORM pine.forget_failures(actor.name);
    UPDATE public.users AS u
    SET hashed_password = my_password_set.hashed_password, is_sample = false
    WHERE u.id = actor.user_id;
    PERFORM pine.end_sessions(actor.user_id, actor.session_id, at);
    PERFORM pine.audit(actor, 'password_set', 'member', actor.user_id);
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object('outcome', 'ok'));
END
$$;

-- Ends a session: one of the asker's own; anyone's for administrators. False when it was over already.
CREATE FUNCTION api.session_end(token bytea, nonce uuid, session bigint) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who(token);
    answer jsonb := pine.begin_request(actor.key, 'session_end', nonce, jsonb_build_array(session));
    owner  integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    SELECT s.user_id INTO owner FROM public.sessions AS s WHERE s.id = session;
    -- Numbers of other people's sessions are not told from numbers of none.
    IF NOT FOUND OR (owner IS DISTINCT FROM actor.user_id AND actor.user_type <> 'admin') THEN
        RAISE EXCEPTION 'There is no such session.' USING ERRCODE = 'PT404';
    END IF;
    UPDATE public.sessions AS s SET ended_at = pine.clock() WHERE s.id = session AND s.ended_at IS NULL;
    IF FOUND THEN
        PERFORM pine.audit(actor, 'session_end', 'member', owner);
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object('ended', FOUND));
END
$$;

-- A one-time code for a member who has lost the password, valid a day. A secret: no nonce, and asked again it is another
-- one, after which the first is worth nothing.
CREATE FUNCTION api.member_reset_code(token bytea, member integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    who   public.users := pine.member_in_care(actor, member);
    at    timestamptz := pine.clock();
    code  text := pine.new_pass_code();
BEGIN
    INSERT INTO public.password_codes AS c (user_id, code_hash, made_by, made_at, expires_at)
    VALUES (who.id, sha256(convert_to(code, 'UTF8')), actor.name, at, at + interval '1 day')
    ON CONFLICT (user_id) DO UPDATE
    SET code_hash = excluded.code_hash, made_by = excluded.made_by,
        made_at = excluded.made_at, expires_at = excluded.expires_at;
    PERFORM pine.audit(actor, 'member_reset_code', 'member', who.id);
    RETURN jsonb_build_object('code', code, 'username', who.username, 'expires_at', at + interval '1 day');
END
$$;

-- Deactivates a member, or brings them back. Whoever is deactivated is signed out everywhere; registrations and points
-- stay as they are.
CREATE FUNCTION api.member_set_active(token bytea, nonce uuid, member integer, active boolean, reason text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'member_set_active', nonce, jsonb_build_array(member, active, reason));
    at     timestamptz := pine.clock();
    who    public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    IF reason IS NULL OR btrim(reason) = '' OR length(reason) > 500 THEN
        PERFORM pine.refuse_value('reason', 'Say why, in at most 500 characters; it is kept.');
    END IF;
    who := pine.member_in_care(actor, member);
    IF who.id = actor.user_id AND NOT active THEN
        RAISE EXCEPTION 'Nobody deactivates themselves.' USING ERRCODE = 'PT409';
    ELSIF NOT active AND pine.is_last_admin(who) THEN
        RAISE EXCEPTION '% is the last administrator; give somebody else the role first.', who.username
            USING ERRCODE = 'PT409';
    END IF;
    UPDATE public.users AS u SET is_active = active WHERE u.id = who.id;
    IF NOT active THEN
        PERFORM pine.end_sessions(who.id, NULL, at);
    END IF;
    PERFORM pine.audit(actor, 'member_set_active', 'member', who.id,
                       jsonb_build_object('is_active', coalesce(who.is_active, true)),
                       jsonb_build_object('is_active', active, 'reason', btrim(reason)));
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'id', who.id, 'username', who.username, 'is_active', active));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.sign_up(uuid, text, text, text, text, text, text),
    api.password_reset(uuid, text, text, text, text),
    api.my_account(bytea),
    api.my_account_save(bytea, uuid, text, text),
    api.my_password_set(bytea, uuid, bytea, text),
    api.session_end(bytea, uuid, bigint)
    TO pine_staff, pine_kiosk;
GRANT EXECUTE ON FUNCTION
    api.member_reset_code(bytea, integer),
    api.member_set_active(bytea, uuid, integer, boolean, text)
    TO pine_staff;
