-- Faces of enrolments that somebody has to look at before they join a person.

-- One a photo and person. A row waits while `settled_by` is null; an undo of the entry that settled it makes it wait again.
CREATE TABLE enrolment_reviews (
  id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  -- Whom it is for: who has this id while they are there, else who has the name (NFC), else somebody new.
  person_id uuid,
  person_name text COLLATE "C" NOT NULL CHECK (length(person_name) BETWEEN 1 AND 200),
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  sha256 text COLLATE "C" NOT NULL CHECK (length(sha256) = 64),
  path text COLLATE "C" NOT NULL,
  format text COLLATE "C" NOT NULL,
  -- Pixels of the upright photo.
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  perceptual_hash text COLLATE "C" CHECK (length(perceptual_hash) = 16),
  -- Of the whole photo; those to choose from are in `enrolment_review_faces`.
  faces_in_photo integer NOT NULL CHECK (faces_in_photo > 0),
  -- How it is known which face is meant.
  choice text COLLATE "C" NOT NULL CHECK (choice IN ('pointed', 'largest', 'resembles', 'unclear')),
  -- The kinds of findings when it was put here, as JSON: to filter by. The findings themselves are looked for anew.
  kinds text COLLATE "C" NOT NULL CHECK (json_valid(kinds)),
  created_at bigint NOT NULL,
  settled_by uuid,
  PRIMARY KEY (id, client_id),
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name),
  FOREIGN KEY (settled_by, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX enrolment_reviews_waiting ON enrolment_reviews (client_id, id) WHERE settled_by IS NULL;
CREATE INDEX enrolment_reviews_domain ON enrolment_reviews (client_id, domain) WHERE settled_by IS NULL;
CREATE INDEX enrolment_reviews_photo ON enrolment_reviews (client_id, domain, model_id, sha256, person_name);
CREATE INDEX enrolment_reviews_settled ON enrolment_reviews (settled_by) WHERE settled_by IS NOT NULL;

CREATE TABLE enrolment_review_faces (
  review_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  position integer NOT NULL CHECK (position >= 0),
  -- Everything but picture and embedding.
  face text COLLATE "C" NOT NULL CHECK (json_valid(face)),
  -- Of length 1.
  vector vector(512) NOT NULL,
  jpeg bytea CHECK (length(jpeg) > 0),
  PRIMARY KEY (review_id, position, client_id),
  FOREIGN KEY (review_id, client_id) REFERENCES enrolment_reviews (id, client_id) ON DELETE CASCADE
);
