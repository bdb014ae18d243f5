-- An event's people as they have paid after refunds, and seats that an undo frees when it is brought late.

-- The way back for an undo: what the call that let somebody in did besides attendance and points is taken back. Its
-- payment is voided, the registration is what it was (`cancelled` when there was none: rows are not deleted), and a
-- seat that falls free goes to the first in line, if the line still moves now: an undo that was made without a link is
-- brought later. Locks the seats, so an undo calls it before it locks anything else. Answers what was taken back, NULL
-- for a plain check-in.
CREATE OR REPLACE FUNCTION pine.take_back_admission(member integer, event integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    done     jsonb;
    voided   numeric;
    status   text;
    promoted integer[] := '{}';
BEGIN
    SELECT l.did INTO done
    FROM public.check_in_log AS l
    WHERE l.event_id = event AND l.user_id = member AND l.outcome = 'ok' AND l.passage = 'in'
    ORDER BY l.id DESC
    LIMIT 1;
    IF done IS NULL OR NOT done ?| ARRAY['registered', 'payment'] THEN
        RETURN NULL;
    END IF;
    PERFORM pine.lock_seats(event);
    UPDATE public.payment AS p
    SET voided_at = at
    WHERE p.id = (done->>'payment')::integer AND p.voided_at IS NULL
    RETURNING p.amount_paid INTO voided;
    IF done ? 'registered' THEN
        UPDATE public.registrations AS r
        SET status = coalesce(done->>'status_before', 'cancelled')
        WHERE r.user_id = member AND r.event_id = event AND r.status = 'registered'
        RETURNING r.status INTO status;
        promoted := pine.fill_seats(event, greatest(at, pine.clock()));
    END IF;
    RETURN pg_catalog.jsonb_strip_nulls(pg_catalog.jsonb_build_object(
        'payment', done->'payment', 'amount_voided', voided::text, 'status', status,
        'promoted', CASE WHEN promoted <> '{}' THEN pg_catalog.to_jsonb(promoted) END));
END
$$;

-- A page of an event's people: those behind the cursor `after` ({"key", "id"}, as the page before answered it), in an
-- order by `sort`. The plan is made for each filter anew: which index is the right one depends on it. Sorting is only
-- the last resort: how many a filter leaves is a guess, and in the index's order the reading stops at the page's end.
CREATE OR REPLACE FUNCTION pine.event_people(
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
            'rows', coalesce(pg_catalog.jsonb_agg(
                pine.person_line(people.r, u, came, nullif(m.amount_paid - m.refunded, 0), line.place)
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
CREATE OR REPLACE FUNCTION pine.event_people_totals(event events, filter jsonb, at timestamptz) RETURNS jsonb
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
               nullif(m.amount_paid - m.refunded, 0) AS paid,
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
