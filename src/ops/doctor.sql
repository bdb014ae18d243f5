-- What any login may ask a server about itself and its connection.
SELECT current_setting('server_version_num')::integer          AS server_number,
       split_part(current_setting('server_version'), ' ', 1)  AS server_version,
       session_user::text                                     AS login,
       l.rolsuper                                             AS is_superuser,
       coalesce(pg_has_role(session_user, o.oid, 'MEMBER'), false) AS is_owner,
       coalesce(pg_has_role(session_user, t.oid, 'MEMBER'), false) AS is_staff,
       coalesce(pg_has_role(session_user, k.oid, 'MEMBER'), false) AS is_kiosk,
       inet_server_addr() IS NULL                             AS is_local,
       coalesce(s.ssl, false)                                 AS is_encrypted,
       s.version                                              AS tls_version,
       current_setting('max_connections')::integer
           - current_setting('superuser_reserved_connections')::integer AS most_connections,
       (SELECT coalesce(sum(d.numbackends), 0) FROM pg_catalog.pg_stat_database AS d)::bigint AS connections,
       pg_encoding_to_char(b.encoding)::text                  AS encoding,
       current_setting('TimeZone')                            AS time_zone,
       pg_is_in_recovery()                                    AS is_standby,
       (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
           - '0/0'::pg_lsn)::bigint                           AS log_at,
       CASE WHEN pg_is_in_recovery() THEN pg_last_xact_replay_timestamp() END AS changed,
       clock_timestamp()                                      AS clock,
       to_regclass('public.verified_backups') IS NOT NULL     AS knows_backups
FROM pg_catalog.pg_roles AS l
JOIN pg_catalog.pg_database AS b ON b.datname = current_database()
LEFT JOIN pg_catalog.pg_roles AS o ON o.rolname = 'pine_owner'
LEFT JOIN pg_catalog.pg_roles AS t ON t.rolname = 'pine_staff'
LEFT JOIN pg_catalog.pg_roles AS k ON k.rolname = 'pine_kiosk'
LEFT JOIN pg_catalog.pg_stat_ssl AS s ON s.pid = pg_backend_pid()
WHERE l.rolname = session_user
