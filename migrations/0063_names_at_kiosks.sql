-- What a kiosk shows of others on views that everybody shares: a first name and an initial, whatever they let members
-- read of them elsewhere. Whoever looks over a shoulder there is no member, perhaps.

-- A name as this login may read it of somebody else.
CREATE FUNCTION pine.name_here(full_name text) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT CASE WHEN pine.is_staff_login() THEN full_name ELSE pine.short_name(full_name) END
$$;

-- The rows of a leaderboard as this login may read them; the asker's own as they are.
CREATE FUNCTION pine.rows_here(lines jsonb, viewer integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF pine.is_staff_login() THEN
        RETURN lines;
    END IF;
    RETURN (
        SELECT coalesce(pg_catalog.jsonb_agg(
                   CASE WHEN (each.line->>'user_id')::integer = viewer THEN each.line
                        ELSE each.line || pg_catalog.jsonb_build_object(
                            'full_name', pine.short_name(each.line->>'full_name'), 'username', '') END
                   ORDER BY each.number), '[]')
        FROM pg_catalog.jsonb_array_elements(lines) WITH ORDINALITY AS each (line, number)
    );
END
$$;
