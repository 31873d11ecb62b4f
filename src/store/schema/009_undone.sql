-- The entry that an entry `undone` takes back: it stays in the history and counts no longer. '' for all other entries.
ALTER TABLE triage ADD COLUMN IF NOT EXISTS undoes String;
