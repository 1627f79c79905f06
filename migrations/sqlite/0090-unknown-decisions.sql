-- Decisions about unknown faces that stay, and whom they were found to look like.

-- Faces that somebody took out of a group, and those that stayed: the two sides of one act are never in one group again.
CREATE TABLE told_apart (
  client_id TEXT NOT NULL REFERENCES clients (id),
  face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  -- The act; undoing it takes this back.
  ledger_id TEXT NOT NULL REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  side INTEGER NOT NULL CHECK (side IN (-1, 1)),
  PRIMARY KEY (client_id, face_id, ledger_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_apart_face ON told_apart (face_id);
CREATE INDEX told_apart_act ON told_apart (ledger_id, side, face_id);

-- Unknown faces that look like a person who was enrolled later. Whether one is still offered is seen when it is read.
CREATE TABLE suggestions (
  embedding_id INTEGER NOT NULL REFERENCES unknown_faces (embedding_id) ON DELETE CASCADE,
  person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id),
  model_id TEXT NOT NULL REFERENCES models (id),
  -- Cosine distance to the person's nearest face, and that face.
  distance REAL NOT NULL,
  own_face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  PRIMARY KEY (embedding_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX suggestions_scope ON suggestions (client_id, model_id, distance, embedding_id, person_id);
CREATE INDEX suggestions_person ON suggestions (person_id);
CREATE INDEX suggestions_own_face ON suggestions (own_face_id);

-- Up to whom people were compared with the unknown faces, in the order in which they were changed.
CREATE TABLE suggestion_marks (
  client_id TEXT NOT NULL REFERENCES clients (id),
  model_id TEXT NOT NULL REFERENCES models (id),
  -- Unix milliseconds.
  updated_at INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  PRIMARY KEY (client_id, model_id)
) STRICT, WITHOUT ROWID;
INSERT INTO suggestion_marks (client_id, model_id, updated_at, person_id)
  SELECT client_id, model_id, min(kept_at), '' FROM unknown_faces GROUP BY client_id, model_id;

-- Mirrors and collages are few.
CREATE INDEX photos_repeating ON photos (client_id, domain, id) WHERE repeats_people = 1;
