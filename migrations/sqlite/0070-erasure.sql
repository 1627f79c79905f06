-- What a ledger entry says can go, and the chain still holds; erasures, and what of them is still to be done.

DROP TRIGGER ledger_appends;
DROP TRIGGER ledger_stays;

-- Random, 32 hexadecimal digits; goes with the content: without it nobody can try which name a digest stands for.
ALTER TABLE ledger ADD COLUMN salt TEXT CHECK (length(salt) = 32);
-- SHA-256, hexadecimal, of salt, client, summary, reason and details: all that the chain knows of them.
ALTER TABLE ledger ADD COLUMN content_hash TEXT CHECK (length(content_hash) = 64);
-- The entry after which this one can be undone no more: an emptied bin, or the erasure that took its content.
ALTER TABLE ledger ADD COLUMN closed_by TEXT REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED;
DROP INDEX ledger_bin;
CREATE INDEX ledger_bin ON ledger (client_id, at)
  WHERE undone_by IS NULL AND closed_by IS NULL AND action IN ('delete-persons', 'delete-domain');
CREATE INDEX ledger_closed_by ON ledger (closed_by) WHERE closed_by IS NOT NULL;

-- One an erasure. What is done after its transaction is done again until it is all done, whatever happens meanwhile.
CREATE TABLE erasures (
  ledger_id TEXT PRIMARY KEY REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  -- The client that was erased, while there is something of it beside the database.
  client_id TEXT,
  -- The report as JSON, without what the scrub adds to it.
  report TEXT NOT NULL CHECK (json_valid(report)),
  -- `scrub-due`: bytes of what went may still be in files. `report-due`: they are not, and nobody was told.
  stage TEXT NOT NULL CHECK (stage IN ('scrub-due', 'report-due', 'done'))
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_stage ON erasures (stage) WHERE stage <> 'done';

-- Append-only: what was written stays, but that an entry is undone (once), closed (once), and that its content goes whole.
-- Entries from before have no digest of their content until the step in code that follows this file.
CREATE TRIGGER ledger_appends BEFORE INSERT ON ledger
WHEN NEW.hash IS NULL OR NEW.previous_hash IS NULL OR NEW.content_hash IS NULL OR NEW.salt IS NULL
  OR NEW.undone_by IS NOT NULL OR NEW.closed_by IS NOT NULL
  OR NEW.sequence <= (SELECT max(sequence) FROM ledger)
BEGIN
  SELECT RAISE(ABORT, 'The ledger takes chained entries at its end only.');
END;
CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
WHEN OLD.content_hash IS NOT NULL AND (
  NEW.sequence IS NOT OLD.sequence OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor
  OR NEW.action IS NOT OLD.action OR NEW.content_hash IS NOT OLD.content_hash
  OR NEW.previous_hash IS NOT OLD.previous_hash OR NEW.hash IS NOT OLD.hash
  OR (NEW.undone_by IS NOT OLD.undone_by AND OLD.undone_by IS NOT NULL)
  OR (NEW.closed_by IS NOT OLD.closed_by AND OLD.closed_by IS NOT NULL AND (OLD.salt IS NULL OR NEW.salt IS NOT NULL))
  OR (
    (NEW.salt IS NOT OLD.salt OR NEW.client_id IS NOT OLD.client_id OR NEW.summary IS NOT OLD.summary
      OR NEW.reason IS NOT OLD.reason OR NEW.details IS NOT OLD.details)
    AND NOT (
      NEW.salt IS NULL AND NEW.summary = '' AND NEW.reason IS NULL AND NEW.details = 'null'
      AND NEW.closed_by IS NOT NULL AND NEW.client_id IN (OLD.client_id, '')
    )
  )
)
BEGIN
  SELECT RAISE(ABORT, 'The ledger is append-only.');
END;
