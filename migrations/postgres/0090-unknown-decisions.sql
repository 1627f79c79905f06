-- Decisions about unknown faces that stay, and whom they were found to look like.

-- Faces that somebody took out of a group, and those that stayed: the two sides of one act are never in one group again.
CREATE TABLE told_apart (
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  face_id uuid NOT NULL,
  -- The act; undoing it takes this back.
  ledger_id uuid NOT NULL,
  side smallint NOT NULL CHECK (side IN (-1, 1)),
  PRIMARY KEY (client_id, face_id, ledger_id),
  FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (ledger_id, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX told_apart_face ON told_apart (face_id);
CREATE INDEX told_apart_act ON told_apart (ledger_id, side, face_id);

-- Unknown faces that look like a person who was enrolled later. Whether one is still offered is seen when it is read.
CREATE TABLE suggestions (
  embedding_id bigint NOT NULL,
  person_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  -- Cosine distance to the person's nearest face, and that face.
  distance double precision NOT NULL,
  own_face_id uuid NOT NULL,
  PRIMARY KEY (embedding_id, person_id, client_id),
  FOREIGN KEY (embedding_id, client_id) REFERENCES unknown_faces (embedding_id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (own_face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE
);
CREATE INDEX suggestions_scope ON suggestions (client_id, model_id, distance, embedding_id, person_id);
CREATE INDEX suggestions_person ON suggestions (person_id);
CREATE INDEX suggestions_own_face ON suggestions (own_face_id);

-- Up to whom people were compared with the unknown faces, in the order in which they were changed.
CREATE TABLE suggestion_marks (
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  -- Unix milliseconds.
  updated_at bigint NOT NULL,
  person_id uuid NOT NULL,
  PRIMARY KEY (client_id, model_id)
);

-- Mirrors and collages are few.
CREATE INDEX photos_repeating ON photos (client_id, domain, id) WHERE repeats_people;
