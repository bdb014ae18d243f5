-- Whoever is connected is sent away: they look at a sample community that is about to be another one.
DROP DATABASE IF EXISTS pine_time WITH (FORCE)
