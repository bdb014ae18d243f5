-- The game's rules as numbers, and the facts that it counts beside attendance: who brought whom, who met whom. What
-- follows from them is in 0042; a change of the numbers changes nothing that has been earned.

ALTER TABLE settings
    ADD COLUMN streak_step               integer NOT NULL DEFAULT 5,
    ADD COLUMN streak_most               integer NOT NULL DEFAULT 50,
    ADD COLUMN skip_weeks_without_events boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT settings_streak_step_not_negative CHECK (streak_step BETWEEN 0 AND 10000),
    ADD CONSTRAINT settings_streak_most_not_negative CHECK (streak_most BETWEEN 0 AND 10000);

-- Types keep their number when they are renamed; `is_trivia` says which of them Trivia Master counts.
ALTER TABLE event_types
    ADD COLUMN id        integer GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN is_trivia boolean NOT NULL DEFAULT false;
UPDATE event_types SET is_trivia = true WHERE lower(name) LIKE 'trivia%';

-- The five families. `rule` names the fact that a family counts; a badge without one is given by hand only.
ALTER TABLE badges
    ADD COLUMN rule     text,
    ADD COLUMN position integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT badges_rule_key UNIQUE (rule),
    ADD CONSTRAINT badges_rule_known CHECK (rule IN ('types', 'connections', 'wins', 'weeks', 'referrals'));

CREATE TEMPORARY TABLE family (name text, description text, category text, rule text, position integer, thresholds integer[])
    ON COMMIT DROP;
INSERT INTO family
VALUES
    ('Event Explorer', 'Attend different types of events', 'attendance', 'types', 1, '{2,3,4,5,6}'),
    ('Social Butterfly', 'Connect with people you meet at events', 'community', 'connections', 2, '{3,10,25,50,100}'),
    ('Trivia Master', 'Win trivia nights', 'achievement', 'wins', 3, '{1,3,5,10,20}'),
    ('Consistent Attendee', 'Come week after week', 'attendance', 'weeks', 4, '{2,4,8,16,26}'),
    ('Community Builder', 'Bring new members', 'community', 'referrals', 5, '{1,3,5,10,20}');

-- A database that has a family already keeps its row and gets the rule.
UPDATE badges AS b
SET rule = f.rule, position = f.position
FROM family AS f
WHERE b.id = (SELECT min(o.id) FROM badges AS o WHERE lower(o.name) = lower(f.name));

INSERT INTO badges (name, description, badge_type, category, rule, position)
SELECT f.name, f.description, replace(lower(f.name), ' ', '_'), f.category, f.rule, f.position
FROM family AS f
WHERE NOT EXISTS (SELECT FROM badges AS b WHERE b.rule = f.rule)
ORDER BY f.position;

CREATE TABLE badge_levels (
    badge_id  integer NOT NULL REFERENCES badges (id),
    level     integer NOT NULL,
    name      text    NOT NULL,
    threshold integer NOT NULL,
    points    integer NOT NULL,
    PRIMARY KEY (badge_id, level),
    CONSTRAINT badge_levels_level_one_to_five CHECK (level BETWEEN 1 AND 5),
    CONSTRAINT badge_levels_name_given CHECK (btrim(name) <> '' AND length(name) <= 40),
    CONSTRAINT badge_levels_threshold_positive CHECK (threshold > 0),
    CONSTRAINT badge_levels_points_not_negative CHECK (points BETWEEN 0 AND 1000000)
);

INSERT INTO badge_levels (badge_id, level, name, threshold, points)
SELECT b.id, l.level, (ARRAY['Bronze', 'Silver', 'Gold', 'Platinum', 'Diamond'])[l.level],
       f.thresholds[l.level], (ARRAY[10, 20, 30, 50, 100])[l.level]
FROM family AS f
JOIN badges AS b ON b.rule = f.rule
CROSS JOIN generate_series(1, 5) AS l (level);

-- Every level that was ever reached: when, by which threshold, or by whose hand. user_badges keeps the highest that
-- stands. `number` counts the times a member got a level; it is what makes the ledger row's cause their own.
CREATE TABLE badge_awards (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id        integer     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    badge_id       integer     NOT NULL REFERENCES badges (id),
    level          integer     NOT NULL,
    number         integer     NOT NULL,
    -- NULL for a level that was given by hand: no fact takes it away.
    threshold      integer,
    earned_date    timestamptz NOT NULL,
    awarded_by     integer     REFERENCES users (id),
    reason         text,
    transaction_id integer     REFERENCES points_transactions (id),
    reversed_at    timestamptz,
    UNIQUE (user_id, badge_id, level, number)
);

CREATE UNIQUE INDEX badge_awards_standing ON badge_awards (user_id, badge_id, level) WHERE reversed_at IS NULL;

-- Levels of an older database stand: nobody can tell any more what they were reached by.
INSERT INTO badge_awards (user_id, badge_id, level, number, earned_date, reason)
SELECT h.user_id, h.badge_id, l.level, 1, h.earned_date, 'Held before'
FROM user_badges AS h
CROSS JOIN LATERAL generate_series(1, least(greatest(h.level, 1), 5)) AS l (level);

-- Who brought a member. Counted once the new member attends.
ALTER TABLE users
    ADD COLUMN IF NOT EXISTS referred_by integer REFERENCES users (id),
    ADD CONSTRAINT users_referred_by_somebody_else CHECK (referred_by <> id);
CREATE INDEX users_referred_by ON users (referred_by) WHERE referred_by IS NOT NULL;

-- Two members who met at an event both attended: one asks, the other confirms. Once a pair, ever.
CREATE TABLE connections (
    one_id       integer     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    other_id     integer     NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    event_id     integer     NOT NULL REFERENCES events (id),
    asked_by     integer     NOT NULL REFERENCES users (id),
    asked_at     timestamptz NOT NULL,
    confirmed_at timestamptz,
    PRIMARY KEY (one_id, other_id),
    CONSTRAINT connections_one_before_other CHECK (one_id < other_id),
    CONSTRAINT connections_asked_by_one_of_them CHECK (asked_by IN (one_id, other_id))
);

CREATE INDEX connections_other_id ON connections (other_id);
CREATE INDEX connections_event_id ON connections (event_id);

-- Up to which row of the ledger a member was told what they earned. Whoever is new has been told everything there was,
-- so that a history that is brought along is never celebrated.
CREATE FUNCTION pine.newest_transaction() RETURNS integer
    LANGUAGE sql STABLE
AS $$
    SELECT coalesce(max(p.id), 0) FROM public.points_transactions AS p
$$;

ALTER TABLE users ADD COLUMN celebrated_through integer NOT NULL DEFAULT pine.newest_transaction();
