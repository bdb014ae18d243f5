-- Who else is connected to this database, and who of them holds something of it.
SELECT format('%s%s', coalesce(nullif(a.application_name, ''), a.usename::text, 'a client'),
              ' (process ' || a.pid || ')') AS name
FROM pg_stat_activity AS a
WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_type = 'client backend'
  AND (NOT $1 OR EXISTS (
      SELECT FROM pg_locks AS l
      JOIN pg_class AS c ON c.oid = l.relation
      WHERE l.pid = a.pid AND l.granted AND c.relnamespace = to_regnamespace('public')
  ))
ORDER BY a.pid
LIMIT 20
