-- Finding members at the door, also among a million: what is searched, its index, and who comes into question.

-- What a member is found by: name, user name and what stands before the @ of the e-mail address, folded. It begins with
-- a blank, so that every word stands behind one. The domain is left out: it is nearly everybody's.
CREATE FUNCTION pine.search_text(full_name text, username text, email text) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT ' ' || pine.fold(full_name || ' ' || username || ' ' || pg_catalog.regexp_replace(email, '@[^@]*$', ''))
$$;

ALTER TABLE users
    ADD COLUMN search_text text GENERATED ALWAYS AS (pine.search_text(full_name, username, email)) STORED NOT NULL;

-- One index for both ways: of a pattern with a blank before the letters (`% ni%`) pg_trgm uses the trigrams of a word's
-- beginning, of one without (`%nin%`) those of the letters themselves. Without fastupdate no search has to read through
-- what was written lately.
CREATE INDEX users_search_text ON users USING gin (search_text ext.gin_trgm_ops) WITH (fastupdate = off);

-- The words of it one by one, for one or two letters: nearly everybody has a word that begins with an `a`, and these
-- indexes can stop after the first hundreds of them. They are small, since names repeat.
CREATE INDEX users_search_word_1 ON users (split_part(search_text, ' ', 2) text_pattern_ops);
CREATE INDEX users_search_word_2 ON users (split_part(search_text, ' ', 3) text_pattern_ops);
CREATE INDEX users_search_word_3 ON users (split_part(search_text, ' ', 4) text_pattern_ops);
CREATE INDEX users_search_word_4 ON users (split_part(search_text, ' ', 5) text_pattern_ops);
CREATE INDEX users_search_word_5 ON users (split_part(search_text, ' ', 6) text_pattern_ops);

-- A word of the query as a pattern. Up to two letters or digits must begin a word: no trigram is in them otherwise, and
-- nearly everybody has them somewhere. Anything else may stand anywhere; `%`, `_` and `\` mean themselves. Of an address
-- only what stands before the @ can be looked up.
CREATE FUNCTION pine.search_pattern(word text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
AS $$
    SELECT CASE WHEN word ~ '^[[:alnum:]]{1,2}$' THEN '% ' ELSE '%' END
        || pg_catalog.regexp_replace(pg_catalog.regexp_replace(word, '(.)@.*$', '\1'), '([\\%_])', '\\\1', 'g') || '%'
$$;

-- Whether these words, which have an @ in them, stand in what a member is found by or in the e-mail address.
CREATE FUNCTION pine.has_addresses(member users, words text[]) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT NOT EXISTS (
        SELECT
        FROM pg_catalog.unnest(words) AS word
        WHERE pg_catalog.strpos(member.search_text || ' ' || pine.fold(member.email), word) = 0
    )
$$;

-- Who comes into question at an event's door for what is typed: whoever it names exactly, those of the event whom it
-- matches, and of all other members the first forty among at most some hundreds it matches, those with a word that
-- begins so first. The work stays the same whatever is typed; where more match than can be shown, the next letter decides.
--
-- The plans are fixed: a pattern's first estimate is a guess by its length, and one wrong guess reads a million rows.
CREATE FUNCTION pine.door_candidates(event integer, query text, loosely boolean) RETURNS integer[]
    LANGUAGE plpgsql STABLE
    SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan
    SET pg_trgm.word_similarity_threshold = 0.4
AS $$
DECLARE
    most      constant integer := 300;
    shown     constant integer := 40;
    folded    text := pg_catalog.btrim(pine.fold(query));
    wanted    text := pg_catalog.lower(pg_catalog.btrim(query));
    -- The longest first: the index is asked for two of them, the rows for all.
    words     text[] := ARRAY(
        SELECT word FROM pg_catalog.regexp_split_to_table(folded, '\s+') AS word
        WHERE word <> '' ORDER BY pg_catalog.length(word) DESC, word);
    patterns  text[] := ARRAY(
        SELECT pine.search_pattern(word) FROM pg_catalog.unnest(words) WITH ORDINALITY AS w (word, place) ORDER BY place);
    addresses text[] := ARRAY(SELECT word FROM pg_catalog.unnest(words) AS word WHERE pg_catalog.strpos(word, '@') > 0);
    other     text := coalesce(patterns[2], patterns[1]);
    pattern   text;
    first     text;
    last      text;
    matched   integer[] := '{}';
    people    integer[];
BEGIN
    people := ARRAY(
        SELECT u.id FROM public.users AS u WHERE u.pass_code = pine.read_pass_code(query)
        UNION SELECT u.id FROM public.users AS u WHERE pg_catalog.lower(u.username) = wanted
        UNION SELECT u.id FROM public.users AS u WHERE pg_catalog.lower(u.email) = wanted);
    IF words = '{}' THEN
        matched := ARRAY(SELECT u.id FROM public.users AS u ORDER BY u.id LIMIT most);
    ELSIF loosely THEN
        -- Everybody who resembles it, the event's people among them.
        RETURN people || ARRAY(
            SELECT u.id
            FROM public.users AS u
            WHERE u.search_text OPERATOR(ext.%>) folded
            ORDER BY ext.word_similarity(folded, u.search_text) DESC, u.id
            LIMIT most);
    END IF;

    -- Words that begin so, and only then anywhere. One word is looked up where the reading can stop; of several the
    -- trigrams know in common.
    IF pg_catalog.cardinality(words) = 1 THEN
        -- Byte by byte, behind every letter there is: a range that a prepared plan can use, which LIKE is not.
        first := pg_catalog.regexp_replace(words[1], '(.)@.*$', '\1');
        last := first || pg_catalog.chr(1114111);
        matched := ARRAY(
            SELECT DISTINCT found.id
            FROM (
                (SELECT u.id, u FROM public.users AS u
                 WHERE pg_catalog.split_part(u.search_text, ' ', 2) OPERATOR(pg_catalog.~>=~) first
                   AND pg_catalog.split_part(u.search_text, ' ', 2) OPERATOR(pg_catalog.~<~) last
                 LIMIT most)
                UNION ALL
                (SELECT u.id, u FROM public.users AS u
                 WHERE pg_catalog.split_part(u.search_text, ' ', 3) OPERATOR(pg_catalog.~>=~) first
                   AND pg_catalog.split_part(u.search_text, ' ', 3) OPERATOR(pg_catalog.~<~) last
                 LIMIT most)
                UNION ALL
                (SELECT u.id, u FROM public.users AS u
                 WHERE pg_catalog.split_part(u.search_text, ' ', 4) OPERATOR(pg_catalog.~>=~) first
                   AND pg_catalog.split_part(u.search_text, ' ', 4) OPERATOR(pg_catalog.~<~) last
                 LIMIT most)
                UNION ALL
                (SELECT u.id, u FROM public.users AS u
                 WHERE pg_catalog.split_part(u.search_text, ' ', 5) OPERATOR(pg_catalog.~>=~) first
                   AND pg_catalog.split_part(u.search_text, ' ', 5) OPERATOR(pg_catalog.~<~) last
                 LIMIT most)
                UNION ALL
                (SELECT u.id, u FROM public.users AS u
                 WHERE pg_catalog.split_part(u.search_text, ' ', 6) OPERATOR(pg_catalog.~>=~) first
                   AND pg_catalog.split_part(u.search_text, ' ', 6) OPERATOR(pg_catalog.~<~) last
                 LIMIT most)
            ) AS found (id, member)
            WHERE (addresses = '{}' OR pine.has_addresses(found.member, addresses))
              AND coalesce((found.member).is_active, true)
            LIMIT most);
    END IF;
    FOREACH pattern IN ARRAY ARRAY['% ' || pg_catalog.ltrim(patterns[1], '% '), patterns[1]] LOOP
        IF pg_catalog.cardinality(matched) < most AND words <> '{}' THEN
            matched := matched || ARRAY(
                SELECT u.id
                FROM public.users AS u
                WHERE u.search_text LIKE pattern
                  AND u.search_text LIKE other
                  AND u.search_text LIKE ALL (patterns)
                  AND (addresses = '{}' OR pine.has_addresses(u, addresses))
                  AND coalesce(u.is_active, true)
                LIMIT most);
        END IF;
    END LOOP;

    people := people || ARRAY(
        SELECT ranked.id
        FROM (
            SELECT u.id, of_event.is_so,
                   pg_catalog.row_number() OVER (
                       PARTITION BY of_event.is_so
                       ORDER BY pg_catalog.strpos(u.search_text, ' ' || folded) = 0, u.full_name, u.id
                   ) AS place
            FROM public.users AS u
            CROSS JOIN LATERAL (
                SELECT EXISTS (SELECT FROM public.registrations AS r WHERE r.user_id = u.id AND r.event_id = event)
                    OR EXISTS (SELECT FROM public.event_attendees AS a WHERE a.user_id = u.id AND a.event_id = event)
            ) AS of_event (is_so)
            WHERE u.id = ANY (matched)
        ) AS ranked
        WHERE ranked.is_so OR ranked.place <= shown);

    -- Not all were looked at: the event's own must be among them.
    IF pg_catalog.cardinality(matched) >= most THEN
        people := people || ARRAY(
            SELECT u.id
            FROM (
                SELECT r.user_id FROM public.registrations AS r WHERE r.event_id = event
                UNION SELECT a.user_id FROM public.event_attendees AS a WHERE a.event_id = event
            ) AS of_event
            JOIN public.users AS u ON u.id = of_event.user_id
            WHERE u.search_text LIKE ALL (patterns)
              AND (addresses = '{}' OR pine.has_addresses(u, addresses)));
    END IF;
    RETURN people;
END
$$;
