-- The door's log, to be read and kept: every passage and every refusal of an event.

-- Newest first, at most `most` rows older than row `before`. Every word of `containing` is somewhere in a row: in the
-- name, what was presented, the outcome, the way, the terminal, the operator or the reason; nothing in it is a wildcard.
CREATE FUNCTION api.door_log(token bytea, event_id integer, containing text, before bigint, most integer)
    RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_staff(token);
    event public.events := pine.the_event(event_id);
    words text[] := array_remove(regexp_split_to_array(btrim(pine.fold(coalesce(containing, ''))), '\s+'), '');
BEGIN
    RETURN (
        WITH matching AS MATERIALIZED (
            SELECT l.id, l.at, l.outcome, l.passage, l.input, l.device, l.operator, l.first_at, l.reason,
                   u.id AS user_id, u.username, u.full_name
            FROM public.check_in_log AS l
            LEFT JOIN public.users AS u ON u.id = l.user_id
            WHERE l.event_id = event.id
              AND (words = '{}' OR NOT EXISTS (
                  SELECT
                  FROM unnest(words) AS word
                  WHERE strpos(
                      pine.fold(concat_ws(' ', u.full_name, u.username, l.input, replace(l.outcome, '_', ' '),
                                          l.outcome, replace(l.passage, '_', ' '), l.device, l.operator, l.reason)),
                      word) = 0
              ))
        )
        SELECT jsonb_build_object(
            'event_id', event.id,
            'title', event.title,
            'total', (SELECT count(*) FROM matching),
            'rows', (
                SELECT coalesce(jsonb_agg(line.row ORDER BY line.id DESC), '[]')
                FROM (
                    SELECT m.id, jsonb_build_object(
                        'id', m.id, 'at', m.at, 'outcome', m.outcome, 'passage', m.passage, 'input', m.input,
                        'member', CASE WHEN m.user_id IS NOT NULL THEN jsonb_build_object(
                            'id', m.user_id, 'username', m.username, 'full_name', m.full_name) END,
                        'device', m.device, 'operator', m.operator, 'first_at', m.first_at, 'reason', m.reason
                    ) AS row
                    FROM matching AS m
                    WHERE before IS NULL OR m.id < before
                    ORDER BY m.id DESC
                    LIMIT least(greatest(most, 0), 1000000)
                ) AS line
            )
        )
    );
END
$$;

GRANT EXECUTE ON FUNCTION api.door_log(bytea, integer, text, bigint, integer) TO pine_staff;
