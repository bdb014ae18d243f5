-- Nobody may do more than before, nobody who was out is in, and everybody whose password was kept can sign in with it.
SELECT format('member %s is %s now and was not before', u.id, pine.user_type(u))
FROM public.users AS u
JOIN old_users AS o ON o.id = u.id
WHERE pine.user_type(u) <> 'regular' AND NOT coalesce(o.is_superuser, false)
UNION ALL
SELECT format('member %s is active now and was not before', u.id)
FROM public.users AS u
JOIN old_users AS o ON o.id = u.id
WHERE u.is_active IS DISTINCT FROM o.is_active
UNION ALL
SELECT format('the password of member %s is not what it was', u.id)
FROM public.users AS u
JOIN old_users AS o ON o.id = u.id
WHERE (pine.credential_parts(u.hashed_password)).algorithm IS NULL
  AND NOT EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'users' AND t.id = u.id AND t.kind = 'password')
UNION ALL
SELECT format('member %s cannot be found by user name', u.id)
FROM public.users AS u
WHERE pine.find_login(u.username) IS DISTINCT FROM u.id
UNION ALL
SELECT format('registration %s has a seat now and had none before', r.id)
FROM public.registrations AS r
JOIN old_registrations AS o ON o.id = r.id
WHERE r.status = 'registered'
  AND NOT EXISTS (SELECT FROM adopt_word AS w
                  WHERE w.field = 'registration' AND w.old = pg_temp.word(o.status) AND w.ours = 'registered')
LIMIT 20
