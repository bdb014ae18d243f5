-- The sample community: about sixty members and forty events over four months around today, with the
-- registrations, attendance and points that such a community would have. The same every time but for the dates,
-- which lie around the moment it is made. Attendance and points go through the same rules as at a real door.

-- A die with n sides that falls the same way for the same key.
CREATE FUNCTION pg_temp.dice(key text, sides integer) RETURNS integer
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT (('x' || substr(md5(key), 1, 7))::bit(28)::integer) % sides
$$;

CREATE FUNCTION pg_temp.pass_code(key text) RETURNS text
    LANGUAGE sql IMMUTABLE
AS $$
    SELECT body || pine.pass_code_check(body)
    FROM (
        SELECT string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 1 + pg_temp.dice(key || ':' || place, 32), 1), '')
        FROM generate_series(1, 9) AS place
    ) AS made (body)
$$;

UPDATE settings
SET community_name = 'Highland Games Community',
    time_zone = 'Asia/Manila',
    currency = 'PHP',
    -- Tonight's door is open whenever the sample is looked at, so that a whole evening can be tried at breakfast.
    check_in_opens_minutes = 1200,
    is_demo = true;

CREATE TEMPORARY TABLE sample_people (place serial, username text, full_name text, user_type text) ON COMMIT DROP;

INSERT INTO sample_people (username, full_name, user_type)
VALUES
    ('admin', 'Adela Villanueva', 'admin'),
    ('staff', 'Mira Santos', 'staff'),
    ('ana', 'Ana Reyes', 'regular'),
    ('tala', 'Tala Ocampo', 'staff');

INSERT INTO sample_people (username, full_name, user_type)
SELECT split_part(person, '|', 1), split_part(person, '|', 2), 'regular'
FROM unnest(ARRAY[
    'jo_m|Jo Mendoza', 'rey_s|Rey Santos', 'katya|Katya Torres', 'liam.a|Liam Aquino', 'paolo|Paolo Garcia',
    'nino_b|Niño Bautista', 'ninar|Ninotchka Reyes', 'nina.c|Niñalyn Cruz', 'tonyf|Antonino Flores',
    'ines|Ines Ramos', 'marco.d|Marco Dizon', 'bea|Beatriz Soriano', 'josep|José Pascual', 'lourdes|Lourdes Magno',
    'dan_l|Daniel Lim', 'hana|Hana Tanaka', 'omar|Omar Haddad', 'chloe|Chloé Dubois', 'sven|Sven Åkesson',
    'zsofi|Zsófia Nagy', 'mei|Li Mei', 'arjun|Arjun Rao', 'grace.o|Grace Okafor', 'tomas|Tomáš Novák',
    'pia|Pia Evangelista', 'gabe|Gabriel Ilagan', 'isay|Isaías Peña', 'trish|Patricia Uy', 'kiko|Francisco Lacson',
    'lani|Melanie Castro', 'boyet|Roberto Salonga', 'che|Cherry Domingo', 'dodong|Rodrigo Abad', 'ella|Ella Navarro',
    'fe|Fe Manalo', 'gino|Gino Alcantara', 'honey|Honey Rose Padilla', 'ivan_p|Ivan Petrov', 'jaja|Janelle Hidalgo',
    'karl|Karl Weiß', 'luz|Luz Clarita Ferrer', 'migs|Miguel Zobel', 'nadia|Nadia Rahman', 'onyok|Leonardo Bato',
    'pepper|Penelope Quiambao', 'quino|Joaquin Tuazon', 'rafa|Rafael Iñigo', 'sari|Rosario Belmonte',
    'teo|Teodoro Cabrera', 'uma|Uma Krishnan', 'vina|Divina Mercado', 'wena|Rowena Sison', 'xander|Alexander Yap',
    'yanni|Yannis Pappas', 'zeny|Zenaida Robles', 'bong|Ferdinand Ocampo'
]) WITH ORDINALITY AS list (person, place)
ORDER BY place;

INSERT INTO users
    (email, username, full_name, hashed_password, user_type, is_superuser, is_sample, pass_code, created_at, last_login)
SELECT p.username || '@example.org',
       p.username,
       p.full_name,
       -- Only the three that the sign-in screen names can sign in.
       CASE WHEN p.place <= 3 THEN current_setting('pine.sample_password') ELSE '!' END,
       p.user_type,
       p.user_type = 'admin',
       true,
       pg_temp.pass_code(p.username),
       now() - make_interval(days => 100 + 6 * (60 - p.place) + pg_temp.dice(p.username, 5)),
       CASE WHEN p.place > 3 THEN now() - make_interval(hours => 5 + pg_temp.dice(p.username || ' seen', 400)) END
FROM sample_people AS p
ORDER BY p.place;

CREATE TEMPORARY TABLE sample_events (
    place serial, day integer, starts time, lasts interval, event_type text, title text, location text,
    seats integer, points integer, liking integer, description text, price numeric
) ON COMMIT DROP;

-- `day` counts from today; `liking` is how many in a hundred of the members register; seats below that fill up.
INSERT INTO sample_events (day, starts, lasts, event_type, title, location, seats, points, liking, description)
VALUES
    (-74, '18:30', '2 h',   'trivia',   'Trivia Night: Beginnings',      'Hill Station',      40, 15, 55, 'Six rounds, teams of four, one pencil each. Come alone and we seat you with people.'),
    (-70, '09:00', '4 h',   'hike',     'Ridge Walk: Mount Talamitam',   'Trailhead, km 72',  25, 30, 30, 'An easy first ridge. Bring two litres of water and a hat.'),
    (-67, '19:00', '2.5 h', 'games',    'Board Game Evening',            'Casa Verde',        24, 10, 28, 'The shelf is open. Teachers at every table.'),
    (-63, '19:00', '3 h',   'mystery',  'The Manor Murder',              'Casa Verde',        20, 30, 45, 'One body, nine suspects, three hours.'),
    (-60, '18:30', '2 h',   'trivia',   'Trivia Night: Geography',       'Hill Station',      40, 15, 48, 'Maps, flags, rivers, and one round blindfolded.'),
    (-56, '14:00', '3 h',   'workshop', 'Bookbinding for Beginners',     'The Annex',         12, 20, 35, 'Everybody goes home with one sewn notebook.'),
    (-53, '20:00', '3 h',   'social',   'Rooftop Social',                'Rooftop, 9th floor', NULL, 5, 40, 'No programme. Name tags optional.'),
    (-49, '06:00', '6 h',   'hike',     'Sunrise at Pico de Loro',       'Ternate gate',      18, 40, 32, 'We start in the dark; headlamps can be borrowed.'),
    (-46, '18:30', '2 h',   'trivia',   'Trivia Night: History',         'Hill Station',      40, 15, 50, 'From the Silk Road to last Tuesday.'),
    (-42, '19:00', '2.5 h', 'games',    'Board Game Evening',            'Casa Verde',        24, 10, 30, 'The shelf is open. Teachers at every table.'),
    (-39, '19:00', '3 h',   'mystery',  'Death on the Night Train',      'Old Station Hall',  18, 30, 42, 'Between two stations somebody pulls the brake.'),
    (-35, '14:00', '2 h',   'workshop', 'Latte Art, Badly',              'Café Niyog',        10, 20, 30, 'Ten litres of milk and no judgement.'),
    (-32, '18:30', '2 h',   'trivia',   'Trivia Night: Music',           'Hill Station',      40, 15, 52, 'Bring ears. The last round is hummed by the host.'),
    (-30, '20:00', '3 h',   'social',   'Rooftop Social',                'Rooftop, 9th floor', NULL, 5, 42, 'No programme. Name tags optional.'),
    (-28, '09:00', '4 h',   'hike',     'Coastal Walk: Nasugbu',         'Fish port',         25, 30, 33, 'Flat, long, windy. Lunch at the end.'),
    (-25, '19:00', '2.5 h', 'games',    'Board Game Evening',            'Casa Verde',        24, 10, 33, 'The shelf is open. Teachers at every table.'),
    (-21, '18:30', '2 h',   'trivia',   'Trivia Night: Film',            'Hill Station',      40, 15, 55, 'Quotes, posters, and soundtracks played backwards.'),
    (-18, '19:00', '3 h',   'mystery',  'The Last Toast',                'Casa Verde',        20, 30, 46, 'Somebody at this table did it before dessert.'),
    (-14, '18:30', '2 h',   'trivia',   'Trivia Night: Food',            'Hill Station',      40, 15, 50, 'There will be a tasting round. Allergies: tell us at the door.'),
    (-11, '14:00', '3 h',   'workshop', 'Mend Your Own Bag',             'The Annex',         12, 20, 32, 'Needles, awls and thread are there. Bring the bag.'),
    (-9,  '09:00', '4 h',   'hike',     'Ridge Walk: Mount Batulao',     'Evercrest gate',    25, 30, 34, 'Old trail up, new trail down.'),
    (-7,  '18:30', '2 h',   'trivia',   'Trivia Night: Science',         'Hill Station',      40, 15, 54, 'Including one experiment that worked in the rehearsal.'),
    (-5,  '19:00', '2.5 h', 'games',    'Board Game Evening',            'Casa Verde',        24, 10, 35, 'The shelf is open. Teachers at every table.'),
    (-3,  '20:00', '3 h',   'social',   'Karaoke for the Shy',           'Rooftop, 9th floor', 30, 5, 40, 'Sing with your back to the room, if you like.'),
    (-1,  '19:00', '3 h',   'mystery',  'Murder at the Lighthouse',      'Old Station Hall',  18, 30, 44, 'The lamp went out at nine.'),
    (0,   NULL,    '3 h',   'games',    'Open Table: Games and Puzzles', 'Hill Station',      45, 10, 55, 'Running all the while: come, sit down, learn something, move on.'),
    (0,   '20:00', '2 h',   'trivia',   'Trivia Night: The Big One',     'Hill Station',      60, 15, 58, 'Eight rounds, two prizes, one tie-break that nobody has ever survived.'),
    (2,   '14:00', '2 h',   'workshop', 'Latte Art, Slightly Better',    'Café Niyog',        10, 20, 45, 'For those who were there last time, and those who wish they had been.'),
    (4,   '19:00', '3 h',   'mystery',  'The Manor Murder, Again',       'Casa Verde',        20, 30, 55, 'A new ending. Bring your theory.'),
    (5,   '09:00', '4 h',   'hike',     'Ridge Walk: Mount Maculot',     'Cuenca church',     25, 30, 25, 'The grotto trail, then the view.'),
    (7,   '18:30', '2 h',   'trivia',   'Trivia Night: Sport',           'Hill Station',      40, 15, 40, 'Rules nobody knows, records nobody believes.'),
    (9,   '19:00', '2.5 h', 'games',    'Board Game Evening',            'Casa Verde',        24, 10, 25, 'The shelf is open. Teachers at every table.'),
    (11,  '20:00', '3 h',   'social',   'Rooftop Social',                'Rooftop, 9th floor', NULL, 5, 30, 'No programme. Name tags optional.'),
    (14,  '18:30', '2 h',   'trivia',   'Trivia Night: Words',           'Hill Station',      40, 15, 28, 'Crosswords, false friends, and one letter you may not say.'),
    (16,  '14:00', '3 h',   'workshop', 'Bookbinding, Second Step',      'The Annex',         12, 20, 40, 'Hard covers. It helps to have been to the first.'),
    (19,  '06:00', '6 h',   'hike',     'Sunrise at Mount Gulugod Baboy', 'Anilao pier',      18, 40, 20, 'We start in the dark; headlamps can be borrowed.'),
    (22,  '19:00', '3 h',   'mystery',  'Poison at the Parish Hall',     'Old Station Hall',  18, 30, 24, 'Tea, cake, and consequences.'),
    (28,  '18:30', '2 h',   'trivia',   'Trivia Night: Year in Review',  'Hill Station',      40, 15, 22, 'You were there for most of it.'),
    (33,  '10:00', '8 h',   'social',   'Island Day',                    'Talim ferry',       30, 25, 18, 'Ferry at ten sharp. Lunch with the cooperative.'),
    (40,  '19:00', '2.5 h', 'games',    'Board Game Evening',            'Casa Verde',        24, 10, 12, 'The shelf is open. Teachers at every table.');

-- A murder needs a kitchen, a workshop its material, an island a ferry; the rest is free.
UPDATE sample_events
SET price = CASE event_type WHEN 'mystery' THEN 250 WHEN 'workshop' THEN 350 END
WHERE event_type IN ('mystery', 'workshop');
UPDATE sample_events SET price = 480 WHERE title = 'Island Day';

DO $do$
DECLARE
    clock    timestamptz := pine.clock();
    zone     text := (SELECT time_zone FROM settings);
    today    date := (clock AT TIME ZONE zone)::date;
    quarter  constant interval := interval '15 minutes';
    planned  record;
    person   record;
    made     events;
    starts   timestamptz;
    came_at  timestamptz;
    operator users;
    member   users;
    other    users;
    door     text;
    taken    integer;
    waiting  integer;
BEGIN
    SELECT * INTO operator FROM users WHERE username = 'staff';

    FOR planned IN SELECT * FROM sample_events ORDER BY place LOOP
        starts := CASE
            -- The one without an hour has been running for a good half hour.
            WHEN planned.starts IS NULL THEN date_bin(quarter, clock - interval '40 minutes', 'epoch')
            ELSE (today + planned.day + planned.starts) AT TIME ZONE zone
        END;
        -- Tonight stays ahead, however late it is.
        IF planned.day = 0 AND planned.starts IS NOT NULL AND starts < clock + 3 * quarter THEN
            starts := date_bin(quarter, clock + 4 * quarter, 'epoch');
        END IF;

        INSERT INTO events
            (title, description, event_type, location, start_time, end_time, max_participants, points_reward,
             created_by, created_at, price, requires_approval)
        VALUES
            (planned.title, planned.description, planned.event_type, planned.location, starts,
             starts + planned.lasts, planned.seats, planned.points, operator.id, starts - interval '30 days',
             planned.price,
             -- The ferry's list goes to the coast guard: whoever comes along is looked at first.
             planned.title = 'Island Day')
        RETURNING * INTO made;

        taken := 0;
        waiting := 0;
        FOR person IN
            SELECT u.id, u.username
            FROM users AS u
            WHERE pine.user_type(u) = 'regular'
              -- Ana's evenings are the visitor's to decide.
              AND NOT (u.username = 'ana' AND planned.day BETWEEN 0 AND 4)
              AND pg_temp.dice(u.username || ' likes ' || planned.place, 100)
                  -- Some come to everything, some hardly ever.
                  < planned.liking * (40 + pg_temp.dice(u.username || ' is keen', 120)) / 100
            ORDER BY pg_temp.dice(u.username || ' hurries ' || planned.place, 1000), u.id
        LOOP
            EXIT WHEN taken >= planned.seats AND (starts <= clock OR waiting = 4);
            INSERT INTO registrations
                (user_id, event_id, registration_date, status, price_due, payment_status)
            VALUES (
                person.id, made.id,
                least(starts, clock) - make_interval(hours => 3 + pg_temp.dice(person.username || ' books ' || made.id, 300)),
                CASE WHEN taken >= planned.seats THEN 'waitlisted'
                     WHEN pg_temp.dice(person.username || ' gives up ' || planned.place, 15) = 0 THEN 'cancelled'
                     WHEN made.requires_approval AND pg_temp.dice(person.username || ' is looked at', 3) = 0 THEN 'pending'
                     ELSE 'registered' END,
                coalesce(made.price, 0), pine.payment_status(made.price, NULL)
            );
            SELECT s.taken, s.waiting INTO taken, waiting FROM event_seats AS s WHERE s.event_id = made.id;
        END LOOP;
    END LOOP;

    -- What stands among ana's registrations besides seats: a line, a seat to be paid for, an approval, a cancellation.
    INSERT INTO registrations (user_id, event_id, registration_date, status, status_reason, price_due, payment_status)
    SELECT u.id, e.id, clock - hers.ago, hers.status, hers.reason,
           coalesce(e.price, 0), pine.payment_status(e.price, NULL)
    FROM (VALUES
        ('Bookbinding, Second Step', 'waitlisted', NULL, interval '2 days'),
        ('Poison at the Parish Hall', 'registered', NULL, interval '5 days'),
        ('Island Day', 'pending', NULL, interval '1 day'),
        ('Sunrise at Mount Gulugod Baboy', 'cancelled', 'The boat takes two fewer than we were told. Sorry; the next '
            'sunrise has your name on it.', interval '9 days')
    ) AS hers (title, status, reason, ago)
    JOIN events AS e ON e.title = hers.title
    JOIN users AS u ON u.username = 'ana'
    ON CONFLICT (user_id, event_id) DO UPDATE
    SET status = excluded.status, status_reason = excluded.status_reason;

    -- Some were brought by others, who had been there a while.
    UPDATE users AS u
    SET referred_by = o.id
    FROM users AS o
    WHERE pine.user_type(u) = 'regular' AND u.id > 20 AND pg_temp.dice(u.username || ' was brought', 4) = 0
      AND o.id = 3 + pg_temp.dice(u.username || ' was brought by', 8) AND pine.user_type(o) = 'regular';

    -- The past as the doors saw it, in its own order; of the running event a third are in.
    FOR person IN
        SELECT u.id, u.username, r.event_id, e.start_time,
               e.start_time - interval '20 minutes'
                   + make_interval(secs => pg_temp.dice(u.username || ' arrives ' || e.title, 2100)) AS arrives
        FROM registrations AS r
        JOIN users AS u ON u.id = r.user_id
        JOIN events AS e ON e.id = r.event_id
        WHERE r.status = 'registered'
          AND e.start_time <= clock
          AND pg_temp.dice(u.username || ' comes ' || e.id, 100) < CASE WHEN e.end_time > clock THEN 35 ELSE 86 END
        ORDER BY arrives
    LOOP
        SELECT * INTO made FROM events WHERE id = person.event_id;
        came_at := least(person.arrives, clock - interval '1 minute');
        door := CASE WHEN pg_temp.dice(person.username || ' queues ' || made.id, 3) = 0 THEN 'door 2' ELSE 'door 1' END;
        SELECT * INTO member FROM users WHERE id = person.id;
        PERFORM pine.reward_attendance(
            member, made, pine.attend(person.id, made.id, operator.id, door, came_at), came_at);
        INSERT INTO check_in_log (at, event_id, user_id, input, outcome, device, operator_id, operator, nonce)
        VALUES (came_at, made.id, person.id, person.username, 'ok', door, operator.id, operator.username,
                md5(person.username || made.id)::uuid);
        -- Now and then somebody shows somebody who was there before their pass, and they show theirs.
        FOR other IN
            SELECT u.*
            FROM event_attendees AS a
            JOIN users AS u ON u.id = a.user_id
            WHERE a.event_id = made.id AND u.id <> person.id
              AND pg_temp.dice(u.username || ' talks to ' || person.username || ' at ' || made.title, 100) < 4
            ORDER BY u.id
        LOOP
            PERFORM pine.connect(person.id, other.id, came_at), pine.connect(other.id, person.id, came_at);
        END LOOP;
    END LOOP;

    -- Four win each trivia night.
    FOR made IN SELECT * FROM events AS e WHERE e.event_type = 'trivia' AND e.end_time <= clock ORDER BY e.start_time LOOP
        PERFORM pine.set_results(
            ROW (NULL, operator.id, operator.username, 'staff', 'door 1', 'user:' || operator.id)::pine.actor, made,
            (SELECT coalesce(jsonb_object_agg(w.user_id, 1), '{}')
             FROM (
                 SELECT a.user_id
                 FROM event_attendees AS a
                 JOIN users AS u ON u.id = a.user_id
                 WHERE a.event_id = made.id
                 ORDER BY pg_temp.dice(u.username || ' knows ' || made.title, 1000), u.id
                 LIMIT 4
             ) AS w),
            NULL, made.end_time);
    END LOOP;

    -- Whoever came has paid, at the latest at the door; of those who will come, most have paid when they registered.
    INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
    SELECT r.id, r.user_id, r.event_id, r.price_due,
           (ARRAY['gcash', 'gcash', 'maya', 'instapay', 'bank_transfer', 'card'])[1 + pg_temp.dice(u.username || ' pays', 6)],
           (r.registration_date + make_interval(mins => pg_temp.dice(u.username || ' fetches the purse', 90)))
               AT TIME ZONE 'UTC'
    FROM registrations AS r
    JOIN users AS u ON u.id = r.user_id
    JOIN events AS e ON e.id = r.event_id
    WHERE r.price_due > 0 AND r.status = 'registered'
      AND NOT (u.username = 'ana' AND e.start_time > clock)
      AND pg_temp.dice(u.username || ' pays at once ' || e.title, 100) < 70
    ORDER BY r.registration_date, r.id;

    INSERT INTO payment (registration_id, user_id, event_id, amount_paid, payment_channel, payment_date)
    SELECT r.id, r.user_id, r.event_id, r.price_due,
           CASE WHEN pg_temp.dice(u.username || ' at the door', 4) = 0 THEN 'gcash' ELSE 'cash' END,
           a.check_in_time AT TIME ZONE 'UTC'
    FROM registrations AS r
    JOIN users AS u ON u.id = r.user_id
    JOIN event_attendees AS a ON a.user_id = r.user_id AND a.event_id = r.event_id
    WHERE r.price_due > 0 AND r.payment_status = 'pending'
    ORDER BY a.check_in_time, r.id;

    -- A few rows that are no attendance, so that a ledger looks like one.
    INSERT INTO points_transactions
        (user_id, points, transaction_type, description, transaction_date, source_key, awarded_by, counts_at)
    SELECT u.id, given.points, given.kind, given.description, clock - given.ago,
           'sample:' || given.username || ':' || given.kind, operator.id, clock - given.ago
    FROM (VALUES
        ('ana', 20, 'special_activity', 'Read the questions on trivia night', interval '13 days'),
        ('katya', 25, 'special_activity', 'Led the sunrise hike', interval '48 days'),
        ('paolo', 15, 'special_activity', 'Repaired the projector', interval '20 days'),
        ('jo_m', 20, 'special_activity', 'Took the photographs at the social', interval '29 days'),
        ('ana', -50, 'redemption', 'Redeemed: tote bag', interval '6 days'),
        ('katya', -50, 'redemption', 'Redeemed: tote bag', interval '4 days')
    ) AS given (username, points, kind, description, ago)
    JOIN users AS u ON u.username = given.username
    ORDER BY given.ago DESC;

    -- Everybody has seen what they earned so far.
    UPDATE users SET celebrated_through = pine.newest_transaction();
END
$do$;

ANALYZE users, events, registrations, payment, event_attendees, points_transactions, user_totals, check_in_log;
