-- The tables of a SQLite file, but for SQLite's own and the one (1) in which an export says what it is.
SELECT name
FROM sqlite_schema
WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name <> ?1
ORDER BY name
