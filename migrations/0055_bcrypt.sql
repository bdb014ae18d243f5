-- Passwords of an older database: what it kept as bcrypt signs in once more, and is argon2id from then on.

-- A bcrypt hash (`$2b$12$` salt, hash, in an alphabet of its own) in the form that is kept here: the database compares the
-- SHA-256 of the 23 bytes that bcrypt makes, as it does with argon2id's. Anything else stays as it is; `$2x$` has the
-- fault that its name stands for, and such a member sets the password anew.
CREATE FUNCTION pine.keep_bcrypt(stored text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT coalesce(
        (SELECT format('$bcrypt-sha256$r=%s$%s$%s', part[1]::integer, part[2], rtrim(encode(sha256(pine.phc_bytes(translate(
                    part[3],
                    './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
                    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'))), 'base64'), '='))
         FROM regexp_match(stored, '^\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$') AS part
         WHERE part IS NOT NULL),
        stored)
$$;

-- Whoever brings such a hash, an adopted database or an import: it is kept in our form, and no hash that could be tried
-- against a list of passwords without the work of bcrypt is lost or gained by it.
CREATE FUNCTION pine.keep_bcrypt_of_users() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.hashed_password := pine.keep_bcrypt(NEW.hashed_password);
    RETURN NEW;
END
$$;

CREATE TRIGGER keep_bcrypt BEFORE INSERT OR UPDATE OF hashed_password ON users
    FOR EACH ROW WHEN (NEW.hashed_password LIKE '$2%') EXECUTE FUNCTION pine.keep_bcrypt_of_users();

UPDATE users SET hashed_password = hashed_password WHERE hashed_password LIKE '$2%';

-- A stored credential, taken apart. None for a form that we do not know.
CREATE FUNCTION pine.credential_parts(
    stored text,
    OUT algorithm text, OUT memory_kib integer, OUT passes integer, OUT lanes integer, OUT rounds integer,
    OUT salt bytea, OUT digest bytea
)
    LANGUAGE plpgsql IMMUTABLE
AS $$
DECLARE
    part text[] := regexp_match(
        stored,
        '^\$argon2id-sha256\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$');
BEGIN
    IF part IS NOT NULL THEN
        algorithm := 'argon2id-sha256';
        memory_kib := part[1]::integer;
        passes := part[2]::integer;
        lanes := part[3]::integer;
        salt := pine.phc_bytes(part[4]);
        digest := pine.phc_bytes(part[5]);
        RETURN;
    END IF;
    part := regexp_match(stored, '^\$bcrypt-sha256\$r=(\d{1,2})\$([./A-Za-z0-9]{22})\$([A-Za-z0-9+/]{43})$');
    IF part IS NOT NULL THEN
        algorithm := 'bcrypt-sha256';
        rounds := part[1]::integer;
        salt := substr(pine.phc_bytes(translate(
            part[2],
            './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
            'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')), 1, 16);
        digest := pine.phc_bytes(part[3]);
    END IF;
END
$$;

DROP FUNCTION pine.credential(text);

-- A name's stored credential. For a name that nobody has, and for a form that we do not know, a fake one, the same at
-- every asking: a salt that is a keyed hash of the name (the construction of HMAC, RFC 2104, with two independent keys),
-- and the algorithm and cost of some member whom the same hash picks, so that the kinds stand in the proportion in which
-- the community has them. Both are looked up for every name.
CREATE FUNCTION pine.credential(
    name text,
    OUT user_id integer, OUT usable boolean, OUT algorithm text, OUT memory_kib integer, OUT passes integer,
    OUT lanes integer, OUT rounds integer, OUT salt bytea, OUT digest bytea
)
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    secret  pine.login_secret;
    mac     bytea;
    place   bigint;
    own     record;
    another record;
BEGIN
    user_id := pine.find_login(name);
    SELECT * INTO secret FROM pine.login_secret;
    mac := sha256(secret.outer_key || sha256(
        secret.inner_key || convert_to(lower(btrim(name)), 'UTF8')));
    SELECT p.* INTO own
    FROM public.users AS u
    CROSS JOIN LATERAL pine.credential_parts(u.hashed_password) AS p
    WHERE u.id = user_id;
    -- Thirty-one bits of what the salt does not show.
    place := ('x' || encode(substr(mac, 17, 4), 'hex'))::bit(32)::bigint & 2147483647;
    SELECT p.* INTO another
    FROM (SELECT u.hashed_password
          FROM public.users AS u
          WHERE u.id >= place % (SELECT coalesce(max(m.id), 0) + 1 FROM public.users AS m)
          ORDER BY u.id
          LIMIT 1) AS picked
    CROSS JOIN LATERAL pine.credential_parts(picked.hashed_password) AS p;

    usable := own.algorithm IS NOT NULL;
    IF NOT usable THEN
        own := another;
    END IF;
    algorithm := coalesce(own.algorithm, 'argon2id-sha256');
    memory_kib := coalesce(own.memory_kib, 65536);
    passes := coalesce(own.passes, 3);
    lanes := coalesce(own.lanes, 1);
    rounds := coalesce(own.rounds, 12);
    salt := CASE WHEN usable THEN own.salt ELSE substr(mac, 1, 16) END;
    digest := CASE WHEN usable THEN own.digest ELSE sha256(secret.outer_key) END;
END
$$;
