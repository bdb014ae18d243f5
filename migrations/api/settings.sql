-- Settings, for administrators. Ways to pay, event types and badge levels have functions of their own.

-- Every setting by its name, as text, and who changed each last.
CREATE FUNCTION api.settings(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_admins(token);
BEGIN
    RETURN jsonb_build_object('values', pine.setting_values(), 'changes', pine.setting_changes());
END
$$;

-- Changes one of them; see pine.set_setting. Answers all of them, and `meanwhile` when somebody else was first.
CREATE FUNCTION api.set_setting(token bytea, nonce uuid, name text, was text, value text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor     pine.actor := pine.who_of_admins(token);
    answer    jsonb := pine.begin_request(actor.key, 'set_setting', nonce, jsonb_build_array(name, was, value));
    meanwhile jsonb;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    meanwhile := pine.set_setting(actor, name, was, value);
    RETURN pine.end_request(actor.key, nonce, jsonb_build_object(
        'values', pine.setting_values(), 'changes', pine.setting_changes(), 'meanwhile', meanwhile));
END
$$;

-- What another zone would do to weeks.
CREATE FUNCTION api.zone_effects(token bytea, zone text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_admins(token);
BEGIN
    RETURN pine.zone_effects(zone, pine.clock());
END
$$;

GRANT EXECUTE ON FUNCTION
    api.settings(bytea), api.set_setting(bytea, uuid, text, text, text), api.zone_effects(bytea, text)
    TO pine_staff;
