-- What benches/door.rs compares a check-in with: the same one that pays its points and adds them to the totals, but knows
-- no streaks, no badges and no leaderboards.
SET ROLE pine_owner;

CREATE OR REPLACE FUNCTION pine.reward_attendance(member users, event events, generation integer, at timestamptz)
    RETURNS jsonb
    LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    paid integer := pine.pay_attendance(member.id, event, generation, at);
BEGIN
    RETURN pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('kind', 'attendance', 'points', paid));
END
$$;

CREATE OR REPLACE FUNCTION pine.add_to_totals() RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO public.user_totals AS t (user_id, earned, spendable)
    VALUES (NEW.user_id, NEW.points, NEW.points)
    ON CONFLICT (user_id) DO UPDATE
    SET earned = t.earned + excluded.earned,
        spendable = t.spendable + excluded.spendable;
    RETURN NULL;
END
$$;
