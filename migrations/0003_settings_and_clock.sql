-- What the community decides about itself, and the clock that its rules read.

-- A zone of the IANA names only: POSIX strings such as `X+3` are understood by PostgreSQL, not by people.
CREATE FUNCTION pine.is_time_zone(name text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE
AS $$
BEGIN
    IF name !~ '^[A-Za-z_]+(/[A-Za-z0-9_+-]+)*$' THEN
        RETURN false;
    END IF;
    PERFORM timestamptz '2000-01-01 00:00:00+00' AT TIME ZONE name;
    RETURN true;
EXCEPTION
    WHEN invalid_parameter_value THEN
        RETURN false;
END
$$;

CREATE TABLE settings (
    singleton              boolean      PRIMARY KEY DEFAULT true CHECK (singleton),
    community_name         varchar(255) NOT NULL DEFAULT 'Pine Time',
    time_zone              text         NOT NULL DEFAULT 'UTC',
    currency               text         NOT NULL DEFAULT 'PHP',
    check_in_opens_minutes integer      NOT NULL DEFAULT 120,
    is_demo                boolean      NOT NULL DEFAULT false,
    CONSTRAINT settings_community_name_given CHECK (btrim(community_name) <> ''),
    CONSTRAINT settings_time_zone_known CHECK (pine.is_time_zone(time_zone)),
    CONSTRAINT settings_currency_iso_4217 CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT settings_check_in_opens_within_a_week CHECK (check_in_opens_minutes BETWEEN 0 AND 10080)
);

INSERT INTO settings DEFAULT VALUES;

-- Only the owner moves the clock, for tests and rehearsals; clients warn while it is moved.
CREATE TABLE pine.clock_offset (
    singleton boolean  PRIMARY KEY DEFAULT true CHECK (singleton),
    moved_by  interval NOT NULL DEFAULT interval '0'
);

INSERT INTO pine.clock_offset DEFAULT VALUES;

-- The rules' clock: the transaction's time, moved by the owner's offset. Never a caller's time.
CREATE FUNCTION pine.clock() RETURNS timestamptz
    LANGUAGE sql STABLE
AS $$
    SELECT pg_catalog.now() + c.moved_by FROM pine.clock_offset AS c
$$;
