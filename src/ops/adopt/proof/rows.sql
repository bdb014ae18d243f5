-- Every row that was read is there, as it was read, and none besides.
SELECT format('%s: %s rows differ from those that were read', d.name, d.rows)
FROM (
    SELECT 'users' AS name, (SELECT count(*) FROM (
        (SELECT n.id, n.email::text, n.username::text, n.full_name::text, pine.keep_password(n.hashed_password), n.is_active,
                n.is_superuser, n.user_type::text, n.created_at, n.last_login
         FROM pg_temp.new_users AS n
         EXCEPT ALL
         SELECT u.id, u.email, u.username, u.full_name, u.hashed_password, u.is_active, u.is_superuser, u.user_type,
                u.created_at, u.last_login
         FROM public.users AS u)
        UNION ALL
        (SELECT u.id, u.email, u.username, u.full_name, u.hashed_password, u.is_active, u.is_superuser, u.user_type,
                u.created_at, u.last_login
         FROM public.users AS u
         EXCEPT ALL
         SELECT n.id, n.email, n.username, n.full_name, pine.keep_password(n.hashed_password), n.is_active, n.is_superuser,
                n.user_type, n.created_at, n.last_login
         FROM pg_temp.new_users AS n)) AS x) AS rows
    UNION ALL
    SELECT 'events', (SELECT count(*) FROM (
        SELECT n.id, n.title, n.description, n.event_type, n.location, n.start_time, n.end_time, n.max_participants,
               n.points_reward, n.created_by, n.is_active, n.price
        FROM pg_temp.new_events AS n
        EXCEPT ALL
        SELECT e.id, e.title, e.description, e.event_type, e.location, e.start_time, e.end_time, e.max_participants,
               e.points_reward, e.created_by, e.is_active, e.price
        FROM public.events AS e) AS x) + abs((SELECT count(*) FROM pg_temp.new_events) - (SELECT count(*) FROM public.events))
    UNION ALL
    SELECT 'registrations', (SELECT count(*) FROM (
        SELECT n.id, n.user_id, n.event_id, n.registration_date, n.status, n.price_due
        FROM pg_temp.new_registrations AS n
        EXCEPT ALL
        SELECT r.id, r.user_id, r.event_id, r.registration_date, r.status, r.price_due
        FROM public.registrations AS r) AS x)
        + abs((SELECT count(*) FROM pg_temp.new_registrations) - (SELECT count(*) FROM public.registrations))
    UNION ALL
    SELECT 'event_attendees', (SELECT count(*) FROM (
        SELECT n.id, n.user_id, n.event_id, n.status, n.check_in_time, n.check_out_time
        FROM pg_temp.new_event_attendees AS n
        EXCEPT ALL
        SELECT a.id, a.user_id, a.event_id, a.status, a.check_in_time, a.check_out_time
        FROM public.event_attendees AS a) AS x)
        + abs((SELECT count(*) FROM pg_temp.new_event_attendees) - (SELECT count(*) FROM public.event_attendees))
    UNION ALL
    SELECT 'payment', (SELECT count(*) FROM (
        SELECT n.id, n.registration_id, n.user_id, n.event_id, n.amount_paid, n.payment_channel, n.payment_date,
               n.joined_into IS NOT NULL
        FROM pg_temp.new_payment AS n
        EXCEPT ALL
        SELECT p.id, p.registration_id, p.user_id, p.event_id, p.amount_paid, p.payment_channel, p.payment_date,
               p.voided_at IS NOT NULL
        FROM public.payment AS p) AS x)
        + abs((SELECT count(*) FROM pg_temp.new_payment) - (SELECT count(*) FROM public.payment))
    UNION ALL
    SELECT 'badges', (SELECT count(*) FROM (
        SELECT n.id, n.name, n.description, n.badge_type, n.category, n.icon_url FROM pg_temp.new_badges AS n
        EXCEPT ALL
        SELECT b.id, b.name, b.description, b.badge_type, b.category, b.icon_url FROM public.badges AS b) AS x)
    UNION ALL
    SELECT 'user_badges', (SELECT count(*) FROM pg_temp.new_user_badges AS n
                           WHERE NOT EXISTS (SELECT FROM public.user_badges AS h
                                             WHERE h.id = n.id AND h.user_id = n.user_id AND h.badge_id = n.badge_id
                                               AND h.level >= n.level))
    UNION ALL
    SELECT 'points_transactions', (SELECT count(*) FROM (
        SELECT n.id, n.user_id, n.points, n.transaction_type, n.description, n.event_id, n.transaction_date, n.awarded_by
        FROM pg_temp.new_points_transactions AS n
        EXCEPT ALL
        SELECT p.id, p.user_id, p.points, p.transaction_type, p.description, p.event_id, p.transaction_date, p.awarded_by
        FROM public.points_transactions AS p) AS x)
        + abs((SELECT count(*) FROM pg_temp.new_points_transactions) - (SELECT count(*) FROM public.points_transactions))
) AS d (name, rows)
WHERE d.rows <> 0
