-- An event's people: for staff a table by pages and its totals, for members the names, as each allows.

-- A page of an event's registrations. `filter` may have `status` and `payment` (lists), `attendance` (attended, absent)
-- and `query` (words of name, user name or e-mail address, or a pass code); `sort` is name, date, line, status, payment
-- or arrival; `after` is the page before's `next`.
CREATE FUNCTION api.event_people(
    token bytea, event_id integer, filter jsonb, sort text, descending boolean, after jsonb, most integer
) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    PERFORM pine.the_event(event_id);
    RETURN pine.event_people(event_id, pine.an_object(filter, 'filter'), sort, coalesce(descending, false), after, most);
END
$$;

-- An event's people in numbers, and how many of them a filter shows.
CREATE FUNCTION api.event_people_totals(token bytea, event_id integer, filter jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    RETURN pine.event_people_totals(pine.the_event(event_id), pine.an_object(filter, 'filter'), pine.clock());
END
$$;

-- The member whom a user name, an e-mail address or a pass code names exactly, or PT404.
CREATE FUNCTION api.member_named(token bytea, name text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    member public.users;
BEGIN
    SELECT * INTO member FROM public.users AS u WHERE u.id = pine.find_presented(name);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no member called “%”.', left(name, 255) USING ERRCODE = 'PT404';
    END IF;
    RETURN jsonb_build_object('id', member.id, 'username', member.username, 'full_name', member.full_name);
END
$$;

-- Who will be there, in the order in which they registered: a page of those behind registration `after`. Members read
-- the full names of those who let everybody see them, of the others, and at a kiosk of all, first name and initial; staff
-- read all.
CREATE FUNCTION api.attendees(token bytea, event_id integer, after integer, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
    event public.events := pine.the_event(event_id);
    page  integer := greatest(1, least(most, 500));
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'rows', coalesce(jsonb_agg(jsonb_build_object('name', shown.name, 'is_me', shown.is_me) ORDER BY shown.id)
                                 FILTER (WHERE shown.number <= page), '[]'),
            'next', CASE WHEN count(*) > page THEN max(shown.id) FILTER (WHERE shown.number <= page) END,
            'total', (SELECT s.taken FROM public.event_seats AS s WHERE s.event_id = event.id)
        )
        FROM (
            SELECT r.id, u.id IS NOT DISTINCT FROM actor.user_id AS is_me,
                   CASE WHEN actor.user_type <> 'regular' OR u.id = actor.user_id THEN u.full_name
                        WHEN u.show_on_leaderboard THEN pine.name_here(u.full_name)
                        ELSE pine.short_name(u.full_name) END AS name,
                   row_number() OVER (ORDER BY r.id) AS number
            FROM public.registrations AS r
            JOIN public.users AS u ON u.id = r.user_id
            WHERE r.event_id = event.id
              AND coalesce(r.status, 'registered') = 'registered'
              AND (after IS NULL OR r.id > after)
            ORDER BY r.id
            LIMIT page + 1
        ) AS shown
    );
END
$$;

GRANT EXECUTE ON FUNCTION
    api.event_people(bytea, integer, jsonb, text, boolean, jsonb, integer),
    api.event_people_totals(bytea, integer, jsonb),
    api.member_named(bytea, text)
    TO pine_staff;
GRANT EXECUTE ON FUNCTION api.attendees(bytea, integer, integer, integer) TO pine_staff, pine_kiosk;
