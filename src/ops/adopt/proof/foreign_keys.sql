-- For every foreign key of ours a query that finds a row whose other row is not there. The server has checked each when it was
-- written; this asks the rows themselves.
SELECT format(
    'SELECT format(%L, count(*)) FROM ONLY %s AS a WHERE %s AND NOT EXISTS (SELECT FROM %s AS b WHERE %s) HAVING count(*) > 0',
    format('%s: %%s rows refer to a row of %s that is not there', k.conrelid::regclass, k.confrelid::regclass),
    k.conrelid::regclass,
    string_agg(format('a.%I IS NOT NULL', own.attname), ' AND ' ORDER BY place),
    k.confrelid::regclass,
    string_agg(format('b.%I = a.%I', other.attname, own.attname), ' AND ' ORDER BY place))
FROM pg_constraint AS k
CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS c (own, other, place)
JOIN pg_attribute AS own ON own.attrelid = k.conrelid AND own.attnum = c.own
JOIN pg_attribute AS other ON other.attrelid = k.confrelid AND other.attnum = c.other
WHERE k.contype = 'f' AND k.connamespace IN (to_regnamespace('public'), to_regnamespace('pine'))
GROUP BY k.oid, k.conrelid, k.confrelid, k.conname
ORDER BY k.conname
