-- How many others are connected, with whatever program: a psql keeps the server up as well as a terminal does.
SELECT pg_catalog.count(*)
  FROM pg_catalog.pg_stat_activity
 WHERE backend_type = 'client backend'
   AND pid <> pg_catalog.pg_backend_pid()
   AND application_name <> 'pine-time cluster'
