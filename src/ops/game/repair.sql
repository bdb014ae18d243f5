-- Mends what has drifted, from the facts up: what goes back goes by rows of its own, what is kept beside the ledger is
-- counted anew. Nothing else is going on meanwhile.
DO $repair$
DECLARE
    nobody pine.actor;
    one    record;
    at     timestamptz := pine.clock();
BEGIN
    LOCK TABLE points_transactions IN SHARE ROW EXCLUSIVE MODE;

    PERFORM pine.reverse(p, nobody, at)
    FROM points_transactions AS p
    WHERE p.transaction_type = 'event_attendance' AND p.source_key LIKE 'attendance:%'
      AND NOT EXISTS (SELECT FROM points_transactions AS r WHERE r.reverses_id = p.id)
      AND NOT EXISTS (
          SELECT FROM event_attendees AS a
          WHERE a.user_id = p.user_id AND a.event_id = p.event_id AND coalesce(a.status, 'attended') <> 'undone'
            AND p.source_key = format('attendance:%s:%s:%s', a.event_id, a.user_id, a.generation)
      );

    -- The ledger is what happened: bonuses and levels follow it where they differ.
    UPDATE week_bonuses AS b
    SET reversed_at = (SELECT r.transaction_date FROM points_transactions AS r WHERE r.reverses_id = b.transaction_id)
    WHERE (b.reversed_at IS NULL) = EXISTS (SELECT FROM points_transactions AS r WHERE r.reverses_id = b.transaction_id);
    FOR one IN SELECT b.user_id, b.monday FROM week_bonuses AS b WHERE b.reversed_at IS NULL LOOP
        PERFORM pine.take_back_week(one.user_id, pine.attended(one.user_id), one.monday, nobody, at);
    END LOOP;

    UPDATE badge_awards AS a
    SET reversed_at = (SELECT r.transaction_date FROM points_transactions AS r WHERE r.reverses_id = a.transaction_id)
    WHERE a.transaction_id IS NOT NULL
      AND (a.reversed_at IS NULL) = EXISTS (SELECT FROM points_transactions AS r WHERE r.reverses_id = a.transaction_id);
    FOR one IN
        SELECT d.user_id FROM pine.levels_due() AS d
        UNION
        SELECT a.user_id FROM badge_awards AS a JOIN badges AS b ON b.id = a.badge_id
        WHERE a.reversed_at IS NULL AND a.threshold > pine.fact(a.user_id, b.rule, pine.attended(a.user_id))
        ORDER BY 1
    LOOP
        PERFORM pine.lock_games(ARRAY[one.user_id]);
        PERFORM pine.settle_badges(one.user_id, '{types,weeks,wins,connections,referrals}', pine.attended(one.user_id),
                                   NULL, nobody, at);
    END LOOP;
    FOR one IN
        SELECT h.user_id, h.badge_id FROM user_badges AS h
        UNION
        SELECT a.user_id, a.badge_id FROM badge_awards AS a WHERE a.reversed_at IS NULL
    LOOP
        PERFORM pine.show_highest_level(one.user_id, one.badge_id);
    END LOOP;

    INSERT INTO user_totals AS t (user_id, earned, spendable)
    SELECT u.id, coalesce(l.earned, 0), coalesce(l.spendable, 0)
    FROM users AS u
    LEFT JOIN (
        SELECT p.user_id, sum(p.points) AS spendable,
               coalesce(sum(p.points) FILTER (
                   WHERE p.transaction_type <> 'redemption' AND coalesce(r.transaction_type, '') <> 'redemption'), 0) AS earned
        FROM points_transactions AS p
        LEFT JOIN points_transactions AS r ON r.id = p.reverses_id
        GROUP BY p.user_id
    ) AS l ON l.user_id = u.id
    WHERE l.user_id IS NOT NULL OR EXISTS (SELECT FROM user_totals AS o WHERE o.user_id = u.id)
    ON CONFLICT (user_id) DO UPDATE SET earned = excluded.earned, spendable = excluded.spendable
    WHERE (t.earned, t.spendable) <> (excluded.earned, excluded.spendable);
    PERFORM pine.rebuild_boards();

    INSERT INTO audit_log (at, actor, action, subject, device)
    VALUES (at, coalesce(nullif(current_setting('pine.repaired_by', true), ''), 'owner'), 'game_repair', 'game', '');
END
$repair$;
