-- Credentials and counted failures; who signs in how is told in api/sign_in.sql.

-- Who is meant by a name at sign-in: exactly that user name, else one user name or e-mail address that differs
-- in case only. NULL when nobody is, or when it could be two.
CREATE FUNCTION pine.find_login(name text) RETURNS integer
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    wanted text := pg_catalog.btrim(name);
    found  integer[];
BEGIN
    SELECT pg_catalog.array_agg(id) INTO found FROM public.users WHERE username = wanted;
    IF found IS NULL THEN
        SELECT pg_catalog.array_agg(id) INTO found
        FROM public.users WHERE pg_catalog.lower(username) = pg_catalog.lower(wanted);
    END IF;
    IF found IS NULL THEN
        SELECT pg_catalog.array_agg(id) INTO found
        FROM public.users WHERE pg_catalog.lower(email) = pg_catalog.lower(wanted);
    END IF;
    RETURN CASE WHEN pg_catalog.cardinality(found) = 1 THEN found[1] END;
END
$$;

-- Base 64 as PHC strings write it: without padding.
CREATE FUNCTION pine.phc_bytes(encoded text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.decode(encoded || pg_catalog.repeat('=', (4 - pg_catalog.length(encoded) % 4) % 4), 'base64')
$$;

-- A name's stored credential, `$argon2id-sha256$v=19$m=…,t=…,p=…$salt$hash`, taken apart. For a name that nobody
-- has, and for a form we do not know, a fake one: today's cost and a salt that is a keyed hash of the name (the
-- construction of HMAC, RFC 2104, with two independent keys), the same at every asking.
CREATE FUNCTION pine.credential(
    name text,
    OUT user_id integer, OUT usable boolean, OUT memory_kib integer, OUT passes integer, OUT lanes integer,
    OUT salt bytea, OUT digest bytea
)
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    part   text[];
    secret pine.login_secret;
BEGIN
    user_id := pine.find_login(name);
    SELECT pg_catalog.regexp_match(
               u.hashed_password,
               '^\$argon2id-sha256\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$'
           )
    INTO part
    FROM public.users AS u
    WHERE u.id = user_id;
    SELECT * INTO secret FROM pine.login_secret;

    usable := part IS NOT NULL;
    memory_kib := coalesce(part[1]::integer, 65536);
    passes := coalesce(part[2]::integer, 3);
    lanes := coalesce(part[3]::integer, 1);
    salt := coalesce(
        pine.phc_bytes(part[4]),
        pg_catalog.substr(pg_catalog.sha256(secret.outer_key || pg_catalog.sha256(
            secret.inner_key || pg_catalog.convert_to(pg_catalog.lower(pg_catalog.btrim(name)), 'UTF8'))), 1, 16)
    );
    digest := coalesce(pine.phc_bytes(part[5]), pg_catalog.sha256(secret.outer_key));
END
$$;

CREATE FUNCTION pine.login_name_hash(name text) RETURNS bytea
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.lower(pg_catalog.btrim(name)), 'UTF8'))
$$;

-- Counts a try as failed, by name and login and by login alone. Names never go uncounted, known or not.
CREATE FUNCTION pine.count_failure(name text, at timestamptz) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    INSERT INTO public.login_throttle AS t (name_hash, login_role, failures, last_failure)
    VALUES ('\x', session_user, 1, at), (pine.login_name_hash(name), session_user, 1, at)
    ON CONFLICT (name_hash, login_role) DO UPDATE
    SET failures = t.failures + 1, last_failure = excluded.last_failure
$$;

-- Takes the count back after a try that was right: all of the name's, this one of the login's.
CREATE FUNCTION pine.forget_failures(name text) RETURNS void
    LANGUAGE sql VOLATILE
AS $$
    UPDATE public.login_throttle SET failures = failures - 1 WHERE name_hash = '\x' AND login_role = session_user;
    DELETE FROM public.login_throttle
    WHERE name_hash = pine.login_name_hash(name) AND login_role = session_user;
$$;
