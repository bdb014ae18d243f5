-- Members, for those who look after them. The hash arrives made: passwords never reach the database.

CREATE FUNCTION api.members(token bytea, containing text, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(line ORDER BY line->>'username'), '[]')
        FROM (
            SELECT jsonb_build_object(
                'id', u.id,
                'username', u.username,
                'full_name', u.full_name,
                'email', u.email,
                'user_type', pine.user_type(u),
                'is_active', coalesce(u.is_active, true),
                'created_at', u.created_at,
                'last_login', u.last_login
            ) AS line
            FROM public.users AS u
            WHERE pine.matches(u, containing)
            ORDER BY u.username
            LIMIT greatest(least(most, 1000000), 0)
        ) AS lines
    );
END
$$;

-- Makes a member. Answers the new row as lists show it.
CREATE FUNCTION api.member_add(
    token bytea, nonce uuid, username text, email text, full_name text, user_type text, hashed_password text,
    referrer text
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := CASE WHEN user_type = 'regular' THEN pine.who_of_staff(token) ELSE pine.who_of_admins(token) END;
    answer jsonb := pine.begin_request(actor.key, 'member_add', nonce,
                                       jsonb_build_array(username, email, full_name, user_type, referrer));
    made   public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_new_member(username, email, full_name, user_type);
    PERFORM pine.check_password_form(hashed_password);
    INSERT INTO public.users (username, email, full_name, user_type, hashed_password, created_at, referred_by)
    VALUES (btrim(username), btrim(email), btrim(full_name), user_type, hashed_password, pine.clock(),
            pine.find_referrer(referrer))
    RETURNING * INTO made;
    PERFORM pine.audit(actor, 'member_add', 'member', made.id, NULL,
                       jsonb_build_object('username', made.username, 'user_type', made.user_type,
                                          'referred_by', made.referred_by));
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'id', made.id, 'username', made.username, 'full_name', made.full_name, 'email', made.email,
        'user_type', made.user_type, 'is_active', true, 'created_at', made.created_at, 'last_login', NULL));
END
$$;

-- Sets a member's password and ends their sessions: whoever knew the old one is out.
CREATE FUNCTION api.member_set_password(token bytea, nonce uuid, username text, hashed_password text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'member_set_password', nonce, jsonb_build_array(username));
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_password_form(hashed_password);
    member := pine.member_called(username);
    IF pine.user_type(member) <> 'regular' AND actor.user_type <> 'admin' AND member.id IS DISTINCT FROM actor.user_id THEN
        RAISE EXCEPTION 'Only administrators may set the password of staff.' USING ERRCODE = 'PT403';
    END IF;
    UPDATE public.users AS u
    SET hashed_password = member_set_password.hashed_password, is_sample = false
    WHERE u.id = member.id;
    UPDATE public.sessions AS s
    SET ended_at = pine.clock()
    WHERE s.user_id = member.id AND s.ended_at IS NULL AND s.id <> actor.session_id;
    PERFORM pine.audit(actor, 'member_set_password', 'member', member.id);
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object('id', member.id, 'username', member.username));
END
$$;

-- Gives a member a role. The last administrator cannot step down: nobody could give the role back.
CREATE FUNCTION api.member_set_role(token bytea, nonce uuid, username text, user_type text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'member_set_role', nonce, jsonb_build_array(username, user_type));
    member public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_user_type(user_type);
    -- Two administrators who demote each other at once wait for each other here.
    PERFORM FROM public.users AS u WHERE pine.user_type(u) = 'admin' ORDER BY u.id FOR UPDATE;
    member := pine.member_called(username);
    IF pine.user_type(member) = 'admin' AND user_type <> 'admin'
        AND NOT EXISTS (SELECT FROM public.users AS u
                        WHERE u.id <> member.id AND pine.user_type(u) = 'admin' AND coalesce(u.is_active, true)) THEN
        RAISE EXCEPTION '% is the last administrator; give somebody else the role first.', member.username
            USING ERRCODE = 'PT409';
    END IF;
    UPDATE public.users AS u
    SET user_type = member_set_role.user_type, is_superuser = (member_set_role.user_type = 'admin')
    WHERE u.id = member.id;
    PERFORM pine.audit(actor, 'member_set_role', 'member', member.id,
                       jsonb_build_object('user_type', pine.user_type(member)),
                       jsonb_build_object('user_type', user_type));
    RETURN pine.end_request(actor.key, nonce,
                            jsonb_build_object('id', member.id, 'username', member.username, 'user_type', user_type));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.members(bytea, text, integer),
    api.member_add(bytea, uuid, text, text, text, text, text, text),
    api.member_set_password(bytea, uuid, text, text),
    api.member_set_role(bytea, uuid, text, text)
    TO pine_staff;
