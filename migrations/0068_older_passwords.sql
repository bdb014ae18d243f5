-- Passwords of an older database that kept argon2id as its libraries write it: they sign in here too. As with bcrypt (0055)
-- the database keeps the SHA-256 of the key, so that what stands in the table opens nothing by itself.

-- A hash of an older database in the form that is kept here; anything else stays as it is. Only what has our length of key
-- (32 bytes) is taken over, which is what argon2's libraries make unless they are told otherwise.
CREATE FUNCTION pine.keep_password(stored text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT coalesce(
        (SELECT format('$argon2id-sha256$v=19$m=%s,t=%s,p=%s$%s$%s', part[1], part[2], part[3], part[4],
                       rtrim(encode(sha256(pine.phc_bytes(part[5])), 'base64'), '='))
         FROM regexp_match(
             stored, '^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$') AS part
         WHERE part IS NOT NULL AND length(part[4]) % 4 <> 1),
        pine.keep_bcrypt(stored))
$$;

CREATE FUNCTION pine.keep_password_of_users() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    NEW.hashed_password := pine.keep_password(NEW.hashed_password);
    RETURN NEW;
END
$$;

DROP TRIGGER keep_bcrypt ON users;
DROP FUNCTION pine.keep_bcrypt_of_users();
CREATE TRIGGER keep_password BEFORE INSERT OR UPDATE OF hashed_password ON users
    FOR EACH ROW WHEN (NEW.hashed_password LIKE '$2%' OR NEW.hashed_password LIKE '$argon2id$%')
    EXECUTE FUNCTION pine.keep_password_of_users();

UPDATE users SET hashed_password = hashed_password WHERE hashed_password LIKE '$argon2id$%';
