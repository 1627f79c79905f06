-- The ledger may hold several chains: one a client on a server, where each sees its own alone; here, one for all.

CREATE TABLE chains (
  id TEXT PRIMARY KEY,
  -- The last entry's: that the end of a chain was cut off shows.
  last_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO chains (id, last_sequence)
  VALUES ('', coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'ledger'), 0));

ALTER TABLE clients ADD COLUMN chain TEXT NOT NULL DEFAULT '';
ALTER TABLE ledger ADD COLUMN chain TEXT NOT NULL DEFAULT '';
CREATE INDEX ledger_chain ON ledger (chain, sequence);

CREATE TRIGGER ledger_grows AFTER INSERT ON ledger
BEGIN
  UPDATE chains SET last_sequence = NEW.sequence WHERE id = NEW.chain;
END;
CREATE TRIGGER ledger_keeps_chain BEFORE UPDATE OF chain ON ledger
BEGIN
  SELECT RAISE(ABORT, 'The ledger is append-only.');
END;
CREATE TRIGGER chains_only_grow BEFORE UPDATE ON chains
WHEN NEW.id IS NOT OLD.id OR NEW.last_sequence <= OLD.last_sequence
BEGIN
  SELECT RAISE(ABORT, 'The ledger is append-only.');
END;
CREATE TRIGGER chains_stay BEFORE DELETE ON chains
BEGIN
  SELECT RAISE(ABORT, 'The ledger is append-only.');
END;

-- Statements say `= TRUE`, which both engines understand, and an index is only found in the words of its condition.
DROP INDEX photos_repeating;
CREATE INDEX photos_repeating ON photos (client_id, domain, id) WHERE repeats_people = TRUE;
