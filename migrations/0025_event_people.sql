-- An event's people as staff and members see them: sorted and searched without reading every member, page by page.

-- The member's users.search_text, kept here too: an event's people are sorted by name and searched in one index,
-- however many members there are besides.
ALTER TABLE registrations ADD COLUMN search_text text;
UPDATE registrations AS r SET search_text = u.search_text FROM users AS u WHERE u.id = r.user_id;
ALTER TABLE registrations ALTER COLUMN search_text SET NOT NULL;

CREATE INDEX registrations_event_name ON registrations (event_id, search_text, id);
-- The few among many are found without reading the many; who simply registers does not write it.
CREATE INDEX registrations_event_status ON registrations (event_id, status, search_text, id)
    WHERE status IN ('pending', 'waitlisted', 'cancelled', 'rejected');

-- The member's row is held so that nobody renames them before this is committed.
CREATE FUNCTION pine.copy_search_text() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    SELECT u.search_text INTO NEW.search_text FROM public.users AS u WHERE u.id = NEW.user_id FOR SHARE;
    -- Nobody there: the foreign key will say so.
    NEW.search_text := coalesce(NEW.search_text, '');
    RETURN NEW;
END
$$;

CREATE TRIGGER copy_search_text BEFORE INSERT OR UPDATE OF user_id ON registrations
    FOR EACH ROW EXECUTE FUNCTION pine.copy_search_text();

CREATE FUNCTION pine.spread_search_text() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE public.registrations AS r SET search_text = NEW.search_text WHERE r.user_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER spread_search_text AFTER UPDATE OF full_name, username, email ON users
    FOR EACH ROW WHEN (OLD.search_text IS DISTINCT FROM NEW.search_text)
    EXECUTE FUNCTION pine.spread_search_text();

-- A name for those who do not want to be known to everybody: `Ana R.`
CREATE FUNCTION pine.short_name(full_name text) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT words[1] || CASE WHEN pg_catalog.cardinality(words) > 1
        THEN ' ' || pg_catalog.left(words[pg_catalog.cardinality(words)], 1) || '.' ELSE '' END
    FROM (SELECT pg_catalog.regexp_split_to_array(pg_catalog.btrim(full_name), '\s+')) AS name (words)
$$;

-- One of an event's people as staff see them: the registration, its member, their attendance if there is one, what they
-- have paid, and their place in the line. Written so that the planner takes it apart: a page is one join, not a hundred
-- calls.
CREATE FUNCTION pine.person_line(
    registration registrations, member users, attendance event_attendees, paid numeric, place bigint
) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'registration_id', registration.id,
        'event_id', registration.event_id,
        'member', pg_catalog.jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name),
        'email', member.email,
        'is_active', coalesce(member.is_active, true),
        'status', coalesce(registration.status, 'registered'),
        'place', place,
        'status_reason', registration.status_reason,
        'note', registration.note,
        'registration_date', registration.registration_date,
        'waitlisted_at', registration.waitlisted_at,
        'promoted_at', registration.promoted_at,
        'payment_status', pine.payment_standing(registration),
        'price_due', nullif(registration.price_due, 0)::text,
        'paid', pg_catalog.round(paid, 2)::text,
        -- Who waits or gave up owes nothing.
        'due', CASE WHEN coalesce(registration.status, 'registered') = 'registered' AND pine.owes(registration)
                    THEN nullif(pg_catalog.round(registration.price_due - coalesce(paid, 0), 2), 0)::text END,
        'checked_in_at', attendance.check_in_time,
        'attended', attendance.id IS NOT NULL,
        'has_left', coalesce(attendance.status = 'left', false)
    )
$$;

CREATE FUNCTION pine.event_person(registration registrations) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.person_line(registration, u, a, pine.paid_for(registration.id), pine.place_in_line(registration))
    FROM public.users AS u
    LEFT JOIN public.event_attendees AS a
        ON a.user_id = u.id AND a.event_id = registration.event_id AND coalesce(a.status, 'attended') <> 'undone'
    WHERE u.id = registration.user_id
$$;

-- The conditions of a filter as SQL over `r`, a registration: $1 is the event, $2 the states, $3 the payments, $4 the
-- words as patterns. Unknown values are refused: a filter that nobody understands must not show everybody.
CREATE FUNCTION pine.people_conditions(filter jsonb) RETURNS text
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    conditions text := 'r.event_id = $1';
    query      text := pg_catalog.btrim(coalesce(filter->>'query', ''));
    code       text := pine.read_pass_code(query);
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.jsonb_object_keys(filter) AS key
               WHERE key NOT IN ('status', 'payment', 'attendance', 'query'))
        OR coalesce(pg_catalog.jsonb_typeof(filter->'status'), 'null') NOT IN ('null', 'array')
        OR coalesce(pg_catalog.jsonb_typeof(filter->'payment'), 'null') NOT IN ('null', 'array')
        OR coalesce(filter->>'attendance', 'attended') NOT IN ('attended', 'absent') THEN
        PERFORM pine.refuse_value('filter', 'That is no filter of an event''s people.');
    END IF;
    IF pg_catalog.jsonb_typeof(filter->'status') = 'array' THEN
        conditions := conditions || CASE
            -- One of these is found by registrations_event_status.
            WHEN pg_catalog.jsonb_array_length(filter->'status') = 1
                AND filter->'status'->>0 IN ('pending', 'waitlisted', 'cancelled', 'rejected')
                THEN pg_catalog.format(' AND r.status = %L', filter->'status'->>0)
            ELSE $q$ AND coalesce(r.status, 'registered') = ANY ($2)$q$
        END;
    END IF;
    IF pg_catalog.jsonb_typeof(filter->'payment') = 'array' THEN
        conditions := conditions || ' AND pine.payment_standing(r) = ANY ($3)';
    END IF;
    IF filter->>'attendance' IS NOT NULL THEN
        conditions := conditions || pg_catalog.format(
            $q$ AND %s EXISTS (
                SELECT FROM public.event_attendees AS came
                WHERE came.event_id = r.event_id AND came.user_id = r.user_id
                  AND coalesce(came.status, 'attended') <> 'undone')$q$,
            CASE filter->>'attendance' WHEN 'absent' THEN 'NOT' ELSE '' END);
    END IF;
    IF code IS NOT NULL THEN
        conditions := conditions || pg_catalog.format(
            ' AND (r.search_text LIKE ALL ($4)
                   OR r.user_id = (SELECT u.id FROM public.users AS u WHERE u.pass_code = %L))', code);
    ELSIF query <> '' THEN
        conditions := conditions || ' AND r.search_text LIKE ALL ($4)';
    END IF;
    -- Of an address search_text has only what stands before the @.
    IF pg_catalog.strpos(query, '@') > 0 THEN
        conditions := conditions || pg_catalog.format(
            ' AND EXISTS (SELECT FROM public.users AS u WHERE u.id = r.user_id AND pine.has_addresses(u, %L))',
            ARRAY(SELECT word FROM pg_catalog.regexp_split_to_table(pine.fold(query), '\s+') AS word
                  WHERE pg_catalog.strpos(word, '@') > 0));
    END IF;
    RETURN conditions;
END
$$;

-- A list in a filter as an array; none when it is not given.
CREATE FUNCTION pine.filter_list(filter jsonb, key text) RETURNS text[]
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN pg_catalog.jsonb_typeof(filter->key) = 'array'
        THEN ARRAY(SELECT pg_catalog.jsonb_array_elements_text(filter->key)) END
$$;

-- The words of a filter's query as patterns of search_text.
CREATE FUNCTION pine.people_patterns(filter jsonb) RETURNS text[]
    LANGUAGE sql STABLE
AS $$
    SELECT ARRAY(
        SELECT pine.search_pattern(word)
        FROM pg_catalog.regexp_split_to_table(
            pg_catalog.btrim(pine.fold(coalesce(filter->>'query', ''))), '\s+') AS word
        WHERE word <> '')
$$;

-- A page of an event's people: those behind the cursor `after` ({"key", "id"}, as the page before answered it), in an
-- order by `sort`. The plan is made for each filter anew: which index is the right one depends on it. Sorting is only
-- the last resort: how many a filter leaves is a guess, and in the index's order the reading stops at the page's end.
CREATE FUNCTION pine.event_people(
    event integer, filter jsonb, sort text, descending boolean, after jsonb, most integer
) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET enable_sort = off
AS $$
DECLARE
    key  text := CASE sort
        WHEN 'name' THEN 'r.search_text'
        WHEN 'date' THEN $q$coalesce(r.registration_date, '-infinity')$q$
        WHEN 'line' THEN CASE
            WHEN filter->'status' = '["waitlisted"]' THEN 'r.waitlist_number'
            -- Who does not wait comes after who does.
            ELSE $q$CASE WHEN r.status = 'waitlisted' THEN r.waitlist_number ELSE 9223372036854775807 END$q$
        END
        WHEN 'status' THEN $q$pg_catalog.array_position(
            '{registered,pending,waitlisted,cancelled,rejected}', coalesce(r.status, 'registered')::text)$q$
        WHEN 'payment' THEN $q$pg_catalog.array_position(
            '{pending,paid,refunded,not_required}', pine.payment_standing(r))$q$
        WHEN 'arrival' THEN $q$coalesce(a.check_in_time, 'infinity')$q$
    END;
    kind text := CASE sort
        WHEN 'name' THEN 'text'
        WHEN 'line' THEN 'bigint'
        WHEN 'status' THEN 'integer'
        WHEN 'payment' THEN 'integer'
        ELSE 'timestamptz'
    END;
    page jsonb;
BEGIN
    IF key IS NULL THEN
        PERFORM pine.refuse_value('sort', 'People are sorted by name, date, line, status, payment or arrival.');
    END IF;
    most := greatest(1, least(most, 500));
    EXECUTE pg_catalog.format(
        $q$
        WITH page AS MATERIALIZED (
            -- Nothing but what the index by name holds: a search by words reads that alone.
            SELECT r.id, %1$s AS key, pg_catalog.row_number() OVER (ORDER BY %1$s %2$s, r.id %2$s) AS number
            FROM public.registrations AS r
            %3$s
            WHERE %4$s %5$s
            ORDER BY %1$s %2$s, r.id %2$s
            LIMIT $5 + 1
        ), people AS MATERIALIZED (
            SELECT page.number, r, r.user_id, r.status
            FROM page
            JOIN public.registrations AS r ON r.id = page.id
            WHERE page.number <= $5
        ), line AS MATERIALIZED (
            -- Counted once for the page, and only when somebody on it waits.
            SELECT w.id, pg_catalog.row_number() OVER (ORDER BY w.waitlist_number, w.id) AS place
            FROM public.registrations AS w
            WHERE w.event_id = $1 AND w.status = 'waitlisted'
              AND EXISTS (SELECT FROM people WHERE people.status = 'waitlisted')
        )
        SELECT pg_catalog.jsonb_build_object(
            'rows', coalesce(pg_catalog.jsonb_agg(pine.person_line(people.r, u, came, m.amount_paid, line.place)
                                                  ORDER BY people.number), '[]'),
            'next', (SELECT pg_catalog.jsonb_build_object('key', last.key::text, 'id', last.id)
                     FROM page AS last
                     WHERE last.number = $5 AND EXISTS (SELECT FROM page AS more WHERE more.number > $5))
        )
        FROM people
        JOIN public.users AS u ON u.id = people.user_id
        LEFT JOIN public.event_attendees AS came
            ON came.event_id = $1 AND came.user_id = people.user_id AND coalesce(came.status, 'attended') <> 'undone'
        LEFT JOIN public.payment AS m ON m.registration_id = (people.r).id AND m.voided_at IS NULL
        LEFT JOIN line ON line.id = (people.r).id
        $q$,
        key,
        CASE WHEN descending THEN 'DESC' ELSE 'ASC' END,
        CASE WHEN sort = 'arrival' THEN
            $q$
            LEFT JOIN public.event_attendees AS a
                ON a.event_id = r.event_id AND a.user_id = r.user_id AND coalesce(a.status, 'attended') <> 'undone'
            $q$
        ELSE '' END,
        pine.people_conditions(filter),
        CASE WHEN after IS NOT NULL THEN
            pg_catalog.format(' AND (%s, r.id) %s ($6::%s, $7)', key, CASE WHEN descending THEN '<' ELSE '>' END, kind)
        ELSE '' END
    )
    INTO page
    USING event, pine.filter_list(filter, 'status'), pine.filter_list(filter, 'payment'), pine.people_patterns(filter),
          most, after->>'key', (after->>'id')::integer;
    RETURN page;
END
$$;

-- An event's people in numbers, and how many of them a filter shows. `no_shows` once it is over.
CREATE FUNCTION pine.event_people_totals(event events, filter jsonb, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    matching bigint;
    totals   jsonb;
BEGIN
    IF filter <> '{}' THEN
        EXECUTE 'SELECT count(*) FROM public.registrations AS r WHERE ' || pine.people_conditions(filter)
        INTO matching
        USING event.id, pine.filter_list(filter, 'status'), pine.filter_list(filter, 'payment'),
              pine.people_patterns(filter);
    END IF;
    SELECT pg_catalog.jsonb_build_object(
        'event_id', event.id,
        'max_participants', event.max_participants,
        'people', count(*),
        'matching', coalesce(matching, count(*)),
        'registered', count(*) FILTER (WHERE p.status = 'registered'),
        'pending', count(*) FILTER (WHERE p.status = 'pending'),
        'waitlisted', count(*) FILTER (WHERE p.status = 'waitlisted'),
        'cancelled', count(*) FILTER (WHERE p.status = 'cancelled'),
        'rejected', count(*) FILTER (WHERE p.status = 'rejected'),
        'checked_in', count(*) FILTER (WHERE p.has_come),
        'no_shows', CASE WHEN at >= event.end_time
                         THEN count(*) FILTER (WHERE p.status = 'registered' AND NOT p.has_come) END,
        'paid', pg_catalog.round(coalesce(sum(p.paid), 0), 2)::text,
        'payments', count(p.paid),
        'due', pg_catalog.round(coalesce(sum(p.price - coalesce(p.paid, 0)) FILTER (WHERE p.owes), 0), 2)::text,
        'owing', count(*) FILTER (WHERE p.owes)
    )
    INTO totals
    FROM (
        SELECT coalesce(r.status, 'registered') AS status,
               r.price_due AS price,
               a.id IS NOT NULL AS has_come,
               m.amount_paid AS paid,
               coalesce(r.status, 'registered') = 'registered' AND pine.owes(r) AS owes
        FROM public.registrations AS r
        LEFT JOIN public.event_attendees AS a
            ON a.event_id = r.event_id AND a.user_id = r.user_id AND coalesce(a.status, 'attended') <> 'undone'
        LEFT JOIN public.payment AS m ON m.registration_id = r.id AND m.voided_at IS NULL
        WHERE r.event_id = event.id
    ) AS p;
    RETURN totals;
END
$$;

-- What a write at the desk answers: what came of it, the person as they now stand, how full the event is, and who got
-- the seat that it freed.
CREATE FUNCTION pine.seat_answer(event integer, member integer, done pine.seat_change) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'outcome', done.outcome,
        'person', (SELECT pine.event_person(r) FROM public.registrations AS r
                   WHERE r.event_id = event AND r.user_id = member),
        'max_participants', e.max_participants,
        'registered', s.taken,
        'waitlisted', s.waiting,
        'promoted', (SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                                'id', u.id, 'username', u.username, 'full_name', u.full_name) ORDER BY p.place), '[]')
                     FROM pg_catalog.unnest(done.promoted) WITH ORDINALITY AS p (user_id, place)
                     JOIN public.users AS u ON u.id = p.user_id)
    )
    FROM public.events AS e
    JOIN public.event_seats AS s ON s.event_id = e.id
    WHERE e.id = event
$$;

-- Keeps a write at the desk in the audit log if it did anything, and answers it. `from_event` is where somebody was
-- moved from.
CREATE FUNCTION pine.seat_changed(
    actor pine.actor, action text, event integer, member integer, done pine.seat_change, reason text,
    from_event integer DEFAULT NULL
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    answer jsonb := pine.seat_answer(event, member, done);
BEGIN
    IF done.outcome IN ('registered', 'waitlisted', 'pending', 'rejected', 'cancelled', 'next') THEN
        PERFORM pine.audit(
            actor, action, 'event', event,
            pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
                'user_id', member, 'status', done.was, 'event_id', from_event)),
            pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
                'user_id', member, 'status', answer->'person'->'status', 'place', answer->'person'->'place',
                'reason', reason, 'promoted', pg_catalog.to_jsonb(done.promoted))));
    END IF;
    RETURN answer;
END
$$;
