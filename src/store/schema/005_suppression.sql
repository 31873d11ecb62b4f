-- The suppression that kept people from being told of a revision; '' when none did.
ALTER TABLE findings ADD COLUMN IF NOT EXISTS suppression String;

-- A view keeps the columns that its tables had when it was made.
CREATE OR REPLACE VIEW findings_latest AS SELECT * FROM findings ORDER BY id, revision DESC LIMIT 1 BY id;
