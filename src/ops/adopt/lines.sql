-- How many rows each of our tables gets.
SELECT 'users' AS "table", (SELECT count(*) FROM new_users) AS becomes
UNION ALL SELECT 'events', (SELECT count(*) FROM new_events)
UNION ALL SELECT 'registrations', (SELECT count(*) FROM new_registrations)
UNION ALL SELECT 'event_attendees', (SELECT count(*) FROM new_event_attendees)
UNION ALL SELECT 'payment', (SELECT count(*) FROM new_payment)
UNION ALL SELECT 'badges', (SELECT count(*) FROM new_badges)
UNION ALL SELECT 'user_badges', (SELECT count(*) FROM new_user_badges)
UNION ALL SELECT 'points_transactions', (SELECT count(*) FROM new_points_transactions)
