-- Backups that were restored into a scratch database and compared: the proof that there is something to come back to,
-- kept where every terminal can see how old it is. The backups themselves are files elsewhere.

CREATE TABLE verified_backups (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text        NOT NULL,
    -- The moment whose state the backup holds, and the one at which it was proved.
    made_at     timestamptz NOT NULL,
    verified_at timestamptz NOT NULL,
    bytes       bigint      NOT NULL,
    sha256      text        NOT NULL,
    verified_by text        NOT NULL,
    CONSTRAINT verified_backups_name_given CHECK (btrim(name) <> ''),
    CONSTRAINT verified_backups_bytes_not_negative CHECK (bytes >= 0),
    CONSTRAINT verified_backups_sha256_hex CHECK (sha256 ~ '^[0-9a-f]{64}$')
);

CREATE INDEX verified_backups_made_at ON verified_backups (made_at DESC);

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON verified_backups
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_rewriting();

-- The newest state that is proved to be recoverable, and how old it is. Real time, not the rules' clock: disks do not
-- rehearse.
CREATE FUNCTION pine.last_verified_backup(at timestamptz) RETURNS jsonb
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT jsonb_build_object(
        'name', b.name,
        'made_at', b.made_at,
        'verified_at', b.verified_at,
        'bytes', b.bytes,
        'age_seconds', greatest(0, floor(extract(epoch FROM at - b.made_at)))::bigint
    )
    FROM public.verified_backups AS b
    ORDER BY b.made_at DESC, b.id DESC
    LIMIT 1
$$;
