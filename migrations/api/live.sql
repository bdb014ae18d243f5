-- Doors that see each other. What they see comes with api.door; here a terminal says where it stands.

-- Where a terminal has its check-in screen open; NULL when it has left it. Said once a minute, so that the other doors
-- see it; it advances the idle time as api.touch does.
CREATE FUNCTION api.stand_at_door(token bytea, event_id integer) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
BEGIN
    IF event_id IS NOT NULL THEN
        PERFORM pine.the_event(event_id);
    END IF;
    PERFORM pine.stand_at_door(actor, event_id, pine.clock());
    RETURN true;
END
$$;

GRANT EXECUTE ON FUNCTION api.stand_at_door(bytea, integer) TO pine_staff;
