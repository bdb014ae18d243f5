-- Who is asking, and whether they have asked this before: the two questions with which every api function begins.

-- Whoever a token stands for. `key` names them in the request log.
CREATE TYPE pine.actor AS (
    session_id bigint,
    user_id    integer,
    name       text,
    user_type  text,
    device     text,
    key        text
);

-- What a member may do; NULLs are the columns' defaults.
CREATE FUNCTION pine.user_type(member users) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN member.is_superuser THEN 'admin' ELSE coalesce(member.user_type, 'regular') END
$$;

-- Whether the login behind this connection is one of the staff's. Asked of session_user, never of current_user:
-- inside a SECURITY DEFINER function the latter is the owner.
CREATE FUNCTION pine.is_staff_login() RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.pg_has_role(session_user, 'pine_staff', 'USAGE')
$$;

-- Resolves a session token or raises PT401. Staff tokens work over staff logins only, owner tokens over owner logins.
CREATE FUNCTION pine.who(token bytea) RETURNS pine.actor
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    at    timestamptz := pine.clock();
    actor pine.actor;
BEGIN
    SELECT s.id,
           s.user_id,
           coalesce(u.username, 'owner:' || s.owner_name),
           CASE WHEN u.id IS NULL THEN 'admin' ELSE pine.user_type(u) END,
           s.device,
           CASE WHEN u.id IS NULL THEN 'owner:' || s.owner_name ELSE 'user:' || u.id END
    INTO actor
    FROM public.sessions AS s
    LEFT JOIN public.users AS u ON u.id = s.user_id
    WHERE s.token_hash = pg_catalog.sha256(token)
      AND s.ended_at IS NULL
      AND at < s.expires_at
      AND at < s.last_active + s.idle_limit
      AND coalesce(u.is_active, true)
      AND (s.user_id IS NOT NULL OR pg_catalog.pg_has_role(session_user, 'pine_owner', 'USAGE'));
    IF NOT FOUND OR (actor.user_type <> 'regular' AND NOT pine.is_staff_login()) THEN
        RAISE EXCEPTION 'Not signed in.' USING ERRCODE = 'PT401';
    END IF;
    RETURN actor;
END
$$;

CREATE FUNCTION pine.who_of_staff(token bytea) RETURNS pine.actor
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    IF actor.user_type NOT IN ('staff', 'admin') THEN
        RAISE EXCEPTION 'Only staff may do that.' USING ERRCODE = 'PT403';
    END IF;
    RETURN actor;
END
$$;

CREATE FUNCTION pine.who_of_admins(token bytea) RETURNS pine.actor
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    IF actor.user_type <> 'admin' THEN
        RAISE EXCEPTION 'Only administrators may do that.' USING ERRCODE = 'PT403';
    END IF;
    RETURN actor;
END
$$;

-- Opens a session and answers its token, which is stored nowhere. The newest of a terminal is the only valid one,
-- so that a sign-in whose answer was lost can simply be repeated.
CREATE FUNCTION pine.open_session(member integer, owner_name text, is_staff boolean, device text, terminal uuid)
    RETURNS bytea
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    at       timestamptz := pine.clock();
    token    bytea := pine.random_bytes_32();
    at_kiosk boolean := NOT is_staff AND NOT pine.is_staff_login();
BEGIN
    UPDATE public.sessions AS s
    SET ended_at = at
    WHERE s.terminal = open_session.terminal
      AND s.user_id IS NOT DISTINCT FROM member
      AND s.ended_at IS NULL;

    INSERT INTO public.sessions
        (token_hash, user_id, owner_name, login_role, device, terminal,
         created_at, last_active, idle_limit, expires_at)
    VALUES
        (pg_catalog.sha256(token), member, owner_name, session_user, pg_catalog.left(device, 255), terminal,
         at, at,
         CASE WHEN at_kiosk THEN interval '2 minutes' ELSE interval '15 minutes' END,
         at + CASE WHEN at_kiosk THEN interval '15 minutes' ELSE interval '12 hours' END);

    -- A few old rows go with every new one, so that nobody has to sweep.
    DELETE FROM public.sessions
    WHERE id IN (SELECT id FROM public.sessions WHERE expires_at < at - interval '30 days' ORDER BY expires_at LIMIT 20);
    DELETE FROM public.request_log
    WHERE (actor, nonce) IN (
        SELECT r.actor, r.nonce FROM public.request_log AS r
        WHERE r.at < pg_catalog.now() - interval '30 days' ORDER BY r.at LIMIT 200
    );
    RETURN token;
END
$$;

-- Begins a write: NULL when it is new, the first answer when this key press has been carried out before. Two of
-- the same at once: the second waits here for the first's commit. The same nonce with other arguments is PT409.
CREATE FUNCTION pine.begin_request(actor text, function text, nonce uuid, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    hash  bigint := pg_catalog.hashtextextended(args::text, 0);
    known public.request_log;
BEGIN
    INSERT INTO public.request_log (actor, nonce, function, args_hash)
    VALUES (actor, nonce, function, hash)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO known
    FROM public.request_log AS r
    WHERE r.actor = begin_request.actor AND r.nonce = begin_request.nonce;
    IF known.function <> function OR known.args_hash <> hash THEN
        RAISE EXCEPTION 'This request was already used for something else.' USING ERRCODE = 'PT409';
    END IF;
    RETURN known.answer;
END
$$;

-- Ends a write: keeps its answer for whoever asks again.
CREATE FUNCTION pine.end_request(actor text, nonce uuid, answer jsonb) RETURNS jsonb
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.request_log AS r
    SET answer = end_request.answer
    WHERE r.actor = end_request.actor AND r.nonce = end_request.nonce
    RETURNING r.answer
$$;

CREATE FUNCTION pine.audit(
    actor pine.actor, action text, subject text, subject_id integer,
    before jsonb DEFAULT NULL, after jsonb DEFAULT NULL
) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    INSERT INTO public.audit_log (at, actor_id, actor, action, subject, subject_id, device, before, after)
    VALUES (pine.clock(), actor.user_id, actor.name, action, subject, subject_id, actor.device, before, after)
$$;

-- A refused value: PT422 with the column it was meant for.
CREATE FUNCTION pine.refuse_value(field text, why text) RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '%', why USING ERRCODE = 'PT422', COLUMN = field;
END
$$;

-- For what only a member can have: a registration, a profile. The owner's session has none.
CREATE FUNCTION pine.who_of_member(token bytea) RETURNS pine.actor
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    IF actor.user_id IS NULL THEN
        RAISE EXCEPTION 'That belongs to a member; sign in as one.' USING ERRCODE = 'PT403';
    END IF;
    RETURN actor;
END
$$;
