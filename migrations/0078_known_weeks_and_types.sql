-- Most who come have been to something of that week, or of that type, before: then a check-in moves neither their weeks
-- nor their types. Telling so ends with the first attendance that is found, however long the history; counting weeks
-- and types reads all of it. What a check-in comes to is the same.

-- Whether a member attends another event of the same week, and another of the same type.
CREATE FUNCTION pine.attends_alike(member integer, event events, OUT that_week boolean, OUT that_type boolean)
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    SELECT EXISTS (
               SELECT
               FROM public.event_attendees AS a
               JOIN public.events AS e ON e.id = a.event_id
               WHERE a.user_id = member AND a.event_id <> event.id AND coalesce(a.status, 'attended') <> 'undone'
                 AND pine.monday(e.start_time, s.time_zone) = pine.monday(event.start_time, s.time_zone)
           ),
           EXISTS (
               SELECT
               FROM public.event_attendees AS a
               JOIN public.events AS e ON e.id = a.event_id
               WHERE a.user_id = member AND a.event_id <> event.id AND coalesce(a.status, 'attended') <> 'undone'
                 AND e.event_type = event.event_type
           )
    INTO that_week, that_type
    FROM public.settings AS s;
END
$$;

-- An attendance has begun: pays it, the week and the levels that it brings. Answers what the member earned, a list of
-- `kind` (attendance, streak, badge), `points`, and `weeks` or `badge`, `level` and `level_name`.
CREATE OR REPLACE FUNCTION pine.reward_attendance(member users, event events, generation integer, at timestamptz)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
    SET enable_seqscan = off
    SET jit = off
AS $$
DECLARE
    nobody  pine.actor;
    touched integer[] := '{}';
    other   integer;
    alike   record;
    moved   text[];
    came    pine.attended;
    paid    integer;
    told    jsonb := '[]';
BEGIN
    IF member.referred_by IS NULL AND generation = 1 THEN
        -- It touches nobody else, and a row of the ledger holds the member's game.
        paid := pine.pay_attendance(member.id, event, generation, at);
        IF paid = 0 THEN
            PERFORM pine.lock_games(ARRAY[member.id]);
        END IF;
    ELSE
        touched := pine.lock_touched(member.id, event.id, generation > 1);
        paid := pine.pay_attendance(member.id, event, generation, at);
    END IF;
    IF paid > 0 THEN
        told := told || pg_catalog.jsonb_build_object('kind', 'attendance', 'points', paid);
    END IF;
    -- Read under the member's lock, as everything that is counted.
    IF generation = 1 THEN
        alike := pine.attends_alike(member.id, event);
        moved := pg_catalog.array_remove(ARRAY[
            CASE WHEN NOT alike.that_type THEN 'types' END,
            CASE WHEN NOT alike.that_week THEN 'weeks' END], NULL);
    ELSE
        moved := '{types,weeks,wins,connections}';
    END IF;
    IF moved <> '{}' THEN
        came := pine.attended(member.id);
        told := told || pine.reward_week(member.id, came, event, at)
            || pine.settle_badges(member.id, moved, came, event, nobody, at);
    END IF;
    FOREACH other IN ARRAY touched LOOP
        PERFORM pine.settle_badges(other, '{referrals,connections}', NULL, event, nobody, at);
    END LOOP;
    RETURN told;
END
$$;
