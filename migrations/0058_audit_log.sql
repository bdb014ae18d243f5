-- The audit log as staff read it: whom a row is about, from which address its session said it came, and the indexes by
-- which it is filtered.

-- Where a terminal says that it is used from: the address of an SSH client, as the terminal's environment has it. The
-- database cannot know whether it is true; whoever reads it is told so.
ALTER TABLE sessions
    ADD COLUMN client_told text
        CONSTRAINT sessions_client_told_an_address CHECK (client_told ~ '^[0-9A-Fa-f:.]{2,45}$');
ALTER TABLE audit_log ADD COLUMN client_told text;

-- What a client says of its address; NULL is nothing, and so is what is no address.
CREATE FUNCTION pine.client_address(told text) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE WHEN told ~ '^[0-9A-Fa-f:.]{2,45}$' THEN told END
$$;

-- A session remembers the address that it was opened with.
CREATE FUNCTION pine.remember_client(token bytea, told text) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    UPDATE public.sessions AS s
    SET client_told = pine.client_address(told)
    WHERE s.token_hash = pg_catalog.sha256(token) AND pine.client_address(told) IS NOT NULL;
END
$$;

CREATE OR REPLACE FUNCTION pine.audit(
    actor pine.actor, action text, subject text, subject_id integer,
    before jsonb DEFAULT NULL, after jsonb DEFAULT NULL
) RETURNS void
    LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
    INSERT INTO public.audit_log (at, actor_id, actor, action, subject, subject_id, device, client_told, before, after)
    VALUES (pine.clock(), actor.user_id, actor.name, action, subject, subject_id, actor.device,
            (SELECT s.client_told FROM public.sessions AS s WHERE s.id = actor.session_id), before, after);
END
$$;

-- Whom a row is about: the member that is its subject, or the one that it names.
CREATE FUNCTION pine.audit_whom(subject text, subject_id integer, before jsonb, after jsonb) RETURNS integer
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT CASE
        WHEN subject = 'member' THEN subject_id
        WHEN after ->> 'user_id' ~ '^[0-9]{1,9}$' THEN (after ->> 'user_id')::integer
        WHEN before ->> 'user_id' ~ '^[0-9]{1,9}$' THEN (before ->> 'user_id')::integer
    END
$$;

CREATE INDEX audit_log_whom ON audit_log (pine.audit_whom(subject, subject_id, before, after), id);
CREATE INDEX audit_log_actor ON audit_log (lower(actor), id);
CREATE INDEX audit_log_action ON audit_log (action, id);

-- The words for what was done that there are, each looked up behind the one before: as many looks as there are words,
-- however long the log.
CREATE FUNCTION pine.audit_actions() RETURNS SETOF text
    LANGUAGE sql STABLE
AS $$
    WITH RECURSIVE word AS (
        (SELECT a.action FROM public.audit_log AS a ORDER BY a.action LIMIT 1)
        UNION ALL
        SELECT (SELECT a.action FROM public.audit_log AS a WHERE a.action > w.action ORDER BY a.action LIMIT 1)
        FROM word AS w
        WHERE w.action IS NOT NULL
    )
    SELECT w.action FROM word AS w WHERE w.action IS NOT NULL
$$;

-- A page of the log, newest first, behind row `before`. Every condition may be NULL: the actor's name as it stands, a
-- member, a part of the action's word, the first moment and the one after the last.
CREATE FUNCTION pine.audit_page(
    who text, whom integer, action text, since timestamptz, until timestamptz, behind bigint, most integer
) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    -- Conditions that are not asked for must not stand in the plan.
    SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_variable
DECLARE
    page    integer := greatest(1, least(most, 500));
    actions text[];
BEGIN
    IF action IS NOT NULL THEN
        actions := ARRAY(SELECT w FROM pine.audit_actions() AS w
                         WHERE pg_catalog.strpos(w, pg_catalog.replace(lower(btrim(action)), ' ', '_')) > 0);
    END IF;
    RETURN (
        WITH rows AS MATERIALIZED (
            SELECT a.*
            FROM public.audit_log AS a
            WHERE (behind IS NULL OR a.id < behind)
              AND (who IS NULL OR lower(a.actor) = lower(btrim(who)))
              AND (whom IS NULL OR pine.audit_whom(a.subject, a.subject_id, a.before, a.after) = whom)
              AND (actions IS NULL OR a.action = ANY (actions))
              AND (since IS NULL OR a.at >= since)
              AND (until IS NULL OR a.at < until)
            ORDER BY a.id DESC
            LIMIT page + 1
        ), picked AS (
            SELECT r.*, pine.audit_whom(r.subject, r.subject_id, r.before, r.after) AS whom_id,
                   row_number() OVER (ORDER BY r.id DESC) AS number
            FROM rows AS r
        )
        SELECT pg_catalog.jsonb_build_object(
            'rows', coalesce(pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
                'id', p.id,
                'at', p.at,
                'actor', p.actor,
                'action', p.action,
                'subject', p.subject,
                'subject_id', p.subject_id,
                'title', CASE WHEN p.subject = 'event' THEN e.title END,
                'member', CASE WHEN u.id IS NOT NULL THEN pg_catalog.jsonb_build_object(
                    'id', u.id, 'username', u.username, 'full_name', u.full_name) END,
                'device', p.device,
                'client_told', p.client_told,
                'before', p.before,
                'after', p.after
            ) ORDER BY p.id DESC) FILTER (WHERE p.number <= page), '[]'),
            'next', CASE WHEN count(*) > page THEN min(p.id) FILTER (WHERE p.number <= page) END)
        FROM picked AS p
        LEFT JOIN public.users AS u ON u.id = p.whom_id
        LEFT JOIN public.events AS e ON p.subject = 'event' AND e.id = p.subject_id
    );
END
$$;
