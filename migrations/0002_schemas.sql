-- The other three schemas: `ext` holds the extensions, `pine` the rules and whatever a table, index, constraint
-- or trigger depends on, `api` the functions that clients call (rebuilt whole by every migrate that changes it).

-- Nothing that we make is executable by just anybody; every function is granted by name.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA ext;
CREATE SCHEMA pine;
CREATE SCHEMA api;

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA ext;

-- Folds a text for search: accents and case do not matter. unaccent() is only STABLE because its dictionary could
-- be altered; ours is the extension's own, so the one wrapper that indexes may use says IMMUTABLE. Letters beyond
-- ASCII are lowered by ICU where the server has it: the C locale lowers A to Z only.
DO $do$
DECLARE
    lowering text := CASE
        WHEN EXISTS (SELECT FROM pg_catalog.pg_collation WHERE collname = 'und-x-icu')
            THEN 'pg_catalog.lower(pg_catalog.normalize($1, ''NFKC'') COLLATE pg_catalog."und-x-icu") COLLATE pg_catalog."C"'
        ELSE 'pg_catalog.lower(pg_catalog.normalize($1, ''NFKC''))'
    END;
BEGIN
    EXECUTE pg_catalog.format(
        $sql$
        CREATE FUNCTION pine.fold(text) RETURNS text
            LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
            AS $fold$ SELECT ext.unaccent('ext.unaccent'::pg_catalog.regdictionary, %s) $fold$
        $sql$,
        lowering
    );
END
$do$;

-- Which files the api schema was built from.
CREATE TABLE pine.api_state (
    singleton boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    hash      text        NOT NULL,
    built_at  timestamptz NOT NULL DEFAULT now()
);
