-- Which server answers at this socket.
SELECT pg_catalog.current_setting('server_version') AS version,
       pg_catalog.current_setting('data_directory') AS data_dir
