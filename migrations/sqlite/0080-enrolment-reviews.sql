-- Faces of enrolments that somebody has to look at before they join a person.

-- One a photo and person. A row waits while `settled_by` is null; an undo of the entry that settled it makes it wait again.
CREATE TABLE enrolment_reviews (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  -- Whom it is for: who has this id while they are there, else who has the name (NFC), else somebody new.
  person_id TEXT,
  person_name TEXT NOT NULL CHECK (length(person_name) BETWEEN 1 AND 200),
  model_id TEXT NOT NULL REFERENCES models (id),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  -- Pixels of the upright photo.
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  perceptual_hash TEXT CHECK (length(perceptual_hash) = 16),
  -- Of the whole photo; those to choose from are in `enrolment_review_faces`.
  faces_in_photo INTEGER NOT NULL CHECK (faces_in_photo > 0),
  -- How it is known which face is meant.
  choice TEXT NOT NULL CHECK (choice IN ('pointed', 'largest', 'resembles', 'unclear')),
  -- The kinds of findings when it was put here, as JSON: to filter by. The findings themselves are looked for anew.
  kinds TEXT NOT NULL CHECK (json_valid(kinds)),
  created_at INTEGER NOT NULL,
  settled_by TEXT REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name)
) STRICT;
CREATE INDEX enrolment_reviews_waiting ON enrolment_reviews (client_id, id) WHERE settled_by IS NULL;
CREATE INDEX enrolment_reviews_domain ON enrolment_reviews (client_id, domain) WHERE settled_by IS NULL;
CREATE INDEX enrolment_reviews_photo ON enrolment_reviews (client_id, domain, model_id, sha256, person_name);
CREATE INDEX enrolment_reviews_settled ON enrolment_reviews (settled_by) WHERE settled_by IS NOT NULL;

CREATE TABLE enrolment_review_faces (
  review_id TEXT NOT NULL REFERENCES enrolment_reviews (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  -- Everything but picture and embedding.
  face TEXT NOT NULL CHECK (json_valid(face)),
  -- 512 float32, little-endian, of length 1.
  vector BLOB NOT NULL CHECK (length(vector) = 2048),
  jpeg BLOB CHECK (length(jpeg) > 0),
  PRIMARY KEY (review_id, position)
) STRICT;
