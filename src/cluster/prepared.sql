-- Whether the logins and the database of a private PostgreSQL are all there.
SELECT (SELECT pg_catalog.count(*) = 6
          FROM pg_catalog.pg_roles
         WHERE rolname IN ('pine_owner', 'pine_staff', 'pine_kiosk',
                           'pine_owner_login', 'pine_staff_login', 'pine_kiosk_login'))
   AND EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = 'pine_time')
