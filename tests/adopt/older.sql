-- What the older application made of it: other names, times without a zone, hardly a rule, and everything that such a
-- database has in it after some years.

CREATE TYPE user_kind AS ENUM ('user', 'business', 'admin', 'pirate');
CREATE TABLE "user" (
    id serial PRIMARY KEY,
    email varchar,
    username varchar,
    full_name varchar,
    hashed_password varchar,
    is_active boolean,
    is_superuser boolean,
    user_type user_kind,
    created_at timestamp,
    points integer,
    favourite_colour varchar
);
CREATE TABLE event (
    id serial PRIMARY KEY,
    title varchar,
    description text,
    event_type varchar,
    location varchar,
    start_time timestamp,
    end_time timestamp,
    max_participants integer,
    points_reward integer,
    created_by integer,
    is_active boolean,
    image_url varchar,
    price double precision
);
CREATE TABLE registration (
    id serial PRIMARY KEY,
    user_id integer,
    event_id integer,
    registration_date timestamp,
    status varchar,
    payment_status varchar
);
CREATE TABLE event_attendees (
    id serial PRIMARY KEY,
    user_id integer,
    event_id integer,
    status varchar,
    registration_date timestamp,
    attendance_date timestamp
);
CREATE TABLE payment (
    id serial PRIMARY KEY,
    registration_id integer,
    user_id integer,
    event_id integer,
    amount_paid double precision,
    payment_channel varchar,
    payment_date timestamp
);
CREATE TABLE badge_types (
    id serial PRIMARY KEY,
    badge_type varchar,
    name varchar,
    description text,
    level varchar
);
CREATE TABLE badges (
    id serial PRIMARY KEY,
    user_id integer,
    badge_type_id integer,
    badge_type varchar,
    name varchar,
    earned_date timestamp
);
CREATE TABLE points_transaction (
    id serial PRIMARY KEY,
    user_id integer,
    points integer,
    transaction_type varchar,
    description text,
    event_id integer,
    admin_id integer,
    transaction_date timestamp
);
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('a1b2c3');
-- The name of a table of ours, with something else in it.
CREATE TABLE settings (key text PRIMARY KEY, value text);
INSERT INTO settings VALUES ('colour', 'green');
CREATE VIEW active_people AS SELECT id, username FROM "user" WHERE is_active;
CREATE FUNCTION how_many() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public."user"';

INSERT INTO "user" (id, email, username, full_name, hashed_password, is_active, is_superuser, user_type, created_at, points)
VALUES
    (1, 'root@example.org', 'root', 'Root', '{one}', true, true, 'admin', '2024-01-01 10:00:00', NULL),
    (2, 'ana@example.org', 'ana', 'Ana Reyes', '{two}', true, false, 'user', '2024-02-01 10:00:00', 100),
    (3, 'shop@example.org', 'shop', 'The Shop', '{three}', true, NULL, 'business', NULL, 5),
    (4, 'fake@example.org', 'fake', 'Not an admin', '{one}', true, false, 'admin', NULL, NULL),
    (5, 'ana@example.org', 'ana', 'Ana Again', '{two}', true, false, 'user', NULL, NULL),
    (6, 'ANA@example.org', 'Ana', 'Ana In Capitals', '{three}', true, false, 'user', NULL, NULL),
    (7, '', NULL, NULL, '{one}', true, false, 'pirate', NULL, NULL),
    (8, 'evil@example.org', E'ev\033[2Jil', E'Bad\nName', '{two}', false, false, 'user', NULL, NULL),
    (9, 'plain@example.org', 'plain', 'Plain Password', 'hunter2', true, false, 'user', NULL, NULL),
    (10, 'costly@example.org', 'costly', 'Costly', '$argon2id$v=19$m=65536,t=3,p=8$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', true, false, 'user', NULL, NULL);

INSERT INTO event (id, title, description, event_type, location, start_time, end_time, max_participants, points_reward, created_by, is_active, price)
VALUES
    (1, 'Trivia', E'Six rounds.\r\nTeams of four.', 'trivia', 'Hall', '2026-01-06 18:00:00', '2026-01-06 20:00:00', 30, 15, 1, true, 249.99),
    (2, 'Odd price', NULL, 'murder_mystery', 'Hall', '2026-01-13 18:00:00', '2026-01-13 20:00:00', 30, 20, 99, true, 19.999),
    (3, 'Backwards', NULL, 'game_night', 'Hall', '2026-01-20 20:00:00', '2026-01-20 18:00:00', -1, -5, NULL, true, -3),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, 'NaN'),
    (5, 'To come', NULL, 'trivia', 'Hall', (now() AT TIME ZONE 'UTC') + interval '9 days', (now() AT TIME ZONE 'UTC') + interval '9 days 2 hours', 2, 10, 1, true, 100);

INSERT INTO registration (id, user_id, event_id, registration_date, status, payment_status)
VALUES
    (1, 2, 1, '2026-01-01 08:00:00', 'cancelled', 'pending'),
    (2, 2, 1, '2026-01-02 08:00:00', 'approved', 'completed'),
    (3, 2, 1, '2026-01-01 09:00:00', 'registered', 'pending'),
    (4, 3, 1, '2026-01-02 08:00:00', 'attended', 'pending'),
    (5, 6, 1, '2026-01-02 08:00:00', 'checked_in', 'completed'),
    (6, 2, 2, '2026-01-02 08:00:00', 'Checked-In', 'refunded'),
    (7, 2, 5, '2026-01-02 08:00:00', 'pending', 'pending'),
    (8, 3, 5, '2026-01-02 08:00:00', 'rejected', NULL),
    (9, 6, 5, '2026-01-02 08:00:00', 'maybe', 'dunno'),
    (10, 99, 1, '2026-01-02 08:00:00', 'registered', 'pending'),
    (11, 2, 99, '2026-01-02 08:00:00', 'registered', 'pending'),
    (12, 8, 5, NULL, NULL, NULL);

INSERT INTO event_attendees (id, user_id, event_id, status, registration_date, attendance_date)
VALUES
    (1, 2, 1, 'attended', '2026-01-01 08:00:00', '2026-01-06 18:10:00'),
    (2, 2, 1, 'attended', '2026-01-01 08:00:00', '2026-01-06 18:05:00'),
    (3, 5, 1, 'attended', '2026-01-01 08:00:00', '2026-01-06 18:20:00'),
    (4, 2, 5, 'registered', '2026-01-01 08:00:00', NULL),
    (5, 99, 1, 'attended', '2026-01-01 08:00:00', NULL),
    (6, 3, 2, 'teleported', '2026-01-01 08:00:00', NULL);

INSERT INTO payment (id, registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
VALUES
    (1, 2, 2, 1, 100, 'Cash', '2026-01-05 08:00:00'),
    (2, 3, 2, 1, 149.99, 'GCash', '2026-01-06 08:00:00'),
    (3, 5, 6, 1, 249.994, NULL, '2026-01-06 08:00:00'),
    (4, 5, 6, 1, -49.99, 'cash', '2026-01-07 08:00:00'),
    (5, 6, 2, 2, 20, 'bank transfer', '2026-01-07 08:00:00'),
    (6, NULL, 3, 2, 20, 'cash', '2026-01-08 08:00:00'),
    (7, 77, 99, 1, 11, 'cash', '2026-01-08 08:00:00'),
    (8, 4, 3, 1, 0, 'cash', '2026-01-08 08:00:00');

INSERT INTO badge_types (id, badge_type, name, description, level)
VALUES (1, 'event_explorer', 'Event Explorer', 'Types', 'silver'), (2, 'helper', 'Helper', NULL, NULL);
INSERT INTO badges (id, user_id, badge_type_id, badge_type, name, earned_date)
VALUES
    (1, 2, 1, 'event_explorer', 'Event Explorer', '2026-01-06 20:00:00'),
    (2, 2, 1, 'event_explorer', 'Event Explorer', '2026-01-05 20:00:00'),
    (3, 3, 2, 'helper', 'Helper', NULL),
    (4, 99, 2, 'helper', 'Helper', '2026-01-06 20:00:00');

INSERT INTO points_transaction (id, user_id, points, transaction_type, description, event_id, admin_id, transaction_date)
VALUES
    (1, 2, 15, 'earned', E'Attended\tTrivia', 1, NULL, '2026-01-06 18:10:00'),
    (2, 2, 20, 'awarded', 'Helped', NULL, 1, '2026-01-07 18:10:00'),
    (3, 2, -5, 'redeemed', 'A pin', NULL, NULL, '2026-01-08 18:10:00'),
    (4, 3, 15, 'attendance', 'Attended Trivia', 1, NULL, '2026-01-06 18:10:00'),
    (5, 6, 7, 'gift', 'A gift', 99, 98, '2026-01-06 18:10:00'),
    (6, 99, 50, 'earned', 'Gone', 1, NULL, '2026-01-06 18:10:00'),
    (7, 6, 3, 'reversal', 'Odd', NULL, NULL, '2026-01-06 18:10:00');
