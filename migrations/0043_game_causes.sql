-- What sets the engine going: an attendance that begins or ends, an event that is moved, results, connections. Each takes
-- the locks of all whom it touches, lower number first, and settles each.
--
-- What a check-in runs is planned once a connection, mostly while its tables are still small. enable_seqscan is off in it, so
-- that the plan is right when they have grown; and jit, which takes the cost of that for a reason to compile.

-- Whom an attendance touches besides the member: whoever brought them, if it is their only one, and whoever they connected
-- with at the event, if it was attended before.
CREATE FUNCTION pine.touched_by(member integer, event integer, with_connections boolean) RETURNS integer[]
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    touched integer[] := ARRAY(
        SELECT u.referred_by
        FROM public.users AS u
        WHERE u.id = member AND u.referred_by IS NOT NULL
          AND NOT EXISTS (
              SELECT FROM public.event_attendees AS a
              WHERE a.user_id = member AND a.event_id <> event AND coalesce(a.status, 'attended') <> 'undone'
          )
    );
BEGIN
    IF with_connections THEN
        touched := touched || ARRAY(
            SELECT CASE c.one_id WHEN member THEN c.other_id ELSE c.one_id END
            FROM public.connections AS c
            WHERE c.event_id = event AND (c.one_id = member OR c.other_id = member) AND c.confirmed_at IS NOT NULL
        );
    END IF;
    RETURN touched;
END
$$;

-- Locks a member's game and those that an attendance touches. Whom it touches is asked again under the lock: another
-- terminal may have begun or ended the attendance beside it meanwhile. Who is found only then is locked out of order;
-- PostgreSQL breaks the deadlock that might come of it, and the client sends again.
CREATE FUNCTION pine.lock_touched(member integer, event integer, with_connections boolean) RETURNS integer[]
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    touched integer[] := pine.touched_by(member, event, with_connections);
    late    integer[];
BEGIN
    PERFORM pine.lock_games(member || touched);
    late := pine.touched_by(member, event, with_connections);
    IF NOT late <@ touched THEN
        PERFORM pine.lock_games(late);
    END IF;
    RETURN ARRAY(SELECT DISTINCT t FROM pg_catalog.unnest(touched || late) AS t ORDER BY t);
END
$$;

-- An attendance has begun: pays it, the week and the levels that it brings. Answers what the member earned, a list of
-- `kind` (attendance, streak, badge), `points`, and `weeks` or `badge`, `level` and `level_name`.
CREATE FUNCTION pine.reward_attendance(member users, event events, generation integer, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
    SET enable_seqscan = off
    SET jit = off
AS $$
DECLARE
    nobody  pine.actor;
    touched integer[] := '{}';
    other   integer;
    came    pine.attended;
    paid    integer;
    told    jsonb := '[]';
BEGIN
    IF member.referred_by IS NULL AND generation = 1 THEN
        PERFORM pine.lock_games(ARRAY[member.id]);
    ELSE
        touched := pine.lock_touched(member.id, event.id, generation > 1);
    END IF;
    paid := pine.pay_attendance(member.id, event, generation, at);
    IF paid > 0 THEN
        told := told || pg_catalog.jsonb_build_object('kind', 'attendance', 'points', paid);
    END IF;
    came := pine.attended(member.id);
    told := told || pine.reward_week(member.id, came, event, at)
        || pine.settle_badges(
               member.id,
               CASE WHEN generation > 1 THEN '{types,weeks,wins,connections}' ELSE '{types,weeks}' END::text[],
               came, event, nobody, at);
    FOREACH other IN ARRAY touched LOOP
        PERFORM pine.settle_badges(other, '{referrals,connections}', NULL, event, nobody, at);
    END LOOP;
    RETURN told;
END
$$;

-- Ends an attendance whole: the row says so, and what stands on it goes back. Answers what the member lost, as
-- pine.reward_attendance tells it, or NULL when there was no attendance to end. Of two at once the row's lock lets one win.
CREATE FUNCTION pine.take_back_attendance(member integer, event events, actor pine.actor, at timestamptz) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
    SET enable_seqscan = off
    SET jit = off
AS $$
DECLARE
    ended   integer;
    touched integer[];
    other   integer;
    taken   integer;
    came    pine.attended;
    told    jsonb := '[]';
BEGIN
    UPDATE public.event_attendees AS a
    SET status = 'undone'
    WHERE a.user_id = member AND a.event_id = event.id AND coalesce(a.status, 'attended') <> 'undone'
    RETURNING a.generation INTO ended;
    IF ended IS NULL THEN
        RETURN NULL;
    END IF;
    touched := pine.lock_touched(member, event.id, true);
    taken := pine.reverse(
        (SELECT p FROM public.points_transactions AS p
         WHERE p.source_key = pg_catalog.format('attendance:%s:%s:%s', event.id, member, ended)),
        actor, at);
    IF taken <> 0 THEN
        told := told || pg_catalog.jsonb_build_object('kind', 'attendance', 'points', taken);
    END IF;
    came := pine.attended(member);
    told := told
        || pine.take_back_week(
               member, came, pine.monday(event.start_time, (SELECT s.time_zone FROM public.settings AS s)), actor, at)
        || pine.settle_badges(member, '{types,weeks,wins,connections}', came, event, actor, at);
    FOREACH other IN ARRAY touched LOOP
        PERFORM pine.settle_badges(other, '{referrals,connections}', NULL, event, actor, at);
    END LOOP;
    RETURN told;
END
$$;

-- The points of such a list together.
CREATE FUNCTION pine.points_told(told jsonb) RETURNS integer
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT coalesce(sum((line->>'points')::integer), 0)::integer FROM pg_catalog.jsonb_array_elements(told) AS line
$$;

-- Ends an attendance whole; answers the points taken, or NULL when there was none.
CREATE OR REPLACE FUNCTION pine.end_attendance(member integer, event integer, actor pine.actor, at timestamptz)
    RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    told jsonb := pine.take_back_attendance(member, pine.the_event(event), actor, at);
BEGIN
    RETURN CASE WHEN told IS NOT NULL THEN pine.points_told(told) END;
END
$$;

-- An event that was attended is moved into another week, or is of another type now: its people's weeks and types are
-- others. Type names that are gone were renamed, and are the same type.
CREATE FUNCTION pine.event_moved() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    at       timestamptz := pine.clock();
    zone     text := (SELECT s.time_zone FROM public.settings AS s);
    was      date := pine.monday(OLD.start_time, zone);
    now_is   date := pine.monday(NEW.start_time, zone);
    was_type integer := (SELECT t.id FROM public.event_types AS t WHERE t.name = OLD.event_type);
    new_type integer := (SELECT t.id FROM public.event_types AS t WHERE t.name = NEW.event_type);
    retyped  boolean := was_type <> new_type;
    nobody   pine.actor;
    member   integer;
    points   bigint;
    came     pine.attended;
BEGIN
    IF was = now_is AND retyped IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    FOR member IN SELECT a.user_id FROM public.event_attendees AS a WHERE a.event_id = NEW.id ORDER BY a.user_id LOOP
        PERFORM pine.lock_games(ARRAY[member]);
        IF retyped THEN
            SELECT sum(p.points) INTO points
            FROM public.points_transactions AS p
            WHERE p.user_id = member AND p.event_id = NEW.id AND pine.counts_as_earned(p);
            IF points <> 0 THEN
                PERFORM pine.count_on_boards(member, ARRAY['type:' || was_type], -points);
                PERFORM pine.count_on_boards(member, ARRAY['type:' || new_type], points);
            END IF;
        END IF;
        came := pine.attended(member);
        IF was <> now_is THEN
            PERFORM pine.take_back_week(member, came, was, nobody, at);
            IF EXISTS (SELECT FROM public.event_attendees AS a
                       WHERE a.user_id = member AND a.event_id = NEW.id AND coalesce(a.status, 'attended') <> 'undone') THEN
                PERFORM pine.reward_week(member, came, NEW, at);
            END IF;
        END IF;
        PERFORM pine.settle_badges(member, '{types,weeks,wins}', came, NEW, nobody, at);
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER event_moved AFTER UPDATE OF start_time, event_type ON events
    FOR EACH ROW
    WHEN ((OLD.start_time, OLD.event_type) IS DISTINCT FROM (NEW.start_time, NEW.event_type))
    EXECUTE FUNCTION pine.event_moved();

-- A connection: one member presents another's pass, the other confirms by presenting theirs or by saying yes. Both must
-- have attended the same event, at most 48 hours after its end. The outcome is `connected`, `asked`, `already`,
-- `yourself`, `unknown_code` or `not_met`.
CREATE FUNCTION pine.connect(asker integer, other integer, at timestamptz) RETURNS text
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    low      integer := least(asker, other);
    high     integer := greatest(asker, other);
    known    public.connections;
    event    public.events;
    nobody   pine.actor;
BEGIN
    IF asker = other THEN
        RETURN 'yourself';
    END IF;
    PERFORM pine.lock_games(ARRAY[asker, other]);
    SELECT * INTO known FROM public.connections AS c WHERE c.one_id = low AND c.other_id = high;
    IF known.confirmed_at IS NOT NULL THEN
        RETURN 'already';
    END IF;
    SELECT e.* INTO event
    FROM public.events AS e
    JOIN public.event_attendees AS mine ON mine.event_id = e.id AND mine.user_id = asker
    JOIN public.event_attendees AS theirs ON theirs.event_id = e.id AND theirs.user_id = other
    WHERE coalesce(mine.status, 'attended') <> 'undone' AND coalesce(theirs.status, 'attended') <> 'undone'
      AND connect.at < e.end_time + interval '48 hours'
    -- The one they were asked about, else the last one.
    ORDER BY e.id = known.event_id DESC NULLS LAST, e.start_time DESC, e.id
    LIMIT 1;
    IF event.id IS NULL THEN
        RETURN 'not_met';
    ELSIF known.asked_by = other THEN
        UPDATE public.connections AS c
        SET confirmed_at = at, event_id = event.id
        WHERE c.one_id = low AND c.other_id = high;
        PERFORM pine.settle_badges(low, '{connections}', NULL, event, nobody, at);
        PERFORM pine.settle_badges(high, '{connections}', NULL, event, nobody, at);
        RETURN 'connected';
    END IF;
    INSERT INTO public.connections AS c (one_id, other_id, event_id, asked_by, asked_at)
    VALUES (low, high, event.id, asker, at)
    -- Asked again at a later event.
    ON CONFLICT ON CONSTRAINT connections_pkey DO UPDATE SET event_id = excluded.event_id, asked_at = excluded.asked_at;
    RETURN 'asked';
END
$$;

-- Who brought a member is told or corrected after the member has come: it counts for the one and no more for the other.
CREATE FUNCTION pine.brought_by_another() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    nobody   pine.actor;
    no_event public.events;
    other    integer;
BEGIN
    PERFORM pine.lock_games(ARRAY[OLD.referred_by, NEW.referred_by]);
    FOREACH other IN ARRAY ARRAY[OLD.referred_by, NEW.referred_by] LOOP
        IF other IS NOT NULL THEN
            PERFORM pine.settle_badges(other, '{referrals}', NULL, no_event, nobody, pine.clock());
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER brought_by_another AFTER UPDATE OF referred_by ON users
    FOR EACH ROW WHEN (OLD.referred_by IS DISTINCT FROM NEW.referred_by)
    EXECUTE FUNCTION pine.brought_by_another();
