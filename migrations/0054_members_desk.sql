-- Members for those who look after them: all of them by name and by pages, and found as at the door, those who were
-- deactivated among them.

CREATE INDEX users_by_name ON users (search_name, id);
CREATE INDEX users_inactive_by_name ON users (search_name, id) WHERE NOT coalesce(is_active, true);
-- Who looks after others; they are few.
CREATE INDEX users_desk_by_name ON users (search_name, id)
    WHERE coalesce(is_superuser, false) OR coalesce(user_type, 'regular') <> 'regular';

-- A filter as a condition on `u`; the texts are these and no others. `active` and `user_type` NULL are anybody's.
CREATE FUNCTION pine.members_condition(active boolean, user_type text) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE active
               WHEN true THEN 'coalesce(u.is_active, true)'
               WHEN false THEN 'NOT coalesce(u.is_active, true)'
               ELSE 'true'
           END
        || CASE user_type
               WHEN 'regular' THEN ' AND NOT (coalesce(u.is_superuser, false) OR coalesce(u.user_type, ''regular'') <> ''regular'')'
               WHEN 'staff' THEN ' AND (coalesce(u.is_superuser, false) OR coalesce(u.user_type, ''regular'') <> ''regular'')'
                   || ' AND NOT coalesce(u.is_superuser, false) AND u.user_type = ''staff'''
               WHEN 'admin' THEN ' AND (coalesce(u.is_superuser, false) OR coalesce(u.user_type, ''regular'') <> ''regular'')'
                   || ' AND (coalesce(u.is_superuser, false) OR u.user_type = ''admin'')'
               ELSE ''
           END
$$;

-- Members by name, behind one of them: `most` of those of whom all the patterns are true, out of the first `look`.
CREATE FUNCTION pine.members_by_name(
    active boolean, user_type text, patterns text[], descending boolean,
    after_name text, after_id integer, look integer, most integer
) RETURNS integer[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    found integer[];
BEGIN
    -- Planned for what it is asked with: each filter has an index of its own.
    EXECUTE pg_catalog.format(
        'SELECT ARRAY(
             SELECT near.id
             FROM (SELECT u.id, u.search_name, u.search_text
                   FROM public.users AS u
                   WHERE %1$s %2$s
                   ORDER BY u.search_name %3$s, u.id %3$s
                   LIMIT $3) AS near
             WHERE near.search_text LIKE ALL ($4)
             ORDER BY near.search_name %3$s, near.id %3$s
             LIMIT $5)',
        pine.members_condition(active, user_type),
        CASE WHEN after_name IS NULL THEN ''
             WHEN descending THEN 'AND (u.search_name, u.id) < ($1, $2)'
             ELSE 'AND (u.search_name, u.id) > ($1, $2)' END,
        CASE WHEN descending THEN 'DESC' ELSE 'ASC' END)
    INTO found
    USING after_name, after_id, look, patterns, most;
    RETURN found;
END
$$;

-- Who comes into question for what is typed: of active members whom the door finds. Staff are few enough to look at all of
-- them. Of those who were deactivated: whom it names exactly, whose name begins so, and out of the first five thousand
-- by name all whom it matches.
CREATE FUNCTION pine.member_candidates(query text, active boolean, user_type text) RETURNS integer[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    look     constant integer := 5000;
    shown    constant integer := 40;
    -- Behind every name that begins so.
    beyond   constant text := pg_catalog.chr(1114111);
    words    text[] := pine.search_words(query);
    patterns text[] := ARRAY(SELECT pine.search_pattern(word) FROM pg_catalog.unnest(words) AS word);
    begins   text := pg_catalog.left(' ' || pg_catalog.btrim(pg_catalog.regexp_replace(pine.fold(query), '\s+', ' ', 'g')), 300);
    people   integer[] := ARRAY(SELECT pine.find_presented(query));
BEGIN
    IF user_type IN ('staff', 'admin') THEN
        RETURN people || pine.members_by_name(active, user_type, patterns, false, NULL, NULL, look, shown);
    END IF;
    IF active IS NOT FALSE THEN
        people := people || pine.door_candidates(NULL, query, false);
    END IF;
    IF active IS NOT TRUE THEN
        people := people || pine.members_by_name(false, user_type, patterns, false, NULL, NULL, look, shown) || ARRAY(
            SELECT u.id
            FROM public.users AS u
            WHERE NOT coalesce(u.is_active, true)
              AND u.search_name >= begins AND u.search_name < begins || beyond
            ORDER BY u.search_name, u.id
            LIMIT shown);
    END IF;
    RETURN people;
END
$$;

-- When a member was last at an event: its start.
CREATE FUNCTION pine.last_attended(member integer) RETURNS timestamptz
    LANGUAGE sql STABLE
AS $$
    SELECT max(e.start_time)
    FROM public.event_attendees AS a
    JOIN public.events AS e ON e.id = a.event_id
    WHERE a.user_id = member AND coalesce(a.status, 'attended') <> 'undone'
$$;

-- A member as lists show them.
CREATE FUNCTION pine.member_line(member users) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'id', member.id,
        'username', member.username,
        'full_name', member.full_name,
        'email', member.email,
        'user_type', pine.user_type(member),
        'is_active', coalesce(member.is_active, true),
        'created_at', member.created_at,
        'last_login', member.last_login,
        'last_attended', pine.last_attended(member.id),
        'points', coalesce((SELECT t.spendable FROM public.user_totals AS t WHERE t.user_id = member.id), 0))
$$;

-- Where a page of members ends.
CREATE FUNCTION pine.member_cursor(member users) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT jsonb_build_object('key', member.search_name, 'id', member.id)
$$;

-- A page of members by name; with a query those whom it finds, the nearest first, on one page.
CREATE FUNCTION pine.members_page(filter jsonb, descending boolean, after jsonb, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    page      integer := greatest(1, least(most, 500));
    query     text := nullif(btrim(filter->>'query'), '');
    active    boolean := (filter->>'active')::boolean;
    wanted    text := filter->>'user_type';
    people    integer[];
    begins    text[];
    typed     text;
    is_exact  integer;
BEGIN
    IF wanted IS NOT NULL THEN
        PERFORM pine.check_user_type(wanted);
    END IF;
    IF query IS NULL THEN
        people := pine.members_by_name(active, wanted, '{}', coalesce(descending, false),
                                       after->>'key', (after->>'id')::integer, page + 1, page + 1);
        RETURN (
            SELECT jsonb_build_object(
                'rows', coalesce(jsonb_agg(pine.member_line(u) ORDER BY found.place)
                                     FILTER (WHERE found.place <= page), '[]'),
                'next', CASE WHEN cardinality(people) > page THEN
                    (SELECT pine.member_cursor(u) FROM public.users AS u WHERE u.id = people[page]) END)
            FROM unnest(people) WITH ORDINALITY AS found (id, place)
            JOIN public.users AS u USING (id));
    END IF;
    typed := lower(query);
    begins := ARRAY(SELECT pine.begin_pattern(word) FROM unnest(pine.search_words(query)) AS word);
    people := pine.member_candidates(query, active, wanted);
    is_exact := pine.find_presented(query);
    RETURN (
        SELECT jsonb_build_object(
            'rows', coalesce(jsonb_agg(pine.member_line(found.member)
                                       ORDER BY found.closeness, (found.member).search_name, (found.member).id), '[]'),
            'next', NULL)
        FROM (
            SELECT u AS member, close.ness AS closeness
            FROM public.users AS u
            CROSS JOIN LATERAL (
                SELECT CASE WHEN u.id = is_exact OR typed IN (lower(u.username), lower(u.email)) THEN 0
                            WHEN u.search_name LIKE ALL (begins) THEN 1
                            WHEN u.search_text LIKE ALL (begins) THEN 2
                            ELSE 3 END
            ) AS close (ness)
            WHERE u.id = ANY (people)
              AND (active IS NULL OR coalesce(u.is_active, true) = active)
              AND (wanted IS NULL OR pine.user_type(u) = wanted)
            ORDER BY close.ness, u.search_name, u.id
            LIMIT page
        ) AS found);
END
$$;

-- How many members there are, of each role, and how many of them are deactivated: from these a terminal knows the length
-- of every list.
CREATE FUNCTION pine.members_in_numbers() RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'members', (SELECT count(*) FROM public.users),
        'inactive', (SELECT count(*) FROM public.users AS u WHERE NOT coalesce(u.is_active, true)),
        'staff', count(*) FILTER (WHERE pine.user_type(u) = 'staff'),
        'inactive_staff', count(*) FILTER (WHERE pine.user_type(u) = 'staff' AND NOT coalesce(u.is_active, true)),
        'admins', count(*) FILTER (WHERE pine.user_type(u) = 'admin'),
        'inactive_admins', count(*) FILTER (WHERE pine.user_type(u) = 'admin' AND NOT coalesce(u.is_active, true)))
    FROM public.users AS u
    WHERE coalesce(u.is_superuser, false) OR coalesce(u.user_type, 'regular') <> 'regular'
$$;

-- Registrations of a member for events to come (the next one first) or over (the last one first).
CREATE FUNCTION pine.registrations_of(member integer, is_over boolean, most integer, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(jsonb_agg(line ORDER BY place), '[]')
    FROM (
        SELECT row_number() OVER (ORDER BY CASE WHEN is_over THEN - extract(epoch FROM e.start_time)
                                                ELSE extract(epoch FROM e.start_time) END, e.id) AS place,
               jsonb_build_object(
                   'event_id', e.id, 'title', e.title, 'start_time', e.start_time,
                   'is_active', coalesce(e.is_active, true),
                   'status', coalesce(r.status, 'registered'),
                   'attended', coalesce(a.id IS NOT NULL AND coalesce(a.status, 'attended') <> 'undone', false)) AS line
        FROM public.registrations AS r
        JOIN public.events AS e ON e.id = r.event_id
        LEFT JOIN public.event_attendees AS a ON a.event_id = r.event_id AND a.user_id = r.user_id
        WHERE r.user_id = member AND (e.end_time <= at) = is_over
        ORDER BY place
        LIMIT most
    ) AS lines
$$;

-- What staff may change of a member, as it stands.
CREATE FUNCTION pine.member_draft(member users) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'full_name', member.full_name, 'username', member.username, 'email', member.email,
        'referred_by', coalesce((SELECT b.username FROM public.users AS b WHERE b.id = member.referred_by), ''))
$$;

-- Names how that stands, for whoever changes it.
CREATE FUNCTION pine.member_version(member users) RETURNS text
    LANGUAGE sql STABLE
AS $$
    SELECT md5(pine.member_draft(member)::text)
$$;

-- Everything that staff see of a member.
CREATE FUNCTION pine.member_page(actor pine.actor, member users, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT jsonb_build_object(
        'line', pine.member_line(member),
        'draft', pine.member_draft(member),
        'version', pine.member_version(member),
        'pass_code', member.pass_code,
        'show_on_leaderboard', member.show_on_leaderboard,
        'door_note', pine.door_note(member, NULL),
        'referred_by', (SELECT jsonb_build_object('id', b.id, 'username', b.username, 'full_name', b.full_name)
                        FROM public.users AS b WHERE b.id = member.referred_by),
        'earned', coalesce((SELECT t.earned FROM public.user_totals AS t WHERE t.user_id = member.id), 0),
        'attended', (SELECT count(*) FROM public.event_attendees AS a
                     WHERE a.user_id = member.id AND coalesce(a.status, 'attended') <> 'undone'),
        'code_until', (SELECT c.expires_at FROM public.password_codes AS c
                       WHERE c.user_id = member.id AND at < c.expires_at),
        'sessions', (SELECT count(*) FROM public.sessions AS s
                     WHERE s.user_id = member.id AND s.ended_at IS NULL AND at < s.expires_at
                         AND at < s.last_active + s.idle_limit),
        'upcoming', pine.registrations_of(member.id, false, 50, at),
        'past', pine.registrations_of(member.id, true, 100, at),
        'registrations', (SELECT count(*) FROM public.registrations AS r WHERE r.user_id = member.id))
$$;

-- Where a member is signed in, the last one active first; `here` is the session that asks.
CREATE FUNCTION pine.sessions_of(member integer, here bigint, at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'id', s.id, 'device', s.device, 'created_at', s.created_at, 'last_active', s.last_active,
        'is_here', s.id = here) ORDER BY s.last_active DESC, s.id DESC), '[]')
    FROM public.sessions AS s
    WHERE s.user_id = member AND s.ended_at IS NULL AND at < s.expires_at AND at < s.last_active + s.idle_limit
$$;

-- A user name that nobody else has. One that an older database brought along stays as it is.
CREATE FUNCTION pine.check_username(member users, username text) RETURNS void
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF btrim(username) = member.username THEN
        RETURN;
    ELSIF username IS NULL OR btrim(username) !~ '^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$' THEN
        PERFORM pine.refuse_value('username',
            'A user name has 2 to 64 of the letters a to z, digits, dots, dashes and underscores, and begins with a letter or digit.');
    ELSIF EXISTS (SELECT FROM public.users AS u
                  WHERE lower(u.username) = lower(btrim(check_username.username)) AND u.id <> member.id) THEN
        PERFORM pine.refuse_value('username', format('The user name “%s” is taken.', btrim(username)));
    END IF;
END
$$;

-- Changes what is written down of a member, and answers them as they stand then. `seen` is the version before the
-- writer's eyes; when that is not how it stands, nothing is changed.
CREATE FUNCTION pine.member_save(actor pine.actor, member integer, seen text, draft jsonb) RETURNS users
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    who     public.users := pine.member_in_care(actor, member);
    stood   jsonb := pine.member_draft(who);
    brought integer := who.referred_by;
BEGIN
    IF pine.member_version(who) IS DISTINCT FROM seen THEN
        RAISE EXCEPTION 'Somebody changed this member meanwhile; nothing is saved. Close the form and look again.'
            USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.check_username(who, draft->>'username');
    PERFORM pine.check_person(who.id, draft->>'full_name', draft->>'email');
    IF btrim(draft->>'referred_by') <> stood->>'referred_by' THEN
        brought := pine.find_referrer(draft->>'referred_by');
        IF brought = who.id THEN
            PERFORM pine.refuse_value('referred_by', 'Nobody brings themselves.');
        END IF;
    END IF;
    UPDATE public.users AS u
    SET username = btrim(draft->>'username'), full_name = btrim(draft->>'full_name'), email = btrim(draft->>'email'),
        referred_by = brought
    WHERE u.id = who.id
    RETURNING * INTO who;
    PERFORM pine.audit(actor, 'member_save', 'member', who.id, stood, pine.member_draft(who));
    RETURN who;
END
$$;
