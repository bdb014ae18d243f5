-- Members: who they are, what they may do, how they sign in.

CREATE TEMPORARY TABLE new_users ON COMMIT DROP AS
SELECT u.id::integer                        AS id,
       pg_temp.line(u.email, 255)           AS email,
       pg_temp.line(u.username, 255)        AS username,
       pg_temp.line(u.full_name, 255)       AS full_name,
       -- Only what can be signed in with is kept; anything else fits no password.
       CASE WHEN u.hashed_password ~ '^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$' THEN u.hashed_password
            WHEN u.hashed_password ~ '^\$argon2id\$v=19\$m=\d{1,7},t=\d{1,3},p=\d{1,3}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{43}$'
                 AND length(split_part(u.hashed_password, '$', 5)) % 4 <> 1
                THEN u.hashed_password
            WHEN u.hashed_password ~ '^\$(argon2id|bcrypt)-sha256\$' AND length(u.hashed_password) <= 255 THEN u.hashed_password
            ELSE '!'
       END                                  AS hashed_password,
       u.is_active,
       coalesce(u.is_superuser, false)      AS is_superuser,
       CASE WHEN u.is_superuser THEN 'admin' ELSE 'regular' END AS user_type,
       pg_temp.moment(u.created_at)         AS created_at,
       pg_temp.moment(u.last_login)         AS last_login
FROM old_users AS u
WHERE u.id BETWEEN 1 AND 2147483647;
CREATE INDEX ON new_users (id);
CREATE INDEX ON new_users (username);
CREATE INDEX ON new_users (email);

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'text', 'users', o.id, format('%s has characters that are no text, or is too long; it becomes %s', t.name, pg_temp.said(t.after))
FROM old_users AS o
JOIN new_users AS n ON n.id = o.id
CROSS JOIN LATERAL (VALUES ('email', o.email, n.email), ('username', o.username, n.username),
                           ('full_name', o.full_name, n.full_name)) AS t (name, before, after)
WHERE btrim(t.before) <> t.after
ORDER BY o.id;

-- Who has no user name gets one that nobody has.
WITH named AS (
    UPDATE new_users AS n SET username = 'member-' || n.id WHERE n.username IS NULL RETURNING n.id, n.username
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'name', 'users', named.id, format('there is no user name; it becomes %s', pg_temp.said(named.username))
FROM named ORDER BY named.id;

-- Of several with the same user name one keeps it: who is active before who is not, then who was there last, then the
-- lower number. The others sign in by another name.
WITH line AS (
    SELECT n.id, n.username,
           first_value(n.id) OVER same AS keeper,
           row_number() OVER same AS place
    FROM new_users AS n
    WINDOW same AS (PARTITION BY n.username
                    ORDER BY coalesce(n.is_active, true) DESC, n.last_login DESC NULLS LAST, n.id)
),
renamed AS (
    UPDATE new_users AS n
    SET username = CASE
            WHEN NOT EXISTS (SELECT FROM new_users AS o WHERE o.username = "left"(n.username, 240) || '-' || n.id)
                THEN "left"(n.username, 240) || '-' || n.id
            ELSE 'member-' || n.id || '-' || md5(n.username)
        END
    FROM line
    WHERE line.id = n.id AND line.place > 1
    RETURNING n.id, line.username AS old_name, n.username, line.keeper
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'duplicate', 'users', r.id,
       format('the user name %s is also that of %s, who keeps it (active, signed in last, lower number); this member '
              'signs in as %s from now on', pg_temp.said(r.old_name), r.keeper, pg_temp.said(r.username))
FROM renamed AS r ORDER BY r.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'name', 'users', n.id,
       format('the user name %s differs from that of %s only in case: both keep theirs and sign in by writing it exactly',
              pg_temp.said(n.username), string_agg(o.id::text, ', ' ORDER BY o.id))
FROM new_users AS n
JOIN new_users AS o ON lower(o.username) = lower(n.username) AND o.id <> n.id
GROUP BY n.id, n.username
ORDER BY n.id;

-- An address is one member's; who has none gets one that can never be somebody's (RFC 2606).
WITH line AS (
    SELECT n.id, n.email,
           first_value(n.id) OVER same AS keeper,
           row_number() OVER same AS place
    FROM new_users AS n
    WINDOW same AS (PARTITION BY n.email
                    ORDER BY coalesce(n.is_active, true) DESC, n.last_login DESC NULLS LAST, n.id)
),
changed AS (
    UPDATE new_users AS n
    SET email = 'member-' || n.id || '@adopted.invalid'
    FROM line
    WHERE line.id = n.id AND (line.place > 1 OR line.email IS NULL)
    RETURNING n.id, line.email AS old_mail, n.email, line.keeper
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT CASE WHEN c.old_mail IS NULL THEN 'name' ELSE 'duplicate' END, 'users', c.id,
       CASE WHEN c.old_mail IS NULL THEN format('there is no e-mail address; it becomes %s', pg_temp.said(c.email))
            ELSE format('the e-mail address %s is also that of %s, who keeps it (active, signed in last, lower number); '
                        'here it becomes %s', pg_temp.said(c.old_mail), c.keeper, pg_temp.said(c.email))
       END
FROM changed AS c ORDER BY c.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'name', 'users', n.id,
       format('the e-mail address %s differs from that of %s only in case: they sign in by user name',
              pg_temp.said(n.email), string_agg(o.id::text, ', ' ORDER BY o.id))
FROM new_users AS n
JOIN new_users AS o ON lower(o.email) = lower(n.email) AND o.id <> n.id
GROUP BY n.id, n.email
ORDER BY n.id;

WITH named AS (
    UPDATE new_users AS n SET full_name = n.username WHERE n.full_name IS NULL RETURNING n.id, n.full_name
)
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'name', 'users', named.id, format('there is no full name; it becomes %s', pg_temp.said(named.full_name))
FROM named ORDER BY named.id;

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'password', 'users', n.id, 'the password is kept in a form that cannot be checked; set a new one with pine-time user passwd'
FROM new_users AS n
WHERE n.hashed_password = '!'
ORDER BY n.id;

-- Costs outside of these every terminal refuses: below OWASP's least, or more than it can be asked for.
INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'password', 'users', n.id,
       format('the password is kept at a cost that terminals refuse (%s); set a new one with pine-time user passwd', c.cost)
FROM new_users AS n
CROSS JOIN LATERAL (
    SELECT format('m=%s,t=%s,p=%s', a[1], a[2], a[3]),
           a[1]::integer <= 262144 AND a[3]::integer BETWEEN 1 AND 4
               AND a[1]::integer >= CASE a[2]::integer WHEN 1 THEN 47104 WHEN 2 THEN 19456 WHEN 3 THEN 12288 WHEN 4 THEN 9216
                                                       WHEN 5 THEN 7168 WHEN 6 THEN 7168 ELSE 2147483647 END
    FROM regexp_match(n.hashed_password, '^\$argon2id(?:-sha256)?\$v=19\$m=(\d+),t=(\d+),p=(\d+)') AS a
    WHERE a IS NOT NULL
    UNION ALL
    SELECT format('bcrypt, %s rounds', b[1]), b[1]::integer BETWEEN 10 AND 15
    FROM regexp_match(n.hashed_password, '^\$(?:2[aby]|bcrypt-sha256)\$(?:r=)?(\d+)\$') AS b
    WHERE b IS NOT NULL
) AS c (cost, is_fine)
WHERE NOT c.is_fine
ORDER BY n.id;

-- What fits no password is not kept: names that nobody has are answered as some member's is, which none of these can be.
UPDATE new_users AS n
SET hashed_password = '!'
WHERE EXISTS (SELECT FROM adopt_note AS t WHERE t."table" = 'users' AND t.kind = 'password' AND t.id = n.id);

INSERT INTO adopt_note (kind, "table", id, what)
SELECT 'role', 'users', o.id,
       format('the user type %s gives no rights here: a member', pg_temp.said(o.user_type))
FROM old_users AS o
WHERE NOT coalesce(o.is_superuser, false)
  AND pg_temp.word(o.user_type) NOT IN ('regular', 'user', 'business', '')
ORDER BY o.id;

INSERT INTO adopt_note (kind, "table", what)
SELECT 'role', 'users', 'no active member is an administrator; give one the role with pine-time user role'
WHERE NOT EXISTS (SELECT FROM new_users AS n WHERE n.is_superuser AND coalesce(n.is_active, true));
