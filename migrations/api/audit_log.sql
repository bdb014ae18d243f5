-- The audit log, for staff. It only grows: no function changes a row, no role but the owner may, and a trigger refuses
-- that too.

-- A page of it, newest first, of those behind row `before`. `filter` may have `who` (the actor's name), `whom` (a user
-- name, an e-mail address or a pass code), `action` (a part of its word), `since` and `until` (moments).
CREATE FUNCTION api.audit_log(token bytea, filter jsonb, before bigint, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_staff(token);
    wanted text := nullif(btrim(filter ->> 'whom'), '');
    whom   integer;
    since  timestamptz;
    until  timestamptz;
BEGIN
    IF wanted IS NOT NULL THEN
        whom := pine.find_presented(wanted);
        IF whom IS NULL THEN
            PERFORM pine.refuse_value('whom', format('There is no member called “%s”.', left(wanted, 60)));
        END IF;
    END IF;
    BEGIN
        since := (filter ->> 'since')::timestamptz;
        until := (filter ->> 'until')::timestamptz;
    EXCEPTION
        WHEN datetime_field_overflow OR invalid_datetime_format THEN
            PERFORM pine.refuse_value('since', 'That is no moment.');
    END;
    RETURN pine.audit_page(nullif(btrim(filter ->> 'who'), ''), whom, nullif(btrim(filter ->> 'action'), ''),
                           since, until, before, most);
END
$$;

GRANT EXECUTE ON FUNCTION api.audit_log(bytea, jsonb, bigint, integer) TO pine_staff;
