-- Gallery health: people told apart, what was found, and how far it was looked.

-- Two people who are not the same person, whatever their faces or names say; the lesser id first.
CREATE TABLE people_apart (
  person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  other_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (person_id, other_id),
  CHECK (person_id < other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX people_apart_other ON people_apart (other_id);

-- What a curator should look at. Made anew from the gallery at any time, but for what was said of it (`dismissed_print`).
CREATE TABLE findings (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES clients (id),
  domain TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('outlier', 'look-alike', 'twice-in-photo', 'near-duplicate', 'same-name',
    'older-model', 'no-photo', 'one-photo', 'poor-photos')),
  person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  -- Somebody else whom it is about as well.
  other_id TEXT REFERENCES persons (id) ON DELETE CASCADE,
  -- What it is about, within its kind and person: the same thing found again is the same finding.
  subject TEXT NOT NULL,
  -- How much it can cost a search: the queue begins with the greatest.
  harm REAL NOT NULL CHECK (harm BETWEEN 0 AND 1),
  -- Ids and numbers, by kind.
  evidence TEXT NOT NULL CHECK (json_valid(evidence)),
  -- What of the evidence would make it another matter.
  print TEXT NOT NULL,
  -- The print that somebody said is fine.
  dismissed_print TEXT,
  -- `gone`: no longer found, kept because it was dismissed.
  state TEXT NOT NULL CHECK (state IN ('open', 'dismissed', 'gone')),
  found_at INTEGER NOT NULL,
  UNIQUE (person_id, kind, subject)
) STRICT;
CREATE INDEX findings_other ON findings (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX findings_queue ON findings (client_id, state, harm DESC, id, domain, kind);
CREATE INDEX findings_kind ON findings (client_id, state, kind, harm DESC, id, domain);
-- For the marks on people, and the list of those with a mark.
CREATE INDEX findings_person ON findings (person_id, state, kind);

-- What a person's name is compared by, case, accents and script aside. Written when the person is looked at.
CREATE TABLE name_keys (
  person_id TEXT PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id),
  key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX name_keys_key ON name_keys (client_id, key, person_id);

-- How far the galleries were looked through: one row, none before the first look.
CREATE TABLE health_progress (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  -- Model and rules that were looked with: with others, everything is looked at anew.
  rules TEXT NOT NULL,
  -- The first pass has seen the people up to this id; null once it has seen all.
  passed_person TEXT,
  looked INTEGER NOT NULL CHECK (looked >= 0),
  -- The ledger's entries that were followed: up to this one, and in it up to this person.
  seen_sequence INTEGER NOT NULL,
  seen_person TEXT NOT NULL
) STRICT;
