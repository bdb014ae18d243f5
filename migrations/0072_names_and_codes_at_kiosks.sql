-- At kiosks connections are told by first name and initial too; a kiosk learns when its attendant's code is another one;
-- and of many deactivated members each is found.

-- A member's connections, as this login may read them: who asked and waits for their yes, whom they asked, and whom they
-- know.
CREATE OR REPLACE FUNCTION pine.connection_lines(member integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'user_id', u.id, 'full_name', pine.name_here(u.full_name), 'event_id', e.id, 'event_title', e.title,
        'asked_at', c.asked_at, 'confirmed_at', c.confirmed_at,
        'state', CASE WHEN c.confirmed_at IS NOT NULL THEN 'connected' WHEN c.asked_by = member THEN 'asked'
                      ELSE 'asks' END,
        'until', e.end_time + interval '48 hours')
        ORDER BY c.confirmed_at IS NOT NULL, coalesce(c.confirmed_at, c.asked_at) DESC, u.id), '[]')
    FROM public.connections AS c
    JOIN public.users AS u ON u.id = CASE c.one_id WHEN member THEN c.other_id ELSE c.one_id END
    JOIN public.events AS e ON e.id = c.event_id
    WHERE (c.one_id = member OR c.other_id = member)
      -- Who waited too long has to ask again at another event.
      AND (c.confirmed_at IS NOT NULL OR pine.clock() < e.end_time + interval '48 hours')
$$;

CREATE OR REPLACE FUNCTION pine.connect_answer(actor pine.actor, other users, outcome text) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'outcome', outcome,
        -- Whoever has not met them learns no name from a code.
        'member', CASE WHEN outcome IN ('asked', 'connected', 'already') THEN pg_catalog.jsonb_build_object(
            'id', other.id,
            'username', CASE WHEN pine.is_staff_login() THEN other.username ELSE '' END,
            'full_name', pine.name_here(other.full_name)) END)
$$;

-- Names the attendant's code that is good now: each has a salt of its own. Tells nothing of the code.
CREATE FUNCTION pine.code_stamp(kiosk kiosks) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT pg_catalog.substr(pg_catalog.encode(pg_catalog.sha256(kiosk.pin_salt), 'hex'), 1, 16)
$$;

-- What is looked up of those who were deactivated, where they are many.
CREATE INDEX users_inactive_search_text ON users USING gin (search_text ext.gin_trgm_ops) WITH (fastupdate = off)
    WHERE NOT coalesce(is_active, true);

-- Who comes into question for what is typed: of active members whom the door finds. Staff are few enough to look at all of
-- them. Of those who were deactivated: whom it names exactly, whose name begins so, out of the first five thousand by
-- name all whom it matches, and when these are few, whom it matches wherever they stand: then it matches few.
CREATE OR REPLACE FUNCTION pine.member_candidates(query text, active boolean, user_type text) RETURNS integer[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    look     constant integer := 5000;
    shown    constant integer := 40;
    -- Behind every name that begins so.
    beyond   constant text := pg_catalog.chr(1114111);
    words    text[] := pine.search_words(query);
    patterns text[] := ARRAY(SELECT pine.search_pattern(word) FROM pg_catalog.unnest(words) AS word);
    -- Those that the index knows: it keeps letters and digits.
    known    text[] := ARRAY(SELECT pattern FROM pg_catalog.unnest(patterns) AS pattern WHERE pattern ~ '[[:alnum:]]');
    begins   text := pg_catalog.left(' ' || pg_catalog.btrim(pg_catalog.regexp_replace(pine.fold(query), '\s+', ' ', 'g')), 300);
    people   integer[] := ARRAY(SELECT pine.find_presented(query));
    inactive integer[];
BEGIN
    IF user_type IN ('staff', 'admin') THEN
        RETURN people || pine.members_by_name(active, user_type, patterns, false, NULL, NULL, look, shown);
    END IF;
    IF active IS NOT FALSE THEN
        people := people || pine.door_candidates(NULL, query, false);
    END IF;
    IF active IS NOT TRUE THEN
        inactive := pine.members_by_name(false, user_type, patterns, false, NULL, NULL, look, shown);
        people := people || inactive || ARRAY(
            SELECT u.id
            FROM public.users AS u
            WHERE NOT coalesce(u.is_active, true)
              AND u.search_name >= begins AND u.search_name < begins || beyond
            ORDER BY u.search_name, u.id
            LIMIT shown);
        IF pg_catalog.cardinality(inactive) < shown AND pg_catalog.cardinality(known) > 0 THEN
            people := people || ARRAY(
                SELECT found.id
                FROM (
                    SELECT u.id, u.search_name
                    FROM public.users AS u
                    WHERE NOT coalesce(u.is_active, true)
                      AND u.search_text LIKE known[1]
                      AND u.search_text LIKE coalesce(known[2], known[1])
                      AND u.search_text LIKE ALL (patterns)
                    -- Planned for all of them: in the order of names everybody would be looked at.
                    OFFSET 0
                ) AS found
                ORDER BY found.search_name, found.id
                LIMIT shown);
        END IF;
    END IF;
    RETURN people;
END
$$;
