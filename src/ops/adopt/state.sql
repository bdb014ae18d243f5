-- What the database is, before anything is asked of its tables.
SELECT current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery() AS read_only,
       current_setting('server_encoding')                                    AS encoding,
       EXISTS (SELECT FROM pg_class AS c
               WHERE c.relname = '_sqlx_migrations' AND c.relnamespace = to_regnamespace('public')
                  OR c.relname = 'api_state' AND c.relnamespace = to_regnamespace('pine'))          AS is_own,
       (SELECT max(n.nspname::text) FROM pg_namespace AS n
        WHERE n.nspname ~ '^adopted_[0-9]{8}(_[0-9]+)?$')                    AS adopted,
       -- The first name of today's that nobody has.
       (SELECT 'adopted_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD') || c.ending
        FROM (SELECT 1 AS place, '' AS ending
              UNION ALL
              SELECT g.n, '_' || g.n FROM generate_series(2, 1000) AS g (n)) AS c
        WHERE to_regnamespace('adopted_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD') || c.ending) IS NULL
        ORDER BY c.place
        LIMIT 1)                                                              AS free_name
