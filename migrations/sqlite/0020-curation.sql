-- What curators do: tags, aliases, chosen covers, and a ledger whose entries are chained.

-- Counts only while the face is theirs: a cover that goes to somebody else is no cover, and is one again when it is back.
ALTER TABLE persons ADD COLUMN cover_face_id TEXT;
CREATE INDEX persons_newest ON persons (client_id, created_at, id, domain, folded, removed_by) WHERE removed_by IS NULL;
CREATE INDEX persons_changed ON persons (client_id, updated_at, id, domain, folded, removed_by) WHERE removed_by IS NULL;
-- Of the removed as well: a domain's name goes with all that was ever in it.
CREATE INDEX persons_domain ON persons (client_id, domain);
CREATE INDEX photos_domain ON photos (client_id, domain);

-- A removed person keeps theirs.
CREATE TABLE person_tags (
  person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  -- The tag in lower case: what it is compared by.
  key TEXT NOT NULL,
  tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 60),
  client_id TEXT NOT NULL REFERENCES clients (id),
  PRIMARY KEY (person_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_tags_key ON person_tags (client_id, key, tag, person_id);

-- Names of people who were merged into this one.
CREATE TABLE person_aliases (
  person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  -- NFC.
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  folded TEXT NOT NULL,
  client_id TEXT NOT NULL REFERENCES clients (id),
  PRIMARY KEY (person_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_aliases_folded ON person_aliases (client_id, folded, person_id);

-- Why, in the curator's words.
ALTER TABLE ledger ADD COLUMN reason TEXT;
-- SHA-256, hexadecimal, of `details` as it was written: `details` may go (to `null`), and the chain still holds.
ALTER TABLE ledger ADD COLUMN details_hash TEXT CHECK (length(details_hash) = 64);
ALTER TABLE ledger ADD COLUMN previous_hash TEXT CHECK (length(previous_hash) = 64);
-- Null only for entries older than the chain, until the step in code that follows this file.
ALTER TABLE ledger ADD COLUMN hash TEXT CHECK (length(hash) = 64);

CREATE INDEX ledger_client ON ledger (client_id, sequence);
CREATE INDEX ledger_bin ON ledger (client_id, at)
  WHERE undone_by IS NULL AND action IN ('delete-persons', 'delete-domain') AND details <> 'null';

-- Whom an entry touched. People may be gone for good, their history is not.
CREATE TABLE ledger_persons (
  person_id TEXT NOT NULL,
  sequence INTEGER NOT NULL REFERENCES ledger (sequence),
  PRIMARY KEY (person_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_persons_entry ON ledger_persons (sequence, person_id);

INSERT INTO ledger_persons (person_id, sequence)
  SELECT json_extract(details, '$.personId'), sequence FROM ledger WHERE action IN ('reject-face', 'rename-person')
  UNION SELECT json_extract(one.value, '$.personId'), sequence FROM ledger, json_each(details, '$.added') one
    WHERE action = 'assign-faces'
  UNION SELECT json_extract(one.value, '$.personId'), sequence FROM ledger, json_each(details, '$.persons') one
    WHERE action = 'assign-faces'
  UNION SELECT json_extract(one.value, '$.personId'), sequence FROM ledger, json_each(details, '$.moved') one
    WHERE action = 'assign-faces'
  UNION SELECT json_extract(one.value, '$.fromPersonId'), sequence FROM ledger, json_each(details, '$.moved') one
    WHERE action = 'assign-faces' AND json_extract(one.value, '$.fromPersonId') IS NOT NULL
  UNION SELECT persons.id, ledger.sequence FROM persons JOIN ledger ON ledger.id = persons.removed_by;
INSERT INTO ledger_persons (person_id, sequence)
  SELECT undone.person_id, ledger.sequence FROM ledger
  JOIN ledger target ON target.id = json_extract(ledger.details, '$.undoes')
  JOIN ledger_persons undone ON undone.sequence = target.sequence
  WHERE ledger.action = 'undo';

-- Append-only: what was written stays, but that an entry is undone (once) and that its details go.
CREATE TRIGGER ledger_appends BEFORE INSERT ON ledger
WHEN NEW.hash IS NULL OR NEW.previous_hash IS NULL OR NEW.details_hash IS NULL OR NEW.undone_by IS NOT NULL
  OR NEW.sequence <= (SELECT max(sequence) FROM ledger)
BEGIN
  SELECT RAISE(ABORT, 'The ledger takes chained entries at its end only.');
END;
CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
WHEN OLD.hash IS NOT NULL AND (
  NEW.sequence IS NOT OLD.sequence OR NEW.id IS NOT OLD.id OR NEW.client_id IS NOT OLD.client_id
  OR NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor OR NEW.action IS NOT OLD.action
  OR NEW.summary IS NOT OLD.summary OR NEW.reason IS NOT OLD.reason
  OR NEW.details_hash IS NOT OLD.details_hash OR NEW.previous_hash IS NOT OLD.previous_hash
  OR NEW.hash IS NOT OLD.hash
  OR (NEW.details IS NOT OLD.details AND NEW.details <> 'null')
  OR (NEW.undone_by IS NOT OLD.undone_by AND OLD.undone_by IS NOT NULL)
)
BEGIN
  SELECT RAISE(ABORT, 'The ledger is append-only.');
END;
CREATE TRIGGER ledger_keeps BEFORE DELETE ON ledger
BEGIN
  SELECT RAISE(ABORT, 'The ledger is append-only.');
END;
