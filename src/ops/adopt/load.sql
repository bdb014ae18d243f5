-- What was read, into the tables as they were first made: nothing else is there yet, no trigger counts anything. What later
-- versions keep beside these rows (seats, totals, boards, texts to search) their migrations make of them.

INSERT INTO public.users
    (id, email, username, full_name, hashed_password, is_active, is_superuser, user_type, created_at, last_login)
SELECT n.id, n.email, n.username, n.full_name, n.hashed_password, n.is_active, n.is_superuser, n.user_type, n.created_at,
       n.last_login
FROM pg_temp.new_users AS n
ORDER BY n.id;

INSERT INTO public.events
    (id, title, description, event_type, location, start_time, end_time, max_participants, points_reward, created_by,
     created_at, is_active)
SELECT n.id, n.title, n.description, n.event_type, n.location, n.start_time, n.end_time, n.max_participants,
       n.points_reward, n.created_by, n.created_at, n.is_active
FROM pg_temp.new_events AS n
ORDER BY n.id;

INSERT INTO public.registrations (id, user_id, event_id, registration_date, status, payment_status)
SELECT n.id, n.user_id, n.event_id, n.registration_date, n.status, n.payment_status
FROM pg_temp.new_registrations AS n
ORDER BY n.id;

INSERT INTO public.event_attendees (id, user_id, event_id, status, check_in_time, check_out_time)
SELECT n.id, n.user_id, n.event_id, n.status, n.check_in_time, n.check_out_time
FROM pg_temp.new_event_attendees AS n
ORDER BY n.id;

INSERT INTO public.payment (id, registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
SELECT n.id, n.registration_id, n.user_id, n.event_id, n.amount_paid, n.payment_channel, n.payment_date
FROM pg_temp.new_payment AS n
ORDER BY n.id;

INSERT INTO public.badges (id, name, description, badge_type, category, icon_url, created_at)
SELECT n.id, n.name, n.description, n.badge_type, n.category, n.icon_url, n.created_at
FROM pg_temp.new_badges AS n
ORDER BY n.id;

INSERT INTO public.user_badges (id, user_id, badge_id, level, earned_date)
SELECT n.id, n.user_id, n.badge_id, n.level, n.earned_date
FROM pg_temp.new_user_badges AS n
ORDER BY n.id;

INSERT INTO public.points_transactions (id, user_id, points, transaction_type, description, event_id, transaction_date)
SELECT n.id, n.user_id, n.points, n.transaction_type, n.description, n.event_id, n.transaction_date
FROM pg_temp.new_points_transactions AS n
ORDER BY n.id;

-- Numbers go on after the highest that the old database has, those of rows that were left behind included.
DO $sequences$
DECLARE
    one  text;
    last bigint;
BEGIN
    FOREACH one IN ARRAY ARRAY['users', 'events', 'registrations', 'event_attendees', 'payment', 'badges', 'user_badges',
                               'points_transactions'] LOOP
        EXECUTE format('SELECT greatest((SELECT max(n.id) FROM public.%I AS n),
                                        (SELECT max(o.id) FROM pg_temp.%I AS o WHERE o.id <= 2147483647))', one, 'old_' || one)
        INTO last;
        IF last IS NOT NULL THEN
            PERFORM setval(pg_get_serial_sequence('public.' || one, 'id'), last);
        END IF;
        EXECUTE format('ANALYZE public.%I', one);
    END LOOP;
END
$sequences$;
