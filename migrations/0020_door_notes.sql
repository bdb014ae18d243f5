-- Door notes: what the staff want the door to know of a member, and who at which event has read it.

ALTER TABLE users
    ADD COLUMN door_note text,
    -- Counts the changes, so that what was read can be told from what stands there now.
    ADD COLUMN door_note_number integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT users_door_note_length CHECK (length(door_note) <= 500);

-- Whoever changes the note, also by hand or by an import: what was read before is another one.
CREATE FUNCTION pine.number_door_note() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.door_note IS DISTINCT FROM OLD.door_note THEN
        NEW.door_note_number := OLD.door_note_number + 1;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER number_door_note BEFORE UPDATE OF door_note ON users
    FOR EACH ROW EXECUTE FUNCTION pine.number_door_note();

-- Which note was read at which event, and who read it first.
CREATE TABLE door_note_reads (
    event_id  integer     NOT NULL REFERENCES events (id),
    user_id   integer     NOT NULL REFERENCES users (id),
    number    integer     NOT NULL,
    at        timestamptz NOT NULL,
    reader_id integer     REFERENCES users (id),
    reader    text        NOT NULL,
    device    text        NOT NULL,
    PRIMARY KEY (event_id, user_id, number)
);

-- The note on a member as one event's door sees it; NULL when there is none.
CREATE FUNCTION pine.door_note(member users, event integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'text', member.door_note,
        'number', member.door_note_number,
        'read', EXISTS (
            SELECT FROM public.door_note_reads AS r
            WHERE r.event_id = event AND r.user_id = member.id AND r.number = member.door_note_number))
    WHERE pg_catalog.btrim(member.door_note) <> ''
$$;

-- An answer of the door that names a member, with the note on them.
CREATE FUNCTION pine.with_door_note(answer jsonb) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(
        (SELECT answer || pg_catalog.jsonb_build_object(
             'door_note', pine.door_note(u, (answer->>'event_id')::integer))
         FROM public.users AS u
         WHERE u.id = (answer #>> '{member,id}')::integer),
        answer)
$$;

-- What came of a write about a note, and the note as it stands after it.
CREATE FUNCTION pine.note_answer(outcome text, member users, event integer) RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.jsonb_build_object(
        'outcome', outcome,
        'member', pg_catalog.jsonb_build_object(
            'id', member.id, 'username', member.username, 'full_name', member.full_name),
        'note', pine.door_note(member, event))
$$;

-- Writes or clears the note on a member. `number` is that of the note before the writer's eyes, NULL where there was
-- none; when that is not how it stands, they are told so and nothing is changed.
CREATE FUNCTION pine.set_door_note(actor pine.actor, member_id integer, note text, number integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    member public.users;
    wanted text := nullif(pg_catalog.btrim(note), '');
    before text;
BEGIN
    IF pg_catalog.length(wanted) > 500 THEN
        PERFORM pine.refuse_value('door_note', 'A door note has at most 500 characters.');
    END IF;
    PERFORM FROM public.users AS u WHERE u.id = member_id FOR NO KEY UPDATE;
    member := pine.member_numbered(member_id);
    IF number IS DISTINCT FROM (pine.door_note(member, NULL)->>'number')::integer THEN
        RETURN pine.note_answer('changed', member, NULL);
    END IF;
    before := member.door_note;
    UPDATE public.users AS u SET door_note = wanted WHERE u.id = member.id RETURNING * INTO member;
    PERFORM pine.audit(actor, 'set_door_note', 'member', member.id,
                       pg_catalog.jsonb_build_object('door_note', before),
                       pg_catalog.jsonb_build_object('door_note', wanted));
    RETURN pine.note_answer('done', member, NULL);
END
$$;

-- Somebody at an event's door has read the note with this number. `changed` when another stands there by now, `gone`
-- when there is none any more: neither has been read.
CREATE FUNCTION pine.acknowledge_door_note(
    actor pine.actor, event events, member users, number integer, at timestamptz
) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    IF pine.door_note(member, event.id) IS NULL THEN
        RETURN pine.note_answer('gone', member, event.id);
    ELSIF member.door_note_number IS DISTINCT FROM number THEN
        RETURN pine.note_answer('changed', member, event.id);
    END IF;
    INSERT INTO public.door_note_reads (event_id, user_id, number, at, reader_id, reader, device)
    VALUES (event.id, member.id, number, at, actor.user_id, actor.name, actor.device)
    -- Read at another door already: the first stays; the audit log knows of both.
    ON CONFLICT DO NOTHING;
    PERFORM pine.audit(actor, 'acknowledge_door_note', 'event', event.id, NULL,
                       pg_catalog.jsonb_build_object('user_id', member.id, 'number', number,
                                                     'door_note', member.door_note));
    RETURN pine.note_answer('done', member, event.id);
END
$$;
