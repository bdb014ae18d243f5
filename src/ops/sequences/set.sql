-- Sets one sequence (1) to the furthest number in use (2), and says so in the audit log: by whom (3), of which column (4),
-- the next number before and after (5, 6).
WITH done AS (
    SELECT setval($1::regclass, $2, true) AS at
)
INSERT INTO public.audit_log (at, actor, action, subject, device, before, after)
SELECT pine.clock(), $3, 'sequence_reset', $4, '', jsonb_build_object('next', $5::bigint), jsonb_build_object('next', $6::bigint)
FROM done
