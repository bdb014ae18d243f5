-- A community in the schema as it was first written down: every table and column, with what its rules let through.

CREATE TABLE users (
    id SERIAL PRIMARY KEY,
    email VARCHAR(255) UNIQUE NOT NULL,
    username VARCHAR(255) UNIQUE NOT NULL,
    full_name VARCHAR(255) NOT NULL,
    hashed_password VARCHAR(255) NOT NULL,
    is_active BOOLEAN DEFAULT TRUE,
    is_superuser BOOLEAN DEFAULT FALSE,
    user_type VARCHAR(50) DEFAULT 'regular',
    created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
    last_login TIMESTAMP WITH TIME ZONE
);
CREATE TABLE events (
    id SERIAL PRIMARY KEY,
    title VARCHAR(255) NOT NULL,
    description TEXT,
    event_type VARCHAR(50) NOT NULL,
    location VARCHAR(255) NOT NULL,
    start_time TIMESTAMP WITH TIME ZONE NOT NULL,
    end_time TIMESTAMP WITH TIME ZONE NOT NULL,
    max_participants INTEGER,
    points_reward INTEGER DEFAULT 0,
    created_by INTEGER REFERENCES users(id),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
    is_active BOOLEAN DEFAULT TRUE
);
CREATE TABLE registrations (
    id SERIAL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    registration_date TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
    status VARCHAR(50) DEFAULT 'registered',
    payment_status VARCHAR(50) DEFAULT 'pending',
    UNIQUE (user_id, event_id)
);
CREATE TABLE payment (
    id SERIAL PRIMARY KEY,
    registration_id INTEGER NOT NULL REFERENCES registrations(id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    amount_paid NUMERIC NOT NULL,
    payment_channel CHARACTER VARYING(50) NOT NULL,
    payment_date TIMESTAMP WITHOUT TIME ZONE DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE badges (
    id SERIAL PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    badge_type VARCHAR(50) NOT NULL,
    category VARCHAR(50) NOT NULL,
    icon_url VARCHAR(255),
    created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE user_badges (
    id SERIAL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    badge_id INTEGER NOT NULL REFERENCES badges(id) ON DELETE CASCADE,
    level INTEGER DEFAULT 1 NOT NULL,
    earned_date TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    UNIQUE (user_id, badge_id)
);
CREATE TABLE points_transactions (
    id SERIAL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    points INTEGER NOT NULL,
    transaction_type VARCHAR(50) NOT NULL,
    description TEXT,
    event_id INTEGER REFERENCES events(id) ON DELETE SET NULL,
    transaction_date TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE event_attendees (
    id SERIAL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users(id) ON DELETE CASCADE,
    event_id INTEGER NOT NULL REFERENCES events(id) ON DELETE CASCADE,
    status VARCHAR(50) DEFAULT 'attended',
    check_in_time TIMESTAMP WITH TIME ZONE,
    check_out_time TIMESTAMP WITH TIME ZONE,
    UNIQUE (user_id, event_id)
);
CREATE INDEX idx_users_email ON users(email);
CREATE INDEX idx_registrations_user_id ON registrations(user_id);
CREATE INDEX idx_event_attendees_event_id ON event_attendees(event_id);

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
