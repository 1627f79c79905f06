-- Gallery health: people told apart, what was found, and how far it was looked.

-- Two people who are not the same person, whatever their faces or names say; the lesser id first.
CREATE TABLE people_apart (
  person_id uuid NOT NULL,
  other_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  created_at bigint NOT NULL,
  PRIMARY KEY (person_id, other_id, client_id),
  CHECK (person_id < other_id),
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (other_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE
);
CREATE INDEX people_apart_other ON people_apart (other_id);

-- What a curator should look at. Made anew from the gallery at any time, but for what was said of it (`dismissed_print`).
CREATE TABLE findings (
  id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  domain text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('outlier', 'look-alike', 'twice-in-photo', 'near-duplicate', 'same-name',
    'older-model', 'no-photo', 'one-photo', 'poor-photos')),
  person_id uuid NOT NULL,
  -- Somebody else whom it is about as well.
  other_id uuid,
  -- What it is about, within its kind and person: the same thing found again is the same finding.
  subject text COLLATE "C" NOT NULL,
  -- How much it can cost a search: the queue begins with the greatest.
  harm double precision NOT NULL CHECK (harm BETWEEN 0 AND 1),
  -- Ids and numbers, by kind.
  evidence text COLLATE "C" NOT NULL CHECK (json_valid(evidence)),
  -- What of the evidence would make it another matter.
  print text COLLATE "C" NOT NULL,
  -- The print that somebody said is fine.
  dismissed_print text COLLATE "C",
  -- `gone`: no longer found, kept because it was dismissed.
  state text COLLATE "C" NOT NULL CHECK (state IN ('open', 'dismissed', 'gone')),
  found_at bigint NOT NULL,
  PRIMARY KEY (id, client_id),
  UNIQUE (person_id, kind, subject, client_id),
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (other_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE
);
CREATE INDEX findings_other ON findings (other_id) WHERE other_id IS NOT NULL;
CREATE INDEX findings_queue ON findings (client_id, state, harm DESC, id, domain, kind);
CREATE INDEX findings_kind ON findings (client_id, state, kind, harm DESC, id, domain);
-- For the marks on people, and the list of those with a mark.
CREATE INDEX findings_person ON findings (person_id, state, kind);

-- What a person's name is compared by, case, accents and script aside. Written when the person is looked at.
CREATE TABLE name_keys (
  person_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (person_id, client_id),
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE
);
CREATE INDEX name_keys_key ON name_keys (client_id, key, person_id);

-- How far the galleries were looked through, by who looked: each sees the clients that are theirs.
CREATE TABLE health_progress (
  one integer NOT NULL CHECK (one = 1),
  login text COLLATE "C" NOT NULL DEFAULT session_user,
  -- Model and rules that were looked with: with others, everything is looked at anew.
  rules text COLLATE "C" NOT NULL,
  -- The first pass has seen the people up to this id; null once it has seen all.
  passed_person uuid,
  looked bigint NOT NULL CHECK (looked >= 0),
  -- The ledger's entries that were followed: up to this one, and in it up to this person.
  seen_sequence bigint NOT NULL,
  seen_person uuid NOT NULL,
  PRIMARY KEY (one, login)
);
