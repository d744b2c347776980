-- What the text in view_definition means: JSON, for views that SQL made.
ALTER TABLE tables ADD COLUMN view_context TEXT;
