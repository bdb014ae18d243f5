-- Members with the names that people have: some hundreds of given names and some thousands of family names, of which a
-- few are everybody's and most are few people's; user names and addresses made of them, or of something else.

-- The index of a row among so many of which the first are taken most: `flat` says how long they stay near each other.
CREATE FUNCTION bench_pick(many integer, flat integer) RETURNS integer LANGUAGE sql VOLATILE AS $$
    SELECT floor(flat * power((many + flat)::float / flat, random()) - flat)::integer + 1
$$;

CREATE FUNCTION bench_members(members integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- Everything that is no constraint is laid anew afterwards, which is many times as fast.
    indexes text[] := ARRAY(
        SELECT pg_get_indexdef(i.indexrelid)
        FROM pg_index AS i
        WHERE i.indrelid = 'public.users'::regclass
          AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid));
    index   text;
    given   text[] := ARRAY['María', 'José', 'Juan', 'Ana', 'Mark', 'John', 'Angel', 'Michelle', 'Grace', 'Christian',
        'Niño', 'Joy', 'Paolo', 'Bea', 'Carlo', 'Dina', 'Emil', 'Fe', 'Gio', 'Hana', 'Inés', 'Jo', 'Katya', 'Liam',
        'Mira', 'Nadia', 'Óscar', 'Penelope', 'Quentin', 'Rowena', 'Søren', 'Tomás', 'Uma', 'Vera', 'Wena', 'Xavier',
        'Yasmin', 'Zoë', 'Łukasz', 'Chloé', 'Mariano', 'Marites', 'Rosario', 'Antonio', 'Ma. Luz', 'Jean-Luc', 'Иван'];
    family  text[] := ARRAY['Santos', 'Reyes', 'Cruz', 'Bautista', 'Ocampo', 'García', 'Mendoza', 'Torres', 'de la Cruz',
        'Flores', 'Villanueva', 'Ramos', 'Aquino', 'Díaz', 'Lim', 'Navarro', 'Petrov', 'Åkesson', 'Dubois', 'Quiambao',
        'Sison', 'Lacson', 'Hidalgo', 'Rahman', 'Manalo', 'Weiß', 'Nguyễn', 'O’Brien', 'Tomas', 'Macaraeg', 'Santiago',
        'Sandoval', 'Martínez', 'Mariano', 'San Juan', 'Delos Santos', 'Marquez', 'Xu', 'Ng', 'Wu'];
    -- All others are made of syllables.
    heads   text[] := ARRAY['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'je', 'ki', 'lo', 'ma', 'na', 'pe', 'qui', 'ro', 'sa', 'ta',
        've', 'wi', 'yo', 'zu'];
    middles text[] := ARRAY['lan', 'mer', 'nit', 'por', 'quez', 'rad', 'sal', 'tin', 'vor', 'ber'];
    tails   text[] := ARRAY['a', 'e', 'o', 'is', 'as', 'ez', 'ina', 'eto', 'ora', 'um', 'el', 'in', 'ano', 'era', 'ado',
        'ito', 'ara', 'ello', 'ong', 'u'];
BEGIN
    FOREACH index IN ARRAY indexes LOOP
        EXECUTE format('DROP INDEX %I', substring(index FROM 'INDEX (\S+) ON'));
    END LOOP;
    PERFORM setseed(0.42);
    given := given || ARRAY(
        SELECT initcap(h || m) FROM unnest(heads) AS h, unnest(middles) AS m ORDER BY hashtext(h || m))
        || ARRAY(
        SELECT initcap(h || t) FROM unnest(heads) AS h, unnest(tails) AS t ORDER BY hashtext(h || t) LIMIT 150);
    family := family || ARRAY(
        SELECT initcap(h || m || t) FROM unnest(heads) AS h, unnest(middles) AS m, unnest(tails) AS t
        ORDER BY hashtext(h || m || t));
    INSERT INTO users (email, username, full_name, hashed_password, pass_code)
    SELECT CASE n % 2 WHEN 0 THEN username ELSE last || '_' || first || n END
               || (ARRAY['@gmail.com', '@mail.example', '@example.org'])[1 + n % 3],
           username, full_name, '!', body || CASE WHEN n % 1000 = 0 THEN pine.pass_code_check(body) ELSE '0' END
    FROM (
        SELECT n, full_name, first, last, lpad(upper(to_hex(n)), 9, '0') AS body,
               CASE
                   WHEN n % 10 < 4 THEN first || '.' || last || n
                   WHEN n % 10 < 6 THEN left(first, 1) || last || n
                   WHEN n % 10 < 8 THEN first || last || n
                   ELSE heads[1 + (hashint4(n) & 15)] || middles[1 + (hashint4(n + 1) & 7)] || tails[1 + (hashint4(n + 2) & 15)]
                       || heads[1 + (hashint4(n + 3) & 15)] || '_' || n
               END AS username
        FROM (
            SELECT n, given_name || middle || ' ' || family_name AS full_name,
                   regexp_replace(pine.fold(given_name), '[^a-z]', '', 'g') AS first,
                   regexp_replace(pine.fold(family_name), '[^a-z]', '', 'g') AS last
            FROM (
                SELECT n, given[bench_pick(cardinality(given), 5)] AS given_name,
                       CASE WHEN n % 5 < 2 THEN ' ' || given[bench_pick(cardinality(given), 5)] ELSE '' END AS middle,
                       family[bench_pick(cardinality(family), 8)] AS family_name
                FROM generate_series(1, members) AS n
                OFFSET 0
            ) AS named
            OFFSET 0
        ) AS folded
        OFFSET 0
    ) AS people;
    INSERT INTO users (email, username, full_name, hashed_password, user_type)
    VALUES ('door@example.org', 'door', 'Door', '!', 'staff');
    FOREACH index IN ARRAY indexes LOOP
        EXECUTE index;
    END LOOP;
END
$$;

-- A running event with so many of them registered.
CREATE FUNCTION bench_event(roster integer) RETURNS integer LANGUAGE sql AS $$
    WITH event AS (
        INSERT INTO events (title, event_type, location, start_time, end_time)
        VALUES ('Door', 'trivia', 'Hall', now() - interval '1 minute', now() + interval '1 day')
        RETURNING id
    ), seats AS (
        INSERT INTO registrations (user_id, event_id)
        SELECT u.id, event.id
        FROM (SELECT id FROM users WHERE user_type = 'regular' ORDER BY hashint4(id) LIMIT roster) AS u, event
    )
    SELECT id FROM event
$$;

-- What is typed: of so many members, spread over all, their names letter by letter, two of their names in any order and
-- cut in every way, user names, addresses, pass codes; what is nobody's; what means something to LIKE.
CREATE FUNCTION bench_queries(members integer) RETURNS TABLE (kind text, query text) LANGUAGE sql AS $$
    WITH someone AS (
        SELECT row_number() OVER () AS n, full_name, username, email, pass_code,
               given.name AS given, family.name AS family
        FROM (SELECT * FROM users WHERE user_type = 'regular' ORDER BY id % 1000, hashint4(id) LIMIT members) AS u
        CROSS JOIN LATERAL split_part(full_name, ' ', 1) AS given (name)
        CROSS JOIN LATERAL split_part(full_name, ' ', -1) AS family (name)
    )
    SELECT kind, query
    FROM someone
    CROSS JOIN LATERAL (
        SELECT (ARRAY['one letter', 'two letters', 'three letters', 'more letters'])[least(letters, 4)], left(name, letters)
        FROM generate_series(1, 6) AS letters, unnest(ARRAY[given, family]) AS name
        UNION ALL SELECT 'a whole name', name FROM unnest(ARRAY[given, family, upper(pine.fold(given))]) AS name
        UNION ALL SELECT 'first and last name', given || ' ' || family
        UNION ALL SELECT 'last and first name', family || ' ' || given
        UNION ALL SELECT 'a name and an initial', given || ' ' || left(family, 1)
        UNION ALL SELECT 'a name and any letter', given || ' ' || chr(97 + n::integer % 26)
        UNION ALL SELECT 'initials', left(given, 1) || ' ' || left(family, 1)
        UNION ALL SELECT 'beginnings of two names', left(given, 3) || ' ' || left(family, 3)
        UNION ALL SELECT 'names of two people', given || ' ' || (
            SELECT string_agg(other.family, '') FROM someone AS other WHERE other.n = someone.n % members + 1)
        UNION ALL SELECT 'inside of a name', substr(name, 2, 3) FROM unnest(ARRAY[given, family]) AS name
        UNION ALL SELECT 'inside of two names', substr(given, 2, 3) || ' ' || substr(family, 2, 3)
        UNION ALL SELECT 'a user name', username
        UNION ALL SELECT 'half a user name', left(username, length(username) / 2)
        UNION ALL SELECT 'an e-mail address', email
        UNION ALL SELECT 'half an e-mail address', left(email, strpos(email, '@') / 2)
        UNION ALL SELECT 'an address to the host', left(email, strpos(email, '@') + 3)
        UNION ALL SELECT 'a pass code', pass_code
        UNION ALL SELECT 'nobody', left(full_name, 4) || 'xq'
        UNION ALL SELECT 'wildcards and signs',
            (ARRAY['%', '_', '\', '%%%', '%a%', '.', '''', '-', '___', 'a_b', '@', '@g', '@gmail.com'])[1 + n % 13]
        UNION ALL SELECT 'similar: a name', overlay(family PLACING 'z' FROM least(3, length(family)) FOR 1)
        UNION ALL SELECT 'similar: both names', overlay(given PLACING 'h' FROM 2 FOR 1) || ' ' || left(family, -1)
    ) AS typed (kind, query)
    WHERE btrim(query) <> ''
    ORDER BY hashtext(kind || query || n)
$$;
