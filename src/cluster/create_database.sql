-- template0: a database that nobody has put anything into.
CREATE DATABASE pine_time OWNER pine_owner TEMPLATE template0
