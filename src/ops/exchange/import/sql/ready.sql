-- Whether rows can be written here, the newest migration, and who asks.
SELECT NOT (pg_catalog.pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean) AS writable,
       (SELECT max(m.version) FROM public._sqlx_migrations AS m WHERE m.success)                 AS schema
