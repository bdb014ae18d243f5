-- A dump has to be readable from its beginning to its end. pg_dump orders what it writes by the dependencies that the
-- catalog knows, and of a function whose body is a text it knows none: `users`, whose generated columns call the two
-- functions below, could come before pine.fold, which these call, and restoring stopped there. With bodies that are parsed
-- when they are made the catalog knows what they stand on. What they answer is the same.

CREATE OR REPLACE FUNCTION pine.search_text(full_name text, username text, email text) RETURNS text
    LANGUAGE sql IMMUTABLE
    RETURN ' ' || pine.fold(full_name || ' ' || username || ' ' || pg_catalog.regexp_replace(email, '@[^@]*$', ''));

CREATE OR REPLACE FUNCTION pine.search_name(full_name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ' ' || pg_catalog.left(
        pg_catalog.btrim(pg_catalog.regexp_replace(pine.fold(full_name), '\s+', ' ', 'g')), 299);
