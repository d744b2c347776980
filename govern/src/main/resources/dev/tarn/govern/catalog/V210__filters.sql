-- What hides rows of a table and values of its columns, as JSON: {"row_filter": …, "column_masks": …}.
ALTER TABLE tables ADD COLUMN filters TEXT;
