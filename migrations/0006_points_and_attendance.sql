-- The ledger's causes, attendance's generations, totals that follow the ledger, and the logs that only grow.

ALTER TABLE points_transactions
    ADD COLUMN source_key  text,
    ADD COLUMN reverses_id integer REFERENCES points_transactions (id),
    ADD COLUMN awarded_by  integer REFERENCES users (id),
    ADD COLUMN counts_at   timestamptz,
    ADD CONSTRAINT points_transactions_source_key_key UNIQUE (source_key),
    ADD CONSTRAINT points_transactions_reverses_id_key UNIQUE (reverses_id);

-- A generation is one check-in; an undo ends it, the next check-in begins another.
ALTER TABLE event_attendees
    ADD COLUMN generation    integer NOT NULL DEFAULT 1,
    ADD COLUMN checked_in_by integer REFERENCES users (id),
    ADD COLUMN device        text;

-- Σ ledger, kept beside it. Earned leaves redemptions out; spendable is everything.
CREATE TABLE user_totals (
    user_id   integer PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    earned    bigint  NOT NULL DEFAULT 0,
    spendable bigint  NOT NULL DEFAULT 0
);

CREATE INDEX user_totals_earned ON user_totals (earned DESC, user_id);

-- Whether a row counts as earned: all but redemptions and the reversals of redemptions.
CREATE FUNCTION pine.counts_as_earned(entry points_transactions) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT entry.transaction_type <> 'redemption'
       AND NOT EXISTS (
           SELECT
           FROM public.points_transactions AS reversed
           WHERE reversed.id = entry.reverses_id
             AND reversed.transaction_type = 'redemption'
       )
$$;

INSERT INTO user_totals (user_id, earned, spendable)
SELECT user_id, coalesce(sum(points) FILTER (WHERE pine.counts_as_earned(p)), 0), sum(points)
FROM points_transactions AS p
GROUP BY user_id;

-- Totals follow the ledger by trigger: whoever writes a row, they stay its sum.
CREATE FUNCTION pine.add_to_totals() RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    earned integer := CASE WHEN pine.counts_as_earned(NEW) THEN NEW.points ELSE 0 END;
BEGIN
    INSERT INTO public.user_totals AS t (user_id, earned, spendable)
    VALUES (NEW.user_id, earned, NEW.points)
    ON CONFLICT (user_id) DO UPDATE
    SET earned = t.earned + excluded.earned,
        spendable = t.spendable + excluded.spendable;
    RETURN NULL;
END
$$;

CREATE TRIGGER add_to_totals AFTER INSERT ON points_transactions
    FOR EACH ROW EXECUTE FUNCTION pine.add_to_totals();

-- Every attempt at a door, whatever came of it.
CREATE TABLE check_in_log (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    event_id    integer     NOT NULL REFERENCES events (id),
    user_id     integer     REFERENCES users (id),
    input       text        NOT NULL,
    outcome     text        NOT NULL,
    device      text        NOT NULL,
    operator_id integer     REFERENCES users (id),
    operator    text        NOT NULL,
    first_at    timestamptz,
    nonce       uuid        NOT NULL,
    -- Which rule staff set aside to let somebody in, and what else the same call did (to take it back).
    overrode    text,
    did         jsonb
);

CREATE INDEX check_in_log_event_id_id ON check_in_log (event_id, id DESC);

-- Who did what to whom, from which terminal; before and after where something was changed.
CREATE TABLE audit_log (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    actor_id   integer     REFERENCES users (id),
    actor      text        NOT NULL,
    action     text        NOT NULL,
    subject    text        NOT NULL,
    subject_id integer,
    device     text        NOT NULL,
    before     jsonb,
    after      jsonb
);

CREATE INDEX audit_log_at ON audit_log (at);

-- The first answer to every write, by the key press that asked for it. Kept 30 days.
CREATE TABLE request_log (
    actor     text        NOT NULL,
    nonce     uuid        NOT NULL,
    function  text        NOT NULL,
    args_hash bigint      NOT NULL,
    answer    jsonb,
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (actor, nonce)
);

CREATE INDEX request_log_at ON request_log (at);

-- Corrections are new rows.
CREATE FUNCTION pine.refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'The rows of % are never changed or removed; a correction is a new row.', TG_TABLE_NAME
        USING ERRCODE = 'PT403';
END
$$;

CREATE FUNCTION pine.refuse_deleting() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION '%', CASE TG_TABLE_NAME
            WHEN 'users' THEN 'Members are never deleted; deactivate them (is_active = false).'
            ELSE 'Events are never deleted; cancel them (is_active = false).'
        END
        USING ERRCODE = 'PT403';
END
$$;

CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON points_transactions
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_rewriting();
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON check_in_log
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_rewriting();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON users
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_deleting();
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION pine.refuse_deleting();
