-- Numbers of rows are kept: where they tell nothing, nothing else can be told.
SELECT pg_temp.note_numbers(t.name)
FROM unnest(ARRAY['users', 'events', 'registrations', 'event_attendees', 'payment', 'badges', 'user_badges',
                  'points_transactions']) AS t (name)
