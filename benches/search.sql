-- Members with the names that people have: some given and family names are everybody's, most are few people's.
CREATE FUNCTION bench_members(members integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    index_as text := (SELECT indexdef FROM pg_indexes WHERE indexname = 'users_search_text');
    given    text[] := ARRAY['María', 'José', 'Juan', 'Ana', 'Mark', 'John', 'Angel', 'Michelle', 'Grace', 'Christian',
        'Niño', 'Joy', 'Paolo', 'Bea', 'Carlo', 'Dina', 'Emil', 'Fe', 'Gio', 'Hana', 'Ines', 'Jo', 'Katya', 'Liam',
        'Mira', 'Nadia', 'Oscar', 'Penelope', 'Quentin', 'Rowena', 'Søren', 'Tomás', 'Uma', 'Vera', 'Wena', 'Xavier',
        'Yasmin', 'Zoë', 'Łukasz', 'Chloé'];
    family   text[] := ARRAY['Santos', 'Reyes', 'Cruz', 'Bautista', 'Ocampo', 'García', 'Mendoza', 'Torres', 'Tomas',
        'Flores', 'Villanueva', 'Ramos', 'Aquino', 'Diaz', 'Lim', 'Navarro', 'Petrov', 'Åkesson', 'Dubois', 'Quiambao',
        'Sison', 'Lacson', 'Hidalgo', 'Rahman', 'Manalo', 'Weiß', 'Nguyễn', 'O’Brien', 'de la Cruz', 'Macaraeg'];
BEGIN
    DROP INDEX users_search_text;
    PERFORM setseed(0.42);
    INSERT INTO users (email, username, full_name, hashed_password, pass_code)
    SELECT username || CASE WHEN n % 3 = 0 THEN '@example.org' ELSE '@mail.example' END,
           username, given_name || CASE WHEN n % 5 < 2 THEN ' ' || rare ELSE '' END || ' ' || family_name, '!',
           lpad(upper(to_hex(n)), 10, '0')
    FROM (
        SELECT n, given_name, family_name, rare,
               lower(ext.unaccent('ext.unaccent'::regdictionary, replace(given_name || '.' || family_name, ' ', ''))) || n AS username
        FROM (
            SELECT n,
                   -- Skewed: the first of the list are many times as frequent as the last.
                   given[1 + floor(cardinality(given) * power(random(), 2))::integer] AS given_name,
                   family[1 + floor(cardinality(family) * power(random(), 2))::integer] AS family_name,
                   -- A middle name that a hundred people share, of syllables.
                   initcap((ARRAY['ba','ce','di','fo','gu','ha','je','ki','lo','mu','na','pe','qui','ro','su','ta','ve','wi','yo','zu'])[1 + n / 7 % 20]
                        || (ARRAY['lan','mer','nit','por','quez','rad','sal','tin','vor','ber'])[1 + n / 140 % 10]
                        || (ARRAY['a','e','o','is','as','ez','ina','eto','ora','um'])[1 + n / 1400 % 10]) AS rare
            FROM generate_series(1, members) AS n
        ) AS named
    ) AS people;
    INSERT INTO users (email, username, full_name, hashed_password, user_type)
    VALUES ('door@example.org', 'door', 'Door', '!', 'staff');
    EXECUTE index_as;
END
$$;

-- A running event with some of them registered, and what is typed at its door.
CREATE FUNCTION bench_event(roster integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO events (title, event_type, location, start_time, end_time)
    VALUES ('Door', 'trivia', 'Hall', now() - interval '1 minute', now() + interval '1 day');
    INSERT INTO registrations (user_id, event_id)
    SELECT u.id, e.id
    FROM (SELECT id FROM users WHERE user_type = 'regular' ORDER BY hashtext(username) LIMIT roster) AS u
    CROSS JOIN (SELECT max(id) AS id FROM events) AS e;

    CREATE TABLE bench_queries AS
    WITH someone AS (
        SELECT row_number() OVER () AS n, full_name, username
        FROM (SELECT * FROM users ORDER BY hashtext(email) LIMIT 120) AS u
    )
    SELECT kind, query, hashtext(kind || query || n) AS place
    FROM someone
    CROSS JOIN LATERAL (
        SELECT lpad(letters::text, 2) || ' of a name' AS kind, left(full_name, letters) AS query
        FROM generate_series(1, 7) AS letters
        UNION ALL
        SELECT lpad(letters::text, 2) || ' of a family name', left((regexp_match(full_name, '(\S+)$'))[1], letters)
        FROM generate_series(1, 5) AS letters
        UNION ALL
        SELECT 'both names, the last first', regexp_replace(full_name, '^(\S+).* (\S+)$', '\2 \1')
        UNION ALL
        SELECT 'both names, beginnings', regexp_replace(full_name, '^(\S{1,3}).* (\S{1,3})\S*$', '\1 \2')
        UNION ALL
        SELECT 'inside a name', substr(full_name, 3, 4)
        UNION ALL
        SELECT 'a user name', username
        UNION ALL
        SELECT 'nobody', left(full_name, 4) || 'xq'
    ) AS typed
    WHERE btrim(query) <> '';
    ANALYZE;
END
$$
