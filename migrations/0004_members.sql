-- What members need besides their row: pass codes, folded look-ups, sessions, counted failures.

-- The check character of a pass code's first nine: values weighted 1, 3, 5 …, modulo 32. The weights are odd, so
-- that every single wrong character shows. The terminal computes the same (domain::pass_code).
CREATE FUNCTION pine.pass_code_check(body text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT pg_catalog.substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (sum((2 * place - 1) * value) % 32)::integer, 1)
    FROM pg_catalog.generate_series(1, pg_catalog.length(body)) AS place
    CROSS JOIN LATERAL (
        SELECT pg_catalog.strpos('0123456789ABCDEFGHJKMNPQRSTVWXYZ', pg_catalog.substr(body, place, 1)) - 1
    ) AS letter (value)
$$;

-- A code nobody has: 45 random bits and the check character. gen_random_uuid() is the server's strong source;
-- bytes 6 and 8 of it carry version and variant, so they are passed over.
CREATE FUNCTION pine.new_pass_code() RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    dice bytea;
    body text;
BEGIN
    LOOP
        dice := pg_catalog.uuid_send(pg_catalog.gen_random_uuid());
        SELECT pg_catalog.string_agg(
                   pg_catalog.substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + (pg_catalog.get_byte(dice, place) & 31), 1),
                   ''
               )
        INTO body
        FROM pg_catalog.unnest(ARRAY[0, 1, 2, 3, 4, 5, 9, 10, 11]) AS place;
        body := body || pine.pass_code_check(body);
        EXIT WHEN NOT EXISTS (SELECT FROM public.users WHERE pass_code = body);
    END LOOP;
    RETURN body;
END
$$;

ALTER TABLE users
    ADD COLUMN pass_code           text,
    ADD COLUMN show_on_leaderboard boolean NOT NULL DEFAULT true,
    ADD COLUMN is_sample           boolean NOT NULL DEFAULT false;

UPDATE users SET pass_code = pine.new_pass_code();

ALTER TABLE users
    ALTER COLUMN pass_code SET DEFAULT pine.new_pass_code(),
    ALTER COLUMN pass_code SET NOT NULL,
    ADD CONSTRAINT users_pass_code_key UNIQUE (pass_code);

-- People sign in without minding case.
CREATE INDEX users_username_lower ON users (lower(username));
CREATE INDEX users_email_lower ON users (lower(email));

-- Sessions. The token itself is never stored, only its SHA-256. An owner's session on the command line has no
-- member behind it but the name of the system user.
CREATE TABLE sessions (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash  bytea       NOT NULL UNIQUE,
    user_id     integer     REFERENCES users (id) ON DELETE CASCADE,
    owner_name  text,
    login_role  text        NOT NULL,
    device      text        NOT NULL,
    terminal    uuid        NOT NULL,
    created_at  timestamptz NOT NULL,
    last_active timestamptz NOT NULL,
    idle_limit  interval    NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    CONSTRAINT sessions_of_member_or_owner CHECK ((user_id IS NULL) <> (owner_name IS NULL))
);

CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

-- Failed sign-ins, by name and login role, and (under the empty name) by login role alone. Names are kept as
-- their SHA-256: people type passwords into the wrong field.
CREATE TABLE login_throttle (
    name_hash    bytea       NOT NULL,
    login_role   text        NOT NULL,
    failures     bigint      NOT NULL DEFAULT 0,
    last_failure timestamptz NOT NULL,
    PRIMARY KEY (name_hash, login_role)
);

-- What the fake challenge of an unknown name is made from; nobody but the owner reads it.
CREATE TABLE pine.login_secret (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    inner_key bytea   NOT NULL,
    outer_key bytea   NOT NULL
);

-- 256 random bits; a version 4 UUID holds 122, so three of them are more than enough to be hashed down.
CREATE FUNCTION pine.random_bytes_32() RETURNS bytea
    LANGUAGE sql VOLATILE
AS $$
    SELECT pg_catalog.sha256(
        pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
        || pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
        || pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
    )
$$;

INSERT INTO pine.login_secret (inner_key, outer_key)
VALUES (pine.random_bytes_32(), pine.random_bytes_32());
