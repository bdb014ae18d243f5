-- What a manifest says of the database besides its contents.
SELECT now()                                                              AS made_at,
       current_setting('server_version_num')::integer                    AS server_number,
       split_part(current_setting('server_version'), ' ', 1)            AS server,
       (SELECT max(m.version) FROM public._sqlx_migrations AS m WHERE m.success) AS schema,
       (SELECT s.hash FROM pine.api_state AS s)                          AS api,
       d.datcollate::text                                                AS "collate",
       d.datctype::text                                                  AS ctype,
       pg_is_in_recovery()                                               AS is_standby
FROM pg_catalog.pg_database AS d
WHERE d.datname = current_database()
