-- What no screen of ours sends is refused in our words as well: whoever calls the functions with SQL of their own gets no
-- error from deeper down, and learns nothing from it.

-- Begins a write: NULL goes on, anything else is the answer that the same nonce got before.
CREATE OR REPLACE FUNCTION pine.begin_request(actor text, function text, nonce uuid, args jsonb) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    hash  bigint := pg_catalog.hashtextextended(args::text, 0);
    known public.request_log;
BEGIN
    IF nonce IS NULL THEN
        RAISE EXCEPTION 'A write needs a nonce.' USING ERRCODE = 'PT422', COLUMN = 'nonce';
    END IF;
    INSERT INTO public.request_log (actor, nonce, function, args_hash)
    VALUES (actor, nonce, function, hash)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO known
    FROM public.request_log AS r
    WHERE r.actor = begin_request.actor AND r.nonce = begin_request.nonce;
    IF known.function <> function OR known.args_hash <> hash THEN
        RAISE EXCEPTION 'This request was already used for something else.' USING ERRCODE = 'PT409';
    END IF;
    RETURN known.answer;
END
$$;

-- A JSON object that somebody gave as a field; none is an empty one.
CREATE FUNCTION pine.an_object(given jsonb, field text) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
BEGIN
    IF pg_catalog.jsonb_typeof(given) <> 'object' THEN
        PERFORM pine.refuse_value(field, 'That is no object.');
    END IF;
    RETURN coalesce(given, '{}');
END
$$;

-- A place of a board, see pine.board_page: an object of numbers.
CREATE FUNCTION pine.a_place(given jsonb) RETURNS jsonb
    LANGUAGE plpgsql STABLE
AS $$
DECLARE
    place jsonb := pine.an_object(given, 'place');
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.jsonb_each_text(place) AS p WHERE coalesce(p.value, '') !~ '^-?[0-9]{1,9}$') THEN
        PERFORM pine.refuse_value('place', 'That is no place of a leaderboard.');
    END IF;
    RETURN place;
END
$$;

-- Nobody but the owner makes anything in the database, not even for as long as they are connected: what stands in front of a
-- name on the search path could be taken for it. A database that somebody else owns is left to them, with a warning.
DO $do$
BEGIN
    EXECUTE pg_catalog.format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', pg_catalog.current_database());
END
$do$;
