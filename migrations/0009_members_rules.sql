-- Finding and checking members.

-- Whether every word of a text is somewhere in a member's name, user name or e-mail address; accents, case and
-- the order of the words do not matter, and nothing in the text is a wildcard.
CREATE FUNCTION pine.matches(member users, containing text) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT NOT EXISTS (
        SELECT
        FROM pg_catalog.regexp_split_to_table(pg_catalog.btrim(pine.fold(containing)), '\s+') AS word
        WHERE pg_catalog.strpos(
            pine.fold(member.full_name || ' ' || member.username || ' ' || member.email), word) = 0
    )
$$;

-- The member with exactly this user name, or PT404.
CREATE FUNCTION pine.member_called(username text) RETURNS users
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    member public.users;
BEGIN
    SELECT * INTO member FROM public.users AS u WHERE u.id = pine.find_login(member_called.username);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no member called “%”.', username USING ERRCODE = 'PT404';
    END IF;
    RETURN member;
END
$$;

CREATE FUNCTION pine.check_user_type(user_type text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF user_type IS NULL OR user_type NOT IN ('regular', 'staff', 'admin') THEN
        PERFORM pine.refuse_value('user_type', 'A role is one of regular, staff, admin.');
    END IF;
END
$$;

-- The stored form of a password that clients make; its cost is theirs to choose within the bounds that they keep.
CREATE FUNCTION pine.check_password_form(hashed_password text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF hashed_password IS NULL OR hashed_password !~
        '^\$argon2id-sha256\$v=19\$m=\d{1,7},t=\d{1,3},p=\d{1,3}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{43}$' THEN
        PERFORM pine.refuse_value('hashed_password', 'The password was not prepared in a form this database keeps.');
    END IF;
END
$$;

CREATE FUNCTION pine.check_new_member(username text, email text, full_name text, user_type text) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF username IS NULL OR btrim(username) !~ '^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$' THEN
        PERFORM pine.refuse_value('username',
            'A user name has 2 to 64 of the letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit.');
    ELSIF EXISTS (SELECT FROM public.users AS u WHERE lower(u.username) = lower(btrim(check_new_member.username))) THEN
        PERFORM pine.refuse_value('username', format('The user name “%s” is taken.', btrim(username)));
    ELSIF email IS NULL OR btrim(email) !~ '^[^@\s]+@[^@\s]+$' OR length(btrim(email)) > 255 THEN
        PERFORM pine.refuse_value('email', 'That is no e-mail address; it looks like name@example.org.');
    ELSIF EXISTS (SELECT FROM public.users AS u WHERE lower(u.email) = lower(btrim(check_new_member.email))) THEN
        PERFORM pine.refuse_value('email', format('Somebody has the e-mail address “%s” already.', btrim(email)));
    ELSIF full_name IS NULL OR btrim(full_name) = '' OR length(btrim(full_name)) > 255 THEN
        PERFORM pine.refuse_value('full_name', 'A full name has 1 to 255 characters.');
    END IF;
    PERFORM pine.check_user_type(user_type);
END
$$;
