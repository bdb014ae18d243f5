-- A backup that was proved.
INSERT INTO public.verified_backups (name, made_at, verified_at, bytes, sha256, verified_by)
VALUES ($1, $2, $3, $4, $5, $6)
