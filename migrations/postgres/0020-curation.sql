-- What curators do: tags, aliases, chosen covers, and a ledger whose entries are chained.

-- Counts only while the face is theirs: a cover that goes to somebody else is no cover, and is one again when it is back.
ALTER TABLE persons ADD COLUMN cover_face_id uuid;
CREATE INDEX persons_cover ON persons (cover_face_id) WHERE cover_face_id IS NOT NULL;
CREATE INDEX persons_newest ON persons (client_id, created_at, id) WHERE removed_by IS NULL;
CREATE INDEX persons_changed ON persons (client_id, updated_at, id) WHERE removed_by IS NULL;
-- Of the removed as well: a domain's name goes with all that was ever in it.
CREATE INDEX persons_domain ON persons (client_id, domain);
CREATE INDEX photos_domain ON photos (client_id, domain);

-- A removed person keeps theirs.
CREATE TABLE person_tags (
  person_id uuid NOT NULL,
  -- The tag in lower case: what it is compared by.
  key text COLLATE "C" NOT NULL,
  tag text COLLATE "C" NOT NULL CHECK (length(tag) BETWEEN 1 AND 60),
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  PRIMARY KEY (person_id, key, client_id),
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE
);
CREATE INDEX person_tags_key ON person_tags (client_id, key, tag, person_id);

-- Names of people who were merged into this one.
CREATE TABLE person_aliases (
  person_id uuid NOT NULL,
  -- NFC.
  name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  folded text COLLATE "C" NOT NULL,
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  PRIMARY KEY (person_id, name, client_id),
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE
);
CREATE INDEX person_aliases_folded ON person_aliases (client_id, folded, person_id);

-- Why, in the curator's words.
ALTER TABLE ledger ADD COLUMN reason text COLLATE "C";
ALTER TABLE ledger ADD COLUMN previous_hash text COLLATE "C" NOT NULL CHECK (length(previous_hash) = 64);
ALTER TABLE ledger ADD COLUMN hash text COLLATE "C" NOT NULL CHECK (length(hash) = 64);
CREATE INDEX ledger_client ON ledger (client_id, sequence);

-- Whom an entry touched. People may be gone for good, their history is not.
CREATE TABLE ledger_persons (
  person_id uuid NOT NULL,
  sequence bigint NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  PRIMARY KEY (person_id, sequence, client_id),
  FOREIGN KEY (sequence, client_id) REFERENCES ledger (sequence, client_id)
);
CREATE INDEX ledger_persons_entry ON ledger_persons (sequence, person_id);
