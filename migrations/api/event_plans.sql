-- Staff plan: make and change events, whole series at once; cancel and reopen; the community's event types.

-- Makes events (no id: one for each start, a series if there are several or `series_of` names one) or changes one,
-- if it is still the version that the change began from. Answers `saved` and the event's page, or `changed` and the
-- page as somebody else has left it, with their name.
CREATE FUNCTION api.event_save(
    token bytea, nonce uuid, event_id integer, version integer, title text, event_type text, location text,
    start_times timestamptz[], end_times timestamptz[], max_participants integer, points_reward integer,
    description text, price numeric, requires_approval boolean, series_of integer
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    answer jsonb := pine.begin_request(actor.key, 'event_save', nonce, jsonb_build_array(
        event_id, version, title, event_type, location, start_times, end_times, max_participants, points_reward,
        description, price, requires_approval, series_of));
    was    public.events;
    now_is public.events;
    made   integer[];
    series integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.check_event(title, event_type, location, start_times[1], end_times[1], max_participants,
                             points_reward, price);
    PERFORM pine.check_times(start_times, end_times, event_id IS NULL);
    -- Whoever renames the type at this moment is waited for, and then it is another type.
    PERFORM FROM public.event_types AS t WHERE t.name = event_type FOR KEY SHARE;
    IF NOT FOUND THEN
        PERFORM pine.refuse_value('event_type', 'That is none of the community''s event types.');
    END IF;

    IF event_id IS NULL THEN
        IF series_of IS NOT NULL THEN
            was := pine.the_event(series_of);
            series := coalesce(was.series_id, was.id);
        END IF;
        WITH inserted AS (
            INSERT INTO public.events AS e
                (title, description, event_type, location, start_time, end_time, max_participants, points_reward,
                 price, requires_approval, created_by, created_at)
            SELECT btrim(event_save.title), event_save.description, event_save.event_type, btrim(event_save.location),
                   t.starts, t.ends, event_save.max_participants, coalesce(event_save.points_reward, 0),
                   nullif(event_save.price, 0), coalesce(event_save.requires_approval, false), actor.user_id,
                   pine.clock()
            FROM unnest(start_times, end_times) WITH ORDINALITY AS t (starts, ends, place)
            ORDER BY t.place
            RETURNING e.id
        )
        SELECT array_agg(i.id ORDER BY i.id) INTO made FROM inserted AS i;
        IF series IS NULL AND cardinality(made) > 1 THEN
            series := made[1];
        END IF;
        IF series IS NOT NULL THEN
            UPDATE public.events AS e SET series_id = series WHERE e.id = ANY (made) OR e.id = series;
        END IF;
        now_is := pine.the_event(made[1]);
        PERFORM pine.audit(actor, 'event_add', 'event', now_is.id, NULL,
                           to_jsonb(now_is) || jsonb_build_object('events', made));
    ELSE
        -- Before anything is read: whoever is taking a seat at this moment is waited for.
        PERFORM pine.queue_for_seats(event_id);
        PERFORM pine.lock_seats(event_id);
        was := pine.the_event(event_id);
        UPDATE public.events AS e
        SET title = btrim(event_save.title),
            description = event_save.description,
            event_type = event_save.event_type,
            location = btrim(event_save.location),
            start_time = start_times[1],
            end_time = end_times[1],
            max_participants = event_save.max_participants,
            points_reward = coalesce(event_save.points_reward, 0),
            price = nullif(event_save.price, 0),
            requires_approval = coalesce(event_save.requires_approval, e.requires_approval)
        WHERE e.id = event_save.event_id AND e.version = event_save.version
        RETURNING * INTO now_is;
        IF NOT FOUND THEN
            RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
                'outcome', 'changed',
                'event', pine.planned_page(was, actor.user_id),
                'by', (SELECT a.actor FROM public.audit_log AS a
                       WHERE a.subject = 'event'
                         AND a.subject_id = was.id
                         AND a.action IN ('event_change', 'event_cancel', 'event_reopen')
                       ORDER BY a.id DESC LIMIT 1)));
        END IF;
        PERFORM pine.audit(actor, 'event_change', 'event', now_is.id, to_jsonb(was), to_jsonb(now_is));
        -- There may be more seats now, or more time.
        PERFORM pine.fill_seats(now_is.id, pine.clock());
        made := ARRAY[now_is.id];
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', 'saved',
        'event', pine.planned_page(now_is, actor.user_id),
        'events', cardinality(made)));
END
$$;

-- Whom a change would hurt, before it is made.
CREATE FUNCTION api.event_change_effects(
    token bytea, event_id integer, start_time timestamptz, end_time timestamptz, location text,
    max_participants integer, stops boolean
) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM pine.who_of_staff(token);
    RETURN pine.change_effects(pine.the_event(event_id), start_time, end_time, location, max_participants, stops);
END
$$;

-- Cancels an event with a reason that everybody registered sees. Registrations and payments stay as they are: the
-- answer counts whom it touches and what is to be refunded.
CREATE FUNCTION api.event_cancel(token bytea, nonce uuid, event_id integer, reason text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_staff(token);
    answer  jsonb := pine.begin_request(actor.key, 'event_cancel', nonce, jsonb_build_array(event_id, reason));
    outcome text := 'already';
    was     public.events;
    now_is  public.events;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    reason := pine.read_reason(reason);
    IF reason IS NULL OR reason !~ '[^[:space:]]' THEN
        PERFORM pine.refuse_value('reason', 'Type why; everybody registered reads it.');
    END IF;
    PERFORM pine.queue_for_seats(event_id);
    PERFORM pine.lock_seats(event_id);
    was := pine.the_event(event_id);
    now_is := was;
    IF coalesce(was.is_active, true) THEN
        UPDATE public.events AS e
        SET is_active = false,
            cancel_reason = reason
        WHERE e.id = event_cancel.event_id
        RETURNING * INTO now_is;
        outcome := 'cancelled';
        PERFORM pine.audit(actor, 'event_cancel', 'event', now_is.id, to_jsonb(was), to_jsonb(now_is));
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', outcome,
        'event', pine.planned_page(now_is, actor.user_id),
        'effects', pine.change_effects(now_is, now_is.start_time, now_is.end_time, now_is.location,
                                       now_is.max_participants, true)));
END
$$;

-- Takes a cancellation back, and everything stands as it stood.
CREATE FUNCTION api.event_reopen(token bytea, nonce uuid, event_id integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_staff(token);
    answer  jsonb := pine.begin_request(actor.key, 'event_reopen', nonce, jsonb_build_array(event_id));
    outcome text := 'already';
    was     public.events;
    now_is  public.events;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.queue_for_seats(event_id);
    PERFORM pine.lock_seats(event_id);
    was := pine.the_event(event_id);
    now_is := was;
    IF NOT coalesce(was.is_active, true) THEN
        UPDATE public.events AS e
        SET is_active = true,
            cancel_reason = NULL
        WHERE e.id = event_reopen.event_id
        RETURNING * INTO now_is;
        outcome := 'reopened';
        PERFORM pine.audit(actor, 'event_reopen', 'event', now_is.id, to_jsonb(was), to_jsonb(now_is));
        -- Who gave a seat up while it was cancelled left it to the first in line.
        PERFORM pine.fill_seats(now_is.id, pine.clock());
    END IF;
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'outcome', outcome,
        'event', pine.planned_page(now_is, actor.user_id),
        'effects', pine.change_effects(now_is, now_is.start_time, now_is.end_time, now_is.location,
                                       now_is.max_participants, true)));
END
$$;

-- The event types with how many events are of each, for whoever manages them.
CREATE FUNCTION api.event_types_used(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    PERFORM pine.who_of_staff(token);
    RETURN pine.type_lines();
END
$$;

-- Adds a type, behind the others.
CREATE FUNCTION api.event_type_add(token bytea, nonce uuid, name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'event_type_add', nonce, jsonb_build_array(name));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    name := pine.check_type_name(name);
    INSERT INTO public.event_types AS t (name, position)
    SELECT event_type_add.name, coalesce(max(o.position), 0) + 1
    FROM public.event_types AS o
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        PERFORM pine.refuse_value('name', 'There is a type of that name already.');
    END IF;
    PERFORM pine.audit(actor, 'event_type_add', 'event_type', NULL, NULL, jsonb_build_object('name', name));
    RETURN pine.end_request(actor.key, nonce, pine.type_lines());
END
$$;

-- Renames a type and with it every event of that type.
CREATE FUNCTION api.event_type_rename(token bytea, nonce uuid, name text, new_name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'event_type_rename', nonce, jsonb_build_array(name, new_name));
    events bigint;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    new_name := pine.check_type_name(new_name);
    IF name <> new_name AND EXISTS (SELECT FROM public.event_types AS t WHERE t.name = new_name) THEN
        PERFORM pine.refuse_value('name', 'There is a type of that name already.');
    END IF;
    UPDATE public.event_types AS t SET name = new_name WHERE t.name = event_type_rename.name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no event type of that name any more.' USING ERRCODE = 'PT404';
    END IF;
    UPDATE public.events AS e SET event_type = new_name WHERE e.event_type = event_type_rename.name;
    GET DIAGNOSTICS events = ROW_COUNT;
    PERFORM pine.audit(actor, 'event_type_rename', 'event_type', NULL, jsonb_build_object('name', name),
                       jsonb_build_object('name', new_name, 'events', events));
    RETURN pine.end_request(actor.key, nonce, pine.type_lines());
END
$$;

-- Moves a type by so many places; behind the last and before the first there is nothing.
CREATE FUNCTION api.event_type_move(token bytea, nonce uuid, name text, places integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'event_type_move', nonce, jsonb_build_array(name, places));
    names  text[];
    was    integer;
    is_now integer;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    -- Two people who reorder do it one after the other.
    PERFORM FROM public.event_types AS t ORDER BY t.name FOR NO KEY UPDATE;
    SELECT array_agg(t.name ORDER BY t.position, t.name) INTO names FROM public.event_types AS t;
    was := array_position(names, name);
    IF was IS NULL THEN
        RAISE EXCEPTION 'There is no event type of that name any more.' USING ERRCODE = 'PT404';
    END IF;
    is_now := least(greatest(was::bigint + places, 1), cardinality(names))::integer;
    names := array_remove(names, name);
    names := names[:is_now - 1] || name || names[is_now:];
    UPDATE public.event_types AS t SET position = array_position(names, t.name::text);
    PERFORM pine.audit(actor, 'event_type_move', 'event_type', NULL,
                       jsonb_build_object('name', name, 'place', was),
                       jsonb_build_object('name', name, 'place', is_now));
    RETURN pine.end_request(actor.key, nonce, pine.type_lines());
END
$$;

-- Removes a type of which there are no events.
CREATE FUNCTION api.event_type_remove(token bytea, nonce uuid, name text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'event_type_remove', nonce, jsonb_build_array(name));
    events bigint;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    DELETE FROM public.event_types AS t WHERE t.name = event_type_remove.name;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no event type of that name any more.' USING ERRCODE = 'PT404';
    END IF;
    -- Whoever saved an event of the type meanwhile was waited for.
    SELECT count(*) INTO events FROM public.events AS e WHERE e.event_type = event_type_remove.name;
    IF events > 0 THEN
        RAISE EXCEPTION 'It is the type of % events; give them another, or rename it.', events
            USING ERRCODE = 'PT409';
    END IF;
    PERFORM pine.audit(actor, 'event_type_remove', 'event_type', NULL, jsonb_build_object('name', name), NULL);
    RETURN pine.end_request(actor.key, nonce, pine.type_lines());
END
$$;

-- Marks a type as trivia, or no longer.
CREATE FUNCTION api.event_type_set_trivia(token bytea, nonce uuid, name text, is_trivia boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_admins(token);
    answer jsonb := pine.begin_request(actor.key, 'event_type_set_trivia', nonce, jsonb_build_array(name, is_trivia));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    PERFORM pine.set_trivia(actor, name, is_trivia, pine.clock());
    RETURN pine.end_request(actor.key, nonce, pine.type_lines());
END
$$;

GRANT EXECUTE ON FUNCTION
    api.event_save(bytea, uuid, integer, integer, text, text, text, timestamptz[], timestamptz[], integer, integer,
                   text, numeric, boolean, integer),
    api.event_change_effects(bytea, integer, timestamptz, timestamptz, text, integer, boolean),
    api.event_cancel(bytea, uuid, integer, text),
    api.event_reopen(bytea, uuid, integer),
    api.event_types_used(bytea),
    api.event_type_add(bytea, uuid, text),
    api.event_type_rename(bytea, uuid, text, text),
    api.event_type_move(bytea, uuid, text, integer),
    api.event_type_remove(bytea, uuid, text),
    api.event_type_set_trivia(bytea, uuid, text, boolean)
    TO pine_staff;
