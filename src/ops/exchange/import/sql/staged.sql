-- Where the rows of a table wait: its columns, and what is known of each row. `_came` is said by a registration of an older
-- application whose member was there; `_known` are those that need not be written; `_reason` says why a row is refused,
-- `_column` of which column, and `_row` is the row as it was read if that is more than the columns hold.
CREATE TEMPORARY TABLE {staged} (
    {columns},
    _line   bigint,
    _came   boolean NOT NULL DEFAULT false,
    _known  boolean NOT NULL DEFAULT false,
    _column text,
    _reason text,
    _row    text
)
