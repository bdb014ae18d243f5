-- Ours live in a schema of their own.
INSERT INTO adopt_note (kind, "table", what)
SELECT 'extension', '', format('the extension %s is dropped from the schema %s and made again in the schema ext', e.extname,
                               e.extnamespace::regnamespace)
FROM pg_extension AS e
WHERE e.extname IN ('pg_trgm', 'unaccent')
ORDER BY e.extname
