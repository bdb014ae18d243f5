-- Of the rows that wait: how many need not be written, and how many are refused.
SELECT count(*) FILTER (WHERE _known AND _reason IS NULL), count(*) FILTER (WHERE _reason IS NOT NULL)
FROM {staged}
