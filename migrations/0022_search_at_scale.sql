-- Finding members at the door among a million, in a time that does not depend on what is typed: every look-up stops
-- after so many rows, and what would need all of them is not looked up so.

-- ---- What is looked up ----

-- A name, folded, with one blank before every word. Its length is bounded, for the indexes.
CREATE FUNCTION pine.search_name(full_name text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ' ' || pg_catalog.left(
        pg_catalog.btrim(pg_catalog.regexp_replace(pine.fold(full_name), '\s+', ' ', 'g')), 299)
$$;

-- A user name or an e-mail address, folded; bounded like names.
CREATE FUNCTION pine.search_handle(handle text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT pg_catalog.left(pine.fold(handle), 300) COLLATE "C"
$$;

DROP INDEX users_search_word_1, users_search_word_2, users_search_word_3, users_search_word_4, users_search_word_5;

ALTER TABLE users
    ADD COLUMN search_name text COLLATE "C" GENERATED ALWAYS AS (pine.search_name(full_name)) STORED NOT NULL;

-- The words of a name one by one. Within a word by id, so that whatever else is asked of the name is spread evenly: the
-- reading finds enough and stops. The name is in the index, so that no row is read for somebody who is not meant.
-- A sixth word and those after it are found from three letters on.
CREATE INDEX users_name_word_1 ON users (split_part(search_name, ' ', 2), id) INCLUDE (search_name)
    WHERE coalesce(is_active, true);
CREATE INDEX users_name_word_2 ON users (split_part(search_name, ' ', 3), id) INCLUDE (search_name)
    WHERE coalesce(is_active, true) AND split_part(search_name, ' ', 3) > '';
CREATE INDEX users_name_word_3 ON users (split_part(search_name, ' ', 4), id) INCLUDE (search_name)
    WHERE coalesce(is_active, true) AND split_part(search_name, ' ', 4) > '';
CREATE INDEX users_name_word_4 ON users (split_part(search_name, ' ', 5), id) INCLUDE (search_name)
    WHERE coalesce(is_active, true) AND split_part(search_name, ' ', 5) > '';
CREATE INDEX users_name_word_5 ON users (split_part(search_name, ' ', 6), id) INCLUDE (search_name)
    WHERE coalesce(is_active, true) AND split_part(search_name, ' ', 6) > '';
CREATE INDEX users_username_folded ON users (pine.search_handle(username)) WHERE coalesce(is_active, true);
CREATE INDEX users_email_folded ON users (pine.search_handle(email)) WHERE coalesce(is_active, true);

-- Every word of every name once: some ten thousand among a million members. There is no unique key on purpose: two doors
-- with somebody of the same new name do not wait for each other, and a word that stands here twice does no harm, nor
-- does one that nobody has any more.
CREATE TABLE pine.name_words (
    word text COLLATE "C" NOT NULL
);
CREATE INDEX name_words_word ON pine.name_words (word);
CREATE INDEX name_words_trigrams ON pine.name_words USING gin (word ext.gin_trgm_ops) WITH (fastupdate = off);

INSERT INTO pine.name_words (word)
SELECT DISTINCT own.word
FROM users AS u
CROSS JOIN LATERAL string_to_table(u.search_name, ' ') AS own (word)
WHERE own.word <> '';

CREATE FUNCTION pine.note_name_words() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pine.name_words (word)
    SELECT DISTINCT own.word
    FROM named AS u
    CROSS JOIN LATERAL pg_catalog.string_to_table(u.search_name, ' ') AS own (word)
    WHERE own.word <> '' AND NOT EXISTS (SELECT FROM pine.name_words AS known WHERE known.word = own.word);
    RETURN NULL;
END
$$;

CREATE FUNCTION pine.note_new_name() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO pine.name_words (word)
    SELECT DISTINCT own.word
    FROM pg_catalog.string_to_table(NEW.search_name, ' ') AS own (word)
    WHERE own.word <> '' AND NOT EXISTS (SELECT FROM pine.name_words AS known WHERE known.word = own.word);
    RETURN NULL;
END
$$;

CREATE TRIGGER note_name_words AFTER INSERT ON users
    REFERENCING NEW TABLE AS named FOR EACH STATEMENT EXECUTE FUNCTION pine.note_name_words();
CREATE TRIGGER note_new_name AFTER UPDATE OF full_name ON users
    FOR EACH ROW WHEN (OLD.search_name IS DISTINCT FROM NEW.search_name) EXECUTE FUNCTION pine.note_new_name();

-- ---- What is typed ----

-- The words of what is typed, folded, each once; the longest first, which is mostly the rarest.
CREATE FUNCTION pine.search_words(query text) RETURNS text[]
    LANGUAGE sql STABLE STRICT
AS $$
    SELECT ARRAY(
        SELECT DISTINCT ON (pg_catalog.length(word), word) word
        FROM pg_catalog.regexp_split_to_table(pine.fold(query), '\s+') AS word
        WHERE word <> ''
        ORDER BY pg_catalog.length(word) DESC, word)
$$;

-- A word as a pattern for what a member is found by, of which a word begins so; `%`, `_` and `\` mean themselves. What
-- has an @ in it is the beginning of an e-mail address, which ends what a member is found by but for the domain.
CREATE FUNCTION pine.begin_pattern(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT '% ' || pg_catalog.regexp_replace(pg_catalog.regexp_replace(word, '@.*$', ''), '([\\%_])', '\\\1', 'g')
        || CASE WHEN pg_catalog.strpos(word, '@') > 0 THEN '' ELSE '%' END
$$;

-- The same where it may stand inside of a word. One or two letters or digits, and an address, may not: nearly everybody
-- has them somewhere.
CREATE OR REPLACE FUNCTION pine.search_pattern(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT CASE
        WHEN word ~ '^[a-z0-9]{1,2}$|@' THEN pine.begin_pattern(word)
        ELSE '%' || pg_catalog.substr(pine.begin_pattern(word), 3)
    END
$$;

-- Whether all these beginnings of e-mail addresses are the member's.
CREATE OR REPLACE FUNCTION pine.has_addresses(member users, words text[]) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT NOT EXISTS (
        SELECT FROM pg_catalog.unnest(words) AS word
        WHERE NOT pg_catalog.starts_with(pine.search_handle(member.email), word)
    )
$$;

-- How alike a name is to the words of a query, from 0 to 1: of each word its nearest, and the mean of those.
CREATE FUNCTION pine.likeness(text text, words text[]) RETURNS real
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.avg((
        SELECT pg_catalog.max(CASE WHEN own = word THEN 1 ELSE ext.similarity(own, word) END)
        FROM pg_catalog.string_to_table(pg_catalog.btrim(text), ' ') AS own
    ))
    FROM pg_catalog.unnest(words) AS word
$$;

-- ---- Who it is ----

-- How many different members these are.
CREATE FUNCTION pine.how_many(members integer[]) RETURNS bigint
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.count(DISTINCT member) FROM pg_catalog.unnest(members) AS member
$$;

-- Members of whose name a word lies between `first` and `last`, and the name is like all the patterns: `most` of them by
-- name, out of as many from each place in the name, out of the first `look` there.
CREATE FUNCTION pine.members_by_name_word(first text, last text, patterns text[], look integer, most integer)
    RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN ARRAY(
        SELECT found.id
        FROM (
            (SELECT near.id, near.search_name
             FROM (SELECT u.id, u.search_name FROM public.users AS u
                   WHERE pg_catalog.split_part(u.search_name, ' ', 2) >= first
                     AND pg_catalog.split_part(u.search_name, ' ', 2) < last
                     AND coalesce(u.is_active, true)
                   ORDER BY pg_catalog.split_part(u.search_name, ' ', 2), u.id
                   LIMIT look) AS near
             WHERE near.search_name LIKE ALL (patterns)
             LIMIT most)
            UNION ALL
            (SELECT near.id, near.search_name
             FROM (SELECT u.id, u.search_name FROM public.users AS u
                   WHERE pg_catalog.split_part(u.search_name, ' ', 3) >= first
                     AND pg_catalog.split_part(u.search_name, ' ', 3) < last
                     AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 3) > ''
                   ORDER BY pg_catalog.split_part(u.search_name, ' ', 3), u.id
                   LIMIT look) AS near
             WHERE near.search_name LIKE ALL (patterns)
             LIMIT most)
            UNION ALL
            (SELECT near.id, near.search_name
             FROM (SELECT u.id, u.search_name FROM public.users AS u
                   WHERE pg_catalog.split_part(u.search_name, ' ', 4) >= first
                     AND pg_catalog.split_part(u.search_name, ' ', 4) < last
                     AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 4) > ''
                   ORDER BY pg_catalog.split_part(u.search_name, ' ', 4), u.id
                   LIMIT look) AS near
             WHERE near.search_name LIKE ALL (patterns)
             LIMIT most)
            UNION ALL
            (SELECT near.id, near.search_name
             FROM (SELECT u.id, u.search_name FROM public.users AS u
                   WHERE pg_catalog.split_part(u.search_name, ' ', 5) >= first
                     AND pg_catalog.split_part(u.search_name, ' ', 5) < last
                     AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 5) > ''
                   ORDER BY pg_catalog.split_part(u.search_name, ' ', 5), u.id
                   LIMIT look) AS near
             WHERE near.search_name LIKE ALL (patterns)
             LIMIT most)
            UNION ALL
            (SELECT near.id, near.search_name
             FROM (SELECT u.id, u.search_name FROM public.users AS u
                   WHERE pg_catalog.split_part(u.search_name, ' ', 6) >= first
                     AND pg_catalog.split_part(u.search_name, ' ', 6) < last
                     AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 6) > ''
                   ORDER BY pg_catalog.split_part(u.search_name, ' ', 6), u.id
                   LIMIT look) AS near
             WHERE near.search_name LIKE ALL (patterns)
             LIMIT most)
        ) AS found
        GROUP BY found.id, found.search_name
        ORDER BY found.search_name, found.id
        LIMIT most);
END
$$;

-- Whether more than `most` members have a word between `first` and `last` at some place in their name.
CREATE FUNCTION pine.is_common_word(first text, last text, most integer) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN EXISTS (
            SELECT FROM public.users AS u
            WHERE pg_catalog.split_part(u.search_name, ' ', 2) >= first AND pg_catalog.split_part(u.search_name, ' ', 2) < last
              AND coalesce(u.is_active, true)
            OFFSET most)
        OR EXISTS (
            SELECT FROM public.users AS u
            WHERE pg_catalog.split_part(u.search_name, ' ', 3) >= first AND pg_catalog.split_part(u.search_name, ' ', 3) < last
              AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 3) > ''
            OFFSET most)
        OR EXISTS (
            SELECT FROM public.users AS u
            WHERE pg_catalog.split_part(u.search_name, ' ', 4) >= first AND pg_catalog.split_part(u.search_name, ' ', 4) < last
              AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 4) > ''
            OFFSET most)
        OR EXISTS (
            SELECT FROM public.users AS u
            WHERE pg_catalog.split_part(u.search_name, ' ', 5) >= first AND pg_catalog.split_part(u.search_name, ' ', 5) < last
              AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 5) > ''
            OFFSET most)
        OR EXISTS (
            SELECT FROM public.users AS u
            WHERE pg_catalog.split_part(u.search_name, ' ', 6) >= first AND pg_catalog.split_part(u.search_name, ' ', 6) < last
              AND coalesce(u.is_active, true) AND pg_catalog.split_part(u.search_name, ' ', 6) > ''
            OFFSET most);
END
$$;

-- Everybody with a registration or an attendance at an event, those with a seat first, so that the reading can stop.
CREATE FUNCTION pine.people_of_event(event integer) RETURNS SETOF integer
    LANGUAGE sql STABLE
AS $$
    SELECT r.user_id FROM public.registrations AS r
    WHERE r.event_id = event AND coalesce(r.status, 'registered') = 'registered'
    UNION ALL
    SELECT r.user_id FROM public.registrations AS r
    WHERE r.event_id = event AND coalesce(r.status, 'registered') <> 'registered'
    UNION ALL
    SELECT a.user_id FROM public.event_attendees AS a
    WHERE a.event_id = event
      AND NOT EXISTS (SELECT FROM public.registrations AS r WHERE r.event_id = event AND r.user_id = a.user_id)
$$;

-- Who comes into question for a name that was heard, misspelt or half known. Among all words of names few resemble a
-- typed one, and those are looked up as they are: of two words together first, then one by one, the most alike first.
CREATE FUNCTION pine.similar_candidates(event integer, words text[]) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET enable_seqscan = off
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET plan_cache_mode = force_generic_plan
    SET pg_trgm.similarity_threshold = 0.25
AS $$
DECLARE
    most    constant integer := 120;
    look    constant integer := 2000;
    -- Behind a whole word, before any longer one.
    ends    constant text := pg_catalog.chr(1);
    people  integer[] := '{}';
    places  bigint[];
    alike   text[];
    nearest real[];
    found   record;
BEGIN
    SELECT pg_catalog.array_agg(w.place ORDER BY near.likeness DESC, near.word),
           pg_catalog.array_agg(near.word ORDER BY near.likeness DESC, near.word),
           pg_catalog.array_agg(near.likeness ORDER BY near.likeness DESC, near.word)
    INTO places, alike, nearest
    FROM pg_catalog.unnest(words[1:4]) WITH ORDINALITY AS w (typed, place)
    CROSS JOIN LATERAL (
        -- Letters that the trigrams do not know resemble nothing, not even themselves.
        (SELECT known.word, 1::real FROM pine.name_words AS known WHERE known.word = typed LIMIT 1)
        UNION ALL
        (SELECT known.word, ext.similarity(known.word, typed) AS likeness
         FROM pine.name_words AS known
         WHERE known.word OPERATOR(ext.%) typed AND known.word <> typed
         GROUP BY known.word
         ORDER BY likeness DESC, known.word
         LIMIT 20)
    ) AS near (word, likeness);

    FOR found IN
        SELECT one.word AS first, pine.begin_pattern(other.word) AS second
        FROM ROWS FROM (pg_catalog.unnest(places), pg_catalog.unnest(alike), pg_catalog.unnest(nearest))
            AS one (place, word, likeness)
        JOIN ROWS FROM (pg_catalog.unnest(places), pg_catalog.unnest(alike), pg_catalog.unnest(nearest))
            AS other (place, word, likeness)
            ON one.place = 1 AND other.place = 2
        ORDER BY one.likeness + other.likeness DESC, one.word, other.word
        LIMIT 60
    LOOP
        EXIT WHEN pg_catalog.cardinality(people) >= most;
        people := people || pine.members_by_name_word(found.first, found.first || ends, ARRAY[found.second], look, most);
    END LOOP;
    FOR found IN
        SELECT DISTINCT ON (one.likeness, one.word) one.word AS first
        FROM ROWS FROM (pg_catalog.unnest(alike), pg_catalog.unnest(nearest)) AS one (word, likeness)
        ORDER BY one.likeness DESC, one.word
    LOOP
        EXIT WHEN pg_catalog.cardinality(people) >= 2 * most;
        people := people || pine.members_by_name_word(found.first, found.first || ends, '{}', most, most);
    END LOOP;

    RETURN people || ARRAY(
        SELECT u.id
        FROM pine.people_of_event(event) AS of_event (id)
        JOIN public.users AS u USING (id)
        WHERE pg_catalog.string_to_array(u.search_name, ' ') && alike
        LIMIT 500);
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
        others := others || ARRAY(
            SELECT u.id
            FROM pine.people_of_event(event) AS of_event (id)
            JOIN public.users AS u USING (id)
            WHERE u.search_text LIKE ALL (patterns) AND (addresses = '{}' OR pine.has_addresses(u, addresses))
            LIMIT 200);
    END IF;
    RETURN people || others;
END
$$;
