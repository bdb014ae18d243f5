-- Says who (1) imported what (2) and how many rows were written (3).
INSERT INTO public.audit_log (at, actor, action, subject, device, after)
VALUES (pine.clock(), $1, 'import', $2, '', jsonb_build_object('rows', $3::bigint))
