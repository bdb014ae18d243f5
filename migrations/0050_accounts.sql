-- Accounts: how tries are slowed down, who may sign up, and the one-time codes that set a password anew.

ALTER TABLE settings
    -- Passwords never reach the database: terminals keep to this.
    ADD COLUMN password_least  integer NOT NULL DEFAULT 12
        CONSTRAINT settings_password_least_sensible CHECK (password_least BETWEEN 8 AND 64),
    ADD COLUMN sign_ups_an_hour integer NOT NULL DEFAULT 60
        CONSTRAINT settings_sign_ups_an_hour_sensible CHECK (sign_ups_an_hour BETWEEN 0 AND 10000);

ALTER TABLE users
    ADD COLUMN IF NOT EXISTS referred_by integer REFERENCES users (id);

-- One-time codes with which a member sets a password anew. Only the newest of a member is worth anything, and only its
-- SHA-256 is kept.
CREATE TABLE password_codes (
    user_id    integer     PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    code_hash  bytea       NOT NULL,
    made_by    text        NOT NULL,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);

-- Failures as they count at a moment. A name's are forgotten after a day. A login's fade by one a minute: at a busy desk
-- honest people mistype all day long, and nobody guesses one password a minute.
CREATE FUNCTION pine.failures_now(t login_throttle, at timestamptz) RETURNS bigint
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN t.name_hash = '\x'
            -- Of two that came at once the later one may have the earlier time.
            THEN greatest(0, t.failures - greatest(0, floor(extract(epoch FROM at - t.last_failure) / 60)::bigint))
        WHEN t.last_failure < at - interval '1 day' THEN 0
        ELSE t.failures
    END
$$;

-- How long a name or a login has still to wait: nothing for five failures, then a second, doubling to a quarter of an
-- hour.
CREATE FUNCTION pine.wait_after(t login_throttle, at timestamptz) RETURNS interval
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN failures < 5 THEN interval '0'
        ELSE greatest(
            interval '0',
            t.last_failure + least(interval '15 minutes', interval '1 second' * 2 ^ least(failures - 5, 20)) - at)
    END
    FROM pine.failures_now(t, at) AS failures
$$;

-- Begins a try of a password or a code: answers how long is still to wait, and counts the try as failed when it may be
-- made. Whoever waits is not counted, or nobody would ever get in again. Two tries at once go one after the other: the
-- login's row first, then the name's. Unknown names are counted like any other.
CREATE FUNCTION pine.begin_try(name text, at timestamptz) RETURNS interval
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    hash  bytea := pine.login_name_hash(name);
    waits interval;
BEGIN
    INSERT INTO public.login_throttle (name_hash, login_role, failures, last_failure)
    VALUES ('\x', session_user, 0, at), (hash, session_user, 0, at)
    ON CONFLICT DO NOTHING;
    PERFORM FROM public.login_throttle AS t
    WHERE t.login_role = session_user AND t.name_hash IN ('\x', hash)
    ORDER BY t.name_hash
    FOR UPDATE;
    SELECT max(pine.wait_after(t, at)) INTO waits
    FROM public.login_throttle AS t
    WHERE t.login_role = session_user AND t.name_hash IN ('\x', hash);
    IF waits > interval '0' THEN
        RETURN waits;
    END IF;
    UPDATE public.login_throttle AS t
    SET failures = pine.failures_now(t, at) + 1, last_failure = at
    WHERE t.login_role = session_user AND t.name_hash IN ('\x', hash);
    -- What strangers typed long ago goes a little with every try.
    DELETE FROM public.login_throttle
    WHERE (name_hash, login_role) IN (
        SELECT t.name_hash, t.login_role
        FROM public.login_throttle AS t
        WHERE t.last_failure < at - interval '2 days' AND t.name_hash <> '\x'
        LIMIT 20
        FOR UPDATE SKIP LOCKED
    );
    RETURN interval '0';
END
$$;

-- A try was right: the name's failures are forgotten, and taken back from the login's.
CREATE OR REPLACE FUNCTION pine.forget_failures(name text) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    WITH forgotten AS (
        DELETE FROM public.login_throttle
        WHERE name_hash = pine.login_name_hash(name) AND login_role = session_user
        RETURNING failures
    )
    UPDATE public.login_throttle AS t
    SET failures = greatest(0, t.failures - (SELECT f.failures FROM forgotten AS f))
    WHERE t.name_hash = '\x' AND t.login_role = session_user
$$;

DROP FUNCTION pine.count_failure(text, timestamptz);

CREATE INDEX login_throttle_last_failure ON login_throttle (last_failure);

-- Whole seconds, upwards, as people are told.
CREATE FUNCTION pine.seconds_to_wait(waits interval) RETURNS integer
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT ceil(extract(epoch FROM waits))::integer
$$;

-- What a member says of themselves: a name and an address that nobody else has.
CREATE FUNCTION pine.check_person(member integer, full_name text, email text) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF full_name IS NULL OR btrim(full_name) = '' OR length(btrim(full_name)) > 255 THEN
        PERFORM pine.refuse_value('full_name', 'A full name has 1 to 255 characters.');
    ELSIF email IS NULL OR btrim(email) !~ '^[^@\s]+@[^@\s]+$' OR length(btrim(email)) > 255 THEN
        PERFORM pine.refuse_value('email', 'That is no e-mail address; it looks like name@example.org.');
    ELSIF EXISTS (SELECT FROM public.users AS u
                  WHERE lower(u.email) = lower(btrim(check_person.email)) AND u.id IS DISTINCT FROM member) THEN
        PERFORM pine.refuse_value('email', format('Somebody has the e-mail address “%s” already.', btrim(email)));
    END IF;
END
$$;

-- Who brought a new member: a user name or a pass code; an e-mail address would tell who has one here.
CREATE FUNCTION pine.find_referrer(referrer text) RETURNS integer
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    wanted text := btrim(coalesce(referrer, ''));
    member integer;
BEGIN
    IF wanted = '' THEN
        RETURN NULL;
    END IF;
    SELECT u.id INTO member
    FROM public.users AS u
    WHERE (lower(u.username) = lower(wanted) OR u.pass_code = pine.read_pass_code(wanted))
        AND coalesce(u.is_active, true)
    ORDER BY u.username = wanted DESC
    LIMIT 1;
    IF member IS NULL THEN
        PERFORM pine.refuse_value('referred_by', format('There is no member called “%s”. Leave it empty if in doubt.', wanted));
    END IF;
    RETURN member;
END
$$;

-- Ends the sessions of a member, all but one perhaps. Answers how many there were.
CREATE FUNCTION pine.end_sessions(member integer, but bigint, at timestamptz) RETURNS integer
    LANGUAGE sql VOLATILE
AS $$
    WITH ended AS (
        UPDATE public.sessions AS s
        SET ended_at = at
        WHERE s.user_id = member AND s.ended_at IS NULL AND s.id IS DISTINCT FROM but
        RETURNING 1
    )
    SELECT count(*)::integer FROM ended
$$;

-- Staff look after members; only administrators look after staff. PT404 for nobody, PT403 for somebody above.
CREATE FUNCTION pine.member_in_care(actor pine.actor, member integer) RETURNS users
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    person public.users;
BEGIN
    SELECT * INTO person FROM public.users AS u WHERE u.id = member FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such member.' USING ERRCODE = 'PT404';
    ELSIF pine.user_type(person) <> 'regular' AND actor.user_type <> 'admin' THEN
        RAISE EXCEPTION 'Only administrators may do that to staff.' USING ERRCODE = 'PT403';
    END IF;
    RETURN person;
END
$$;

-- Whether nobody else could give roles if this member no longer did. Two administrators who ask of each other at once
-- wait for each other here.
CREATE FUNCTION pine.is_last_admin(member users) RETURNS boolean
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    PERFORM FROM public.users AS u WHERE pine.user_type(u) = 'admin' ORDER BY u.id FOR UPDATE;
    RETURN pine.user_type(member) = 'admin' AND NOT EXISTS (
        SELECT FROM public.users AS u
        WHERE u.id <> member.id AND pine.user_type(u) = 'admin' AND coalesce(u.is_active, true));
END
$$;
