-- A member's game: card, ledger, connections, leaderboards. Members see their own, staff anybody's; what boards show of
-- others is the same for all.

-- A member's page: totals, rank, streak, a year of weeks, badges. NULL is the asker.
CREATE FUNCTION api.game_card(token bytea, member_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
BEGIN
    RETURN pine.game_card(pine.whose_game(pine.who(token), member_id), pine.clock());
END
$$;

-- A page of a ledger, newest first; of one kind, and behind a row, if they are given.
CREATE FUNCTION api.points_ledger(token bytea, member_id integer, kind text, before integer, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    member public.users := pine.whose_game(pine.who(token), member_id);
BEGIN
    RETURN pine.ledger_page(member.id, kind, before, most);
END
$$;

-- Points earned by week for a year.
CREATE FUNCTION api.points_over_time(token bytea, member_id integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    member public.users := pine.whose_game(pine.who(token), member_id);
BEGIN
    RETURN pine.points_by_week(member.id, pine.clock());
END
$$;

-- The rules as they stand: they are no secret.
CREATE FUNCTION api.game_rules(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    RETURN pine.game_rules();
END
$$;

-- A page of a leaderboard; see pine.board_page for `place`, and pine.rows_here for what a kiosk reads of others.
CREATE FUNCTION api.board(token bytea, period text, place jsonb, most integer) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
    page  jsonb := pine.board_page(period, pine.a_place(place), most, actor.user_id, pine.clock());
BEGIN
    RETURN page || jsonb_build_object('rows', pine.rows_here(page->'rows', actor.user_id));
END
$$;

CREATE FUNCTION api.find_on_board(token bytea, period text, query text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    RETURN pine.rows_here(pine.find_on_board(period, query, pine.clock()), actor.user_id);
END
$$;

-- The boards of event types: which there are.
CREATE FUNCTION api.boards(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who(token);
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) ORDER BY t.position, t.name), '[]')
            FROM public.event_types AS t);
END
$$;

-- What the asker earned and was not told yet.
CREATE FUNCTION api.earned_since(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_member(token);
BEGIN
    RETURN (SELECT pine.earned_since_told(u) FROM public.users AS u WHERE u.id = actor.user_id);
END
$$;

-- They were told, up to a row.
CREATE FUNCTION api.celebrated(token bytea, nonce uuid, through integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    answer jsonb := pine.begin_request(actor.key, 'celebrated', nonce, jsonb_build_array(through));
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    UPDATE public.users AS u
    SET celebrated_through = greatest(u.celebrated_through, least(through, pine.newest_transaction()))
    WHERE u.id = actor.user_id;
    RETURN pine.end_request(actor.key, nonce, 'true');
END
$$;

-- Whether others see the asker on leaderboards and in lists of who comes.
CREATE FUNCTION api.set_privacy(token bytea, nonce uuid, show_me boolean) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    answer jsonb := pine.begin_request(actor.key, 'set_privacy', nonce, jsonb_build_array(show_me));
    before boolean;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    ELSIF show_me IS NULL THEN
        PERFORM pine.refuse_value('show_me', 'Say whether others may see you.');
    END IF;
    SELECT u.show_on_leaderboard INTO before FROM public.users AS u WHERE u.id = actor.user_id FOR NO KEY UPDATE;
    IF before <> show_me THEN
        UPDATE public.users AS u SET show_on_leaderboard = show_me WHERE u.id = actor.user_id;
        PERFORM pine.audit(actor, 'set_privacy', 'member', actor.user_id,
                           jsonb_build_object('show_on_leaderboard', before),
                           jsonb_build_object('show_on_leaderboard', show_me));
    END IF;
    RETURN pine.end_request(actor.key, nonce, to_jsonb(show_me));
END
$$;

-- Presents another member's pass, to connect with them; they confirm by presenting the asker's.
CREATE FUNCTION api.connect(token bytea, nonce uuid, presented text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor   pine.actor := pine.who_of_member(token);
    answer  jsonb := pine.begin_request(actor.key, 'connect', nonce, jsonb_build_array(presented));
    other   public.users;
    outcome text := 'unknown_code';
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    -- By the pass only: names can be guessed, passes are shown by their owners.
    SELECT * INTO other FROM public.users AS u
    WHERE u.pass_code = pine.read_pass_code(presented) AND coalesce(u.is_active, true);
    IF other.id IS NOT NULL THEN
        outcome := pine.connect(actor.user_id, other.id, pine.clock());
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.connect_answer(actor, other, outcome));
END
$$;

-- Says yes to somebody who asked.
CREATE FUNCTION api.confirm_connection(token bytea, nonce uuid, member_id integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor  pine.actor := pine.who_of_member(token);
    answer jsonb := pine.begin_request(actor.key, 'confirm_connection', nonce, jsonb_build_array(member_id));
    other  public.users;
BEGIN
    IF answer IS NOT NULL THEN
        RETURN answer;
    END IF;
    SELECT u.* INTO other
    FROM public.connections AS c
    JOIN public.users AS u ON u.id = c.asked_by
    WHERE c.one_id = least(actor.user_id, member_id) AND c.other_id = greatest(actor.user_id, member_id)
      AND c.asked_by = member_id;
    IF other.id IS NULL THEN
        RAISE EXCEPTION 'This member has not asked you.' USING ERRCODE = 'PT404';
    END IF;
    RETURN pine.end_request(actor.key, nonce, pine.connect_answer(
        actor, other, pine.connect(actor.user_id, other.id, pine.clock())));
END
$$;

CREATE FUNCTION api.my_connections(token bytea) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET timezone = 'UTC'
AS $$
DECLARE
    actor pine.actor := pine.who_of_member(token);
BEGIN
    RETURN pine.connection_lines(actor.user_id);
END
$$;

GRANT EXECUTE ON FUNCTION
    api.game_card(bytea, integer), api.points_ledger(bytea, integer, text, integer, integer),
    api.points_over_time(bytea, integer), api.game_rules(bytea), api.board(bytea, text, jsonb, integer),
    api.find_on_board(bytea, text, text), api.boards(bytea), api.earned_since(bytea),
    api.celebrated(bytea, uuid, integer), api.set_privacy(bytea, uuid, boolean),
    api.connect(bytea, uuid, text), api.confirm_connection(bytea, uuid, integer), api.my_connections(bytea)
    TO pine_staff, pine_kiosk;
