-- Events with many doors and many people: terminals in the order in which people count, door 2 before door 10; and a search
-- that reads an event's names in their index instead of thousands of members one by one.

-- A text by which names sort as people count: every number in it in nine digits.
CREATE FUNCTION pine.counting_order(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT pg_catalog.regexp_replace(
        pg_catalog.regexp_replace(name, '(\d+)', '00000000\1', 'g'), '\d*(\d{9})', '\1', 'g')
$$;

-- Who is at an event's door: the sessions that stand there, and the one that asks; besides, whoever has let people
-- through in the last five minutes without a screen, as the command line does. A person is at a terminal once: one that was
-- killed and started again has left a session behind for a while.
CREATE OR REPLACE FUNCTION pine.at_the_door(event integer, asking bigint, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    WITH standing AS (
        SELECT s.device, coalesce(u.full_name, s.owner_name) AS operator, s.id = asking AS is_you
        FROM public.sessions AS s
        LEFT JOIN public.users AS u ON u.id = s.user_id
        WHERE (s.id = asking OR (s.door_event_id = event AND s.door_until > at_the_door.at))
          AND s.ended_at IS NULL
          AND s.expires_at > at_the_door.at
    ),
    working AS (
        SELECT l.device, coalesce(u.full_name, l.operator) AS operator, false AS is_you
        FROM (
            SELECT DISTINCT newest.device, newest.operator_id, newest.operator
            FROM (
                SELECT l.at, l.device, l.operator_id, l.operator
                FROM public.check_in_log AS l
                WHERE l.event_id = event
                ORDER BY l.id DESC
                LIMIT 50
            ) AS newest
            WHERE newest.at > at_the_door.at - interval '5 minutes'
        ) AS l
        LEFT JOIN public.users AS u ON u.id = l.operator_id
        -- Whoever has a screen says where they stand, and when they have gone: their newest session knows.
        WHERE coalesce((
            SELECT s.id <> asking AND s.door_until IS NULL AND s.ended_at IS NULL
            FROM public.sessions AS s
            WHERE s.user_id = l.operator_id AND s.device = l.device
            ORDER BY s.user_id DESC, s.device DESC, s.id DESC
            LIMIT 1
        ), true)
    )
    SELECT coalesce(
        pg_catalog.jsonb_agg(
            pg_catalog.jsonb_build_object('device', p.device, 'operator', p.operator, 'is_you', p.is_you)
            ORDER BY pine.counting_order(p.device), p.device, p.operator),
        '[]')
    FROM (
        SELECT p.device, p.operator, pg_catalog.bool_or(p.is_you) AS is_you
        FROM (SELECT * FROM standing UNION ALL SELECT * FROM working) AS p
        GROUP BY p.device, p.operator
    ) AS p
$$;

-- Those of an event whom what is typed matches, at most so many, whoever holds a seat first. What few match is found in
-- the index of the event's names; what very many match is met soon enough where they stand.
CREATE FUNCTION pine.people_of_event_called(event integer, patterns text[], addresses text[], most integer)
    RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    -- As many as are put in order one by one.
    few   constant integer := 2000;
    named integer[] := ARRAY(
        SELECT r.id
        FROM public.registrations AS r
        WHERE r.event_id = event AND r.search_text LIKE ALL (patterns)
        LIMIT few);
BEGIN
    IF pg_catalog.cardinality(named) = few THEN
        RETURN ARRAY(
            SELECT u.id
            FROM pine.people_of_event(event) AS of_event (id)
            JOIN public.users AS u USING (id)
            WHERE u.search_text LIKE ALL (patterns) AND (addresses = '{}' OR pine.has_addresses(u, addresses))
            LIMIT most);
    END IF;
    RETURN ARRAY(
        SELECT found.id
        FROM (
            SELECT r.user_id, coalesce(r.status, 'registered') = 'registered'
            FROM public.registrations AS r
            WHERE r.id = ANY (named)
            UNION ALL
            SELECT a.user_id, false
            FROM public.event_attendees AS a
            WHERE a.event_id = event
              AND NOT EXISTS (
                  SELECT FROM public.registrations AS r WHERE r.event_id = event AND r.user_id = a.user_id)
        ) AS found (id, has_seat)
        JOIN public.users AS u USING (id)
        WHERE u.search_text LIKE ALL (patterns) AND (addresses = '{}' OR pine.has_addresses(u, addresses))
        ORDER BY found.has_seat DESC, found.id
        LIMIT most);
END
$$;

-- Who comes into question for what is typed at an event's door: whoever it names exactly, those of the event whom it
-- matches, up to two hundred, and of all other members forty or some more, or everybody if those are fewer. Names with
-- words that begin so come before user names and addresses that do, and those before what has it inside; which of very
-- many that are equal in that does not matter, as long as they are the same each time. What has no three plain letters
-- or digits in a row is, outside of names, looked for among the first five thousand members only.
--
-- The plans are fixed, here and above: a pattern's first estimate is a guess by its length, an event may have ten people
-- or ten thousand, and one wrong guess reads a million rows.
CREATE OR REPLACE FUNCTION pine.door_candidates(event integer, query text, loosely boolean) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    shown     constant integer := 40;
    -- So many bearers of a word are looked at for the other words.
    look      constant integer := 5000;
    -- Behind every word that begins so; behind a whole word, before any longer one.
    beyond    constant text := pg_catalog.chr(1114111);
    ends      constant text := pg_catalog.chr(1);
    wanted    text := pg_catalog.lower(pg_catalog.btrim(query));
    words     text[] := pine.search_words(query);
    addresses text[] := ARRAY(SELECT word FROM pg_catalog.unnest(words) AS word WHERE pg_catalog.strpos(word, '@') > 0);
    patterns  text[] := ARRAY(SELECT pine.search_pattern(word) FROM pg_catalog.unnest(words) AS word);
    begins    text[] := ARRAY(SELECT pine.begin_pattern(word) FROM pg_catalog.unnest(words) AS word);
    -- What the trigrams know: plain letters and digits, three in a row or at the beginning. One word and the first
    -- letters of another suffice for them, the rows are asked for all. And a word of which they know nothing.
    known     text[] := ARRAY(
        SELECT pine.search_pattern(CASE place WHEN 1 THEN word ELSE pg_catalog.left(word, 4) END)
        FROM pg_catalog.unnest(words) WITH ORDINALITY AS w (word, place)
        WHERE word ~ '[a-z0-9]{3}|^[a-z0-9]{1,2}$'
        ORDER BY place
        LIMIT 2);
    strange   text := (
        SELECT word FROM pg_catalog.unnest(words) AS word
        WHERE word !~ '[a-z0-9]{3}|^[a-z0-9]{1,2}$' OR word ~ '[^\x01-\x7f]'
        LIMIT 1);
    people    integer[];
    others    integer[] := '{}';
    inside    text;
    word      text;
BEGIN
    people := ARRAY(
        SELECT u.id FROM public.users AS u WHERE u.pass_code = pine.read_pass_code(query)
        UNION SELECT u.id FROM public.users AS u WHERE pg_catalog.lower(u.username) = wanted
        UNION SELECT u.id FROM public.users AS u WHERE pg_catalog.lower(u.email) = wanted);
    IF loosely AND words <> '{}' THEN
        RETURN people || pine.similar_candidates(event, words);
    ELSIF words = '{}' THEN
        -- Written out, so that the plan knows how few they are.
        others := ARRAY(SELECT u.id FROM public.users AS u WHERE coalesce(u.is_active, true) ORDER BY u.id LIMIT 40);
    ELSIF addresses <> '{}' THEN
        others := ARRAY(
            SELECT near.id
            FROM (
                SELECT u.id, u.search_text, u
                FROM public.users AS u
                WHERE pine.search_handle(u.email) >= addresses[1]
                  AND pine.search_handle(u.email) < addresses[1] || beyond
                  AND coalesce(u.is_active, true)
                ORDER BY pine.search_handle(u.email)
                LIMIT look
            ) AS near (id, search_text, member)
            WHERE near.search_text LIKE ALL (patterns) AND pine.has_addresses(near.member, addresses)
            LIMIT shown);
    ELSIF pg_catalog.cardinality(words) = 1 THEN
        others := pine.members_by_name_word(words[1], words[1] || beyond, '{}', shown, shown);
        IF pg_catalog.cardinality(others) < shown THEN
            others := others || ARRAY(
                (SELECT u.id
                 FROM public.users AS u
                 WHERE pine.search_handle(u.username) >= words[1] AND pine.search_handle(u.username) < words[1] || beyond
                   AND coalesce(u.is_active, true)
                 ORDER BY pine.search_handle(u.username)
                 LIMIT shown)
                UNION ALL
                (SELECT u.id
                 FROM public.users AS u
                 WHERE pine.search_handle(u.email) >= words[1] AND pine.search_handle(u.email) < words[1] || beyond
                   AND coalesce(u.is_active, true)
                 ORDER BY pine.search_handle(u.email)
                 LIMIT shown));
        END IF;
    ELSE
        FOREACH word IN ARRAY words[1:2] LOOP
            others := others || pine.members_by_name_word(word, word || beyond, begins, look, shown);
            -- When all bearers of a word were looked at, those of the next add nobody.
            EXIT WHEN pine.how_many(others) >= shown OR NOT pine.is_common_word(word, word || beyond, look);
        END LOOP;
    END IF;

    -- Inside of words: first by the words of names that have it inside, which are few.
    inside := pine.search_pattern(
        coalesce(strange, CASE WHEN pg_catalog.cardinality(words) = 1 AND patterns <> begins THEN words[1] END));
    IF inside IS NOT NULL AND addresses = '{}' AND pine.how_many(others) < shown THEN
        FOR word IN
            SELECT DISTINCT own.word
            FROM pine.name_words AS own
            WHERE own.word LIKE inside
            ORDER BY own.word
            LIMIT 3 * shown
        LOOP
            others := others || pine.members_by_name_word(word, word || ends, patterns, look, shown);
            EXIT WHEN pine.how_many(others) >= shown;
        END LOOP;
    END IF;
    -- Then wherever it stands. What no index knows is looked for among those who joined first.
    IF addresses <> '{}' OR words = '{}' OR pine.how_many(others) >= shown THEN
        NULL;
    ELSIF strange IS NOT NULL THEN
        others := others || ARRAY(
            SELECT first.id
            FROM (SELECT u.id, u.search_text, u.is_active FROM public.users AS u ORDER BY u.id LIMIT 5000) AS first
            WHERE first.search_text LIKE ALL (patterns) AND coalesce(first.is_active, true)
            LIMIT 3 * shown);
    ELSIF pg_catalog.cardinality(words) > 1 OR patterns <> begins THEN
        others := others || ARRAY(
            SELECT u.id
            FROM public.users AS u
            WHERE u.search_text LIKE known[1]
              AND u.search_text LIKE coalesce(known[2], known[1])
              AND u.search_text LIKE ALL (patterns)
              AND coalesce(u.is_active, true)
            LIMIT 3 * shown);
    END IF;

    -- Whoever is of the event stands before all others, and so must be among those.
    IF pg_catalog.cardinality(others) >= shown THEN
        others := others || pine.people_of_event_called(event, patterns, addresses, 200);
    END IF;
    RETURN people || others;
END
$$;
