-- Which types of events are trivia is for administrators to say: first places at their events count for Trivia Master.

CREATE OR REPLACE FUNCTION pine.type_lines() RETURNS jsonb
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('name', t.name, 'events', (
               SELECT count(*) FROM public.events AS e WHERE e.event_type = t.name
           ), 'is_trivia', t.is_trivia) ORDER BY t.position, t.name), '[]')
    FROM public.event_types AS t
$$;

-- Marks a type as trivia, or no longer. Whoever won at its events before has what they won; and because no rule takes away what
-- was earned, a type stays trivia once somebody has won at it. Answers how many members gained something.
CREATE FUNCTION pine.set_trivia(actor pine.actor, type_name text, is_trivia boolean, at timestamptz) RETURNS integer
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    type   public.event_types;
    won    bigint;
    gained integer := 0;
BEGIN
    IF is_trivia IS NULL THEN
        PERFORM pine.refuse_value('is_trivia', 'Say whether it is trivia.');
    END IF;
    SELECT * INTO type FROM public.event_types AS t WHERE t.name = type_name FOR NO KEY UPDATE;
    IF type.name IS NULL THEN
        RAISE EXCEPTION 'There is no event type of that name any more.' USING ERRCODE = 'PT404';
    ELSIF type.is_trivia = is_trivia THEN
        RETURN 0;
    END IF;
    IF NOT is_trivia THEN
        SELECT count(*) INTO won
        FROM public.event_results AS r
        JOIN public.events AS e ON e.id = r.event_id
        WHERE e.event_type = type.name AND r.place = 1;
        IF won > 0 THEN
            RAISE EXCEPTION 'It stays trivia: % first places at its events count for badges.', won
                USING ERRCODE = 'PT409';
        END IF;
    END IF;
    UPDATE public.event_types AS t SET is_trivia = set_trivia.is_trivia WHERE t.name = type.name;
    IF is_trivia THEN
        gained := pine.award_what_is_due(actor, 1000, at);
    END IF;
    PERFORM pine.audit(actor, 'set_trivia', 'event_type', NULL,
                       pg_catalog.jsonb_build_object('name', type.name, 'is_trivia', type.is_trivia),
                       pg_catalog.jsonb_build_object('name', type.name, 'is_trivia', is_trivia, 'gained', gained));
    RETURN gained;
END
$$;
