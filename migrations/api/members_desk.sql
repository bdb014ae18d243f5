-- The members' desk: lists and pages of members, what is changed about them, and where they are signed in. What staff
-- do for members who have lost their way in is in accounts.sql, roles in members.sql.

-- A page of members by name. `filter` may have `query`, `active` and `user_type`; `after` is the page before's `next`. What
-- a query finds is one page, the nearest first.
CREATE FUNCTION api.members_page(token bytea, filter jsonb, descending boolean, after jsonb, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN pine.members_page(coalesce(filter, '{}'), descending, after, most);
END
$$;

CREATE FUNCTION api.members_in_numbers(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN pine.members_in_numbers();
END
$$;

-- Everything that staff see of a member.
CREATE FUNCTION api.member_page(token bytea, member integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN pine.member_page(actor, pine.member_numbered(member), pine.clock());
END
$$;

-- Changes name, user name, address and who brought a member; staff's are changed by administrators. `seen` is the version
-- before the writer's eyes.
CREATE FUNCTION api.member_save(token bytea, nonce uuid, member integer, seen text, draft jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'member_save', nonce, jsonb_build_array(member, seen, draft));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.member_line(pine.member_save(actor, member, seen, draft)));
END
$$;

-- Where a member is signed in: for themselves and for administrators.
CREATE FUNCTION api.member_sessions(token bytea, member integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    IF member IS DISTINCT FROM actor.user_id AND actor.user_type <> 'admin' THEN
        RAISE EXCEPTION 'Only administrators see where others are signed in.' USING ERRCODE = 'PT403';
    END IF;
    RETURN pine.sessions_of((pine.member_numbered(member)).id, actor.session_id, pine.clock());
END
$$;

-- Ends all sessions of a member (administrators); NULL, or oneself: all of one's own but this one.
CREATE FUNCTION api.sessions_end(token bytea, nonce uuid, member integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who(token);
    answer jsonb := pine.begin_request(actor.key, 'sessions_end', nonce, jsonb_build_array(member));
    whose  integer := coalesce(member, actor.user_id);
    ended  integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    IF whose IS NULL THEN
        RAISE EXCEPTION 'Say whose sessions.' USING ERRCODE = 'PT404';
    ELSIF whose IS DISTINCT FROM actor.user_id AND actor.user_type <> 'admin' THEN
        RAISE EXCEPTION 'Only administrators end the sessions of others.' USING ERRCODE = 'PT403';
    END IF;
    PERFORM pine.member_numbered(whose);
    ended := pine.end_sessions(whose, actor.session_id, pine.clock());
    IF ended > 0 THEN
        PERFORM pine.audit(actor, 'sessions_end', 'member', whose, NULL, jsonb_build_object('sessions', ended));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object('ended', ended));
END
$$;

GRANT EXECUTE ON FUNCTION
    api.members_page(bytea, jsonb, boolean, jsonb, integer),
    api.members_in_numbers(bytea),
    api.member_page(bytea, integer),
    api.member_save(bytea, uuid, integer, text, jsonb),
    api.member_sessions(bytea, integer)
    TO pine_staff;
GRANT EXECUTE ON FUNCTION api.sessions_end(bytea, uuid, integer) TO pine_staff, pine_kiosk;
