-- Completing an event: who came although no door saw them, and who came first, second and third.

-- Who came first, second and third at an event that is won, such as a trivia night. The members of a team share a
-- place. Only who attended has one (see pine.forget_result).
CREATE TABLE event_results (
    event_id    integer     NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id     integer     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    place       smallint    NOT NULL CHECK (place BETWEEN 1 AND 3),
    recorded_by integer     REFERENCES users (id),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (event_id, user_id)
);

-- What a member has won.
CREATE INDEX event_results_user_id ON event_results (user_id, place);

-- An attendance that is taken back takes its place along, whoever takes it back and wherever. Badges are looked at by
-- whoever ends the attendance, after this.
CREATE FUNCTION pine.forget_result() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    lost smallint;
BEGIN
    DELETE FROM public.event_results AS w
    WHERE w.event_id = NEW.event_id AND w.user_id = NEW.user_id
    RETURNING w.place INTO lost;
    IF lost IS NOT NULL THEN
        -- Who did it stands in the audit row of the undo.
        INSERT INTO public.audit_log (at, actor, action, subject, subject_id, device, before)
        VALUES (pine.clock(), 'pine', 'result_lost', 'event', NEW.event_id, '',
                pg_catalog.jsonb_build_object('user_id', NEW.user_id, 'place', lost));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_result AFTER UPDATE OF status ON event_attendees
    FOR EACH ROW WHEN (NEW.status = 'undone')
    EXECUTE FUNCTION pine.forget_result();

-- An event's places by member: {"7": 1, "12": 1, "9": 2}. Two such objects are the same results when they are equal.
CREATE FUNCTION pine.places(event integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_object_agg(w.user_id, w.place), '{}')
    FROM public.event_results AS w
    WHERE w.event_id = event
$$;

-- An event's results as staff read them, the winners first.
CREATE FUNCTION pine.results(event integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'member', pg_catalog.jsonb_build_object('id', u.id, 'username', u.username, 'full_name', u.full_name),
        'place', w.place,
        'recorded_at', w.recorded_at
    ) ORDER BY w.place, u.search_text, u.id), '[]')
    FROM public.event_results AS w
    JOIN public.users AS u ON u.id = w.user_id
    WHERE w.event_id = event
$$;

-- Refuses what is no whole set of results of an event.
CREATE FUNCTION pine.check_places(event integer, wanted jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    stranger text;
BEGIN
    IF coalesce(pg_catalog.jsonb_typeof(wanted), 'null') <> 'object' THEN
        PERFORM pine.refuse_value('results', 'Results are places by member.');
    ELSIF EXISTS (SELECT FROM pg_catalog.jsonb_each_text(wanted) AS w (member, place)
                  WHERE w.member !~ '^[0-9]{1,9}$' OR coalesce(w.place, '') !~ '^[123]$') THEN
        PERFORM pine.refuse_value('place', 'A place is 1, 2 or 3.');
    END IF;
    -- Held until the end: nobody's attendance is taken back while they are given a place.
    PERFORM FROM public.event_attendees AS a
    WHERE a.event_id = event
      AND a.user_id IN (SELECT w.member::integer FROM pg_catalog.jsonb_object_keys(wanted) AS w (member))
    ORDER BY a.user_id
    FOR SHARE;
    SELECT coalesce(u.full_name, 'Member ' || w.member) INTO stranger
    FROM pg_catalog.jsonb_object_keys(wanted) AS w (member)
    LEFT JOIN public.users AS u ON u.id = w.member::integer
    WHERE NOT EXISTS (
        SELECT FROM public.event_attendees AS a
        WHERE a.event_id = event AND a.user_id = w.member::integer AND coalesce(a.status, 'attended') <> 'undone')
    ORDER BY w.member::integer
    LIMIT 1;
    IF stranger IS NOT NULL THEN
        PERFORM pine.refuse_value('results', pg_catalog.format('%s did not attend; who has a place was there.', stranger));
    END IF;
END
$$;

-- Makes these an event's results, whole: `wanted` is places by member as pine.places tells them, an empty object clears
-- them. With `seen`, the results that the writer had before their eyes, nothing is done when others stand by now
-- (`changed`). What changes: rows of event_results for the members whose place is another than before, and nothing
-- else. Whatever hangs on places (badges) is to be looked at for exactly these, `touched`, in their order.
CREATE FUNCTION pine.set_results(actor pine.actor, event events, wanted jsonb, seen jsonb, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    before  jsonb;
    touched integer[];
    outcome text;
BEGIN
    -- One at a time, by the event's first lock.
    PERFORM pine.lock_seats(event.id);
    IF at < event.start_time THEN
        RAISE EXCEPTION 'Nobody has won what has not begun.' USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.check_places(event.id, wanted);
    before := pine.places(event.id);
    SELECT coalesce(pg_catalog.array_agg(coalesce(was.key, now.key)::integer
                                         ORDER BY coalesce(was.key, now.key)::integer), '{}')
    INTO touched
    FROM pg_catalog.jsonb_each_text(before) AS was
    FULL JOIN pg_catalog.jsonb_each_text(wanted) AS now ON now.key = was.key
    WHERE now.value IS DISTINCT FROM was.value;

    outcome := CASE WHEN touched = '{}' THEN 'already' WHEN seen <> before THEN 'changed' ELSE 'set' END;
    IF outcome = 'set' THEN
        DELETE FROM public.event_results AS w
        WHERE w.event_id = event.id AND w.user_id = ANY (touched) AND NOT wanted ? w.user_id::text;
        INSERT INTO public.event_results AS w (event_id, user_id, place, recorded_by, recorded_at)
        SELECT event.id, now.key::integer, now.value::smallint, actor.user_id, at
        FROM pg_catalog.jsonb_each_text(wanted) AS now
        WHERE now.key::integer = ANY (touched)
        ON CONFLICT (event_id, user_id) DO UPDATE
        SET place = excluded.place, recorded_by = excluded.recorded_by, recorded_at = excluded.recorded_at;
        PERFORM pine.audit(actor, 'set_results', 'event', event.id, before, pine.places(event.id));
    END IF;
    RETURN pg_catalog.jsonb_build_object('outcome', outcome, 'results', pine.results(event.id));
END
$$;

-- Attendance that no door saw, entered by staff with a reason while the event runs or after it: the check-in that a door
-- would have made, so attendance, points (counted at the event's start), log and audit are the door's own, and so is
-- the way back (pine.undo_passage). `did` says that it is a late entry. Who had no seat, and who was not registered at
-- all, is registered by it; price and capacity keep nobody out who was there. Refused: `too_early` until the event has
-- begun, `already`, `member_inactive`, `event_inactive`.
CREATE FUNCTION pine.attend_late(
    actor pine.actor, event events, member users, reason text, nonce uuid, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    did     jsonb := '{"late": true}';
    outcome text;
BEGIN
    -- Seats first, then the registration, as at the door.
    PERFORM pine.lock_seats(event.id);
    PERFORM FROM public.registrations AS r
    WHERE r.user_id = member.id AND r.event_id = event.id FOR NO KEY UPDATE;
    outcome := pine.evaluate_check_in(event, member, at);
    IF at < event.start_time AND outcome NOT IN ('member_inactive', 'event_inactive', 'already') THEN
        RETURN pine.note_attempt(actor, event, member, member.username, nonce, at, 'too_early', 0, reason, NULL, did);
    ELSIF outcome = 'not_registered' THEN
        did := did || pine.make_registered(member.id, event.id, at);
    END IF;
    RETURN pine.check_in(actor, event, member, member.username, nonce, at, reason => reason, did => did);
END
$$;

-- An event's people are told with the place they came in; what was given back counts as paid no more. Otherwise these
-- are as 0025 has them.
CREATE OR REPLACE FUNCTION pine.event_person(registration registrations) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pine.person_line(registration, u, a, pine.paid_for(registration.id), pine.place_in_line(registration))
        || pg_catalog.jsonb_build_object('result', w.place)
    FROM public.users AS u
    LEFT JOIN public.event_attendees AS a
        ON a.user_id = u.id AND a.event_id = registration.event_id AND coalesce(a.status, 'attended') <> 'undone'
    LEFT JOIN public.event_results AS w ON w.event_id = registration.event_id AND w.user_id = u.id
    WHERE u.id = registration.user_id
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
            'rows', coalesce(pg_catalog.jsonb_agg(pine.person_line(people.r, u, came, nullif(m.amount_paid - m.refunded, 0),
                                                                      line.place)
                                                      || pg_catalog.jsonb_build_object('result', w.place)
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
        LEFT JOIN public.event_results AS w ON w.event_id = $1 AND w.user_id = people.user_id
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
