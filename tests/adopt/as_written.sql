-- Rows for the schema as it was first written down: every table and column, with what its rules let through.

INSERT INTO users (id, email, username, full_name, hashed_password, is_active, is_superuser, user_type, created_at)
VALUES
    (1, 'root@example.org', 'root', 'Root Admin', '{one}', true, true, 'admin', '2024-01-01 10:00:00+08'),
    (2, 'ana@example.org', 'ana', 'Ana Reyes', '{two}', NULL, NULL, NULL, NULL),
    (3, 'ben@example.org', 'ben', 'Ben Cruz', '{three}', true, false, 'staff', now()),
    (4, 'cleo@example.org', 'cleo', 'Cleo Dizon', '{one}', false, false, 'regular', now());

-- Three weeks in a row, long over; the last is to come.
INSERT INTO events (id, title, description, event_type, location, start_time, end_time, max_participants, points_reward, created_by)
VALUES
    (10, 'Trivia One', 'Six rounds.', 'trivia', 'Hill Station', '2026-01-06 18:00:00+08', '2026-01-06 20:00:00+08', 2, 15, 1),
    (11, 'Trivia Two', NULL, 'trivia', 'Hill Station', '2026-01-13 18:00:00+08', '2026-01-13 20:00:00+08', NULL, 15, NULL),
    (12, 'Ridge Walk', NULL, 'hike', 'Trailhead', '2026-01-20 06:00:00+08', '2026-01-20 12:00:00+08', 20, 30, 1),
    (13, 'To come', NULL, 'bingo', 'Hall', now() + interval '7 days', now() + interval '7 days 2 hours', 1, NULL, 1);

INSERT INTO registrations (id, user_id, event_id, registration_date, status, payment_status)
VALUES
    (100, 2, 10, '2026-01-01 00:00:00+00', 'registered', 'paid'),
    (101, 2, 11, '2026-01-02 00:00:00+00', NULL, NULL),
    (102, 2, 12, '2026-01-03 00:00:00+00', 'registered', 'refunded'),
    (103, 3, 10, '2026-01-04 00:00:00+00', 'cancelled', 'pending'),
    (104, 2, 13, '2026-01-05 00:00:00+00', 'registered', 'pending'),
    (105, 3, 13, '2026-01-07 00:00:00+00', 'waitlisted', 'pending'),
    (106, 4, 13, '2026-01-06 00:00:00+00', 'waitlisted', 'pending');

INSERT INTO payment (id, registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
VALUES
    (7, 100, 2, 10, 250.00, 'cash', '2026-01-06 10:00:00'),
    (8, 102, 2, 12, 480.50, 'gcash', '2026-01-10 10:00:00');

INSERT INTO badges (id, name, description, badge_type, category)
VALUES (5, 'Event Explorer', 'Attend different types', 'explorer', 'events'), (6, 'Helper', NULL, 'by_hand', 'thanks');
INSERT INTO user_badges (id, user_id, badge_id, level, earned_date)
VALUES (1, 2, 5, 1, '2026-01-20 12:00:00+00'), (2, 3, 6, 2, '2026-01-20 12:00:00+00');

INSERT INTO event_attendees (id, user_id, event_id, status, check_in_time, check_out_time)
VALUES
    (1, 2, 10, 'attended', '2026-01-06 10:05:00+00', NULL),
    (2, 2, 11, NULL, '2026-01-13 10:05:00+00', NULL),
    (3, 2, 12, 'left', '2026-01-19 22:05:00+00', '2026-01-20 03:00:00+00');

INSERT INTO points_transactions (id, user_id, points, transaction_type, description, event_id, transaction_date)
VALUES
    (1, 2, 15, 'event_attendance', 'Attended Trivia One', 10, '2026-01-06 10:05:00+00'),
    (2, 2, 15, 'event_attendance', 'Attended Trivia Two', 11, '2026-01-13 10:05:00+00'),
    (3, 2, 5, 'streak_bonus', 'Two weeks', NULL, '2026-01-13 10:05:00+00'),
    (4, 2, -20, 'redemption', 'A mug', NULL, '2026-01-15 10:05:00+00'),
    (5, 3, 10, 'special_activity', 'Carried chairs', NULL, '2026-01-15 10:05:00+00');

SELECT setval('users_id_seq', 4), setval('events_id_seq', 13), setval('registrations_id_seq', 106);
