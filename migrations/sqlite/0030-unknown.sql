-- Faces of recognised photos that nobody was named for: kept, linked to their neighbours, grouped.

-- One a face and model. A face that is given to a person keeps its row, so that an undo finds it unknown again: a face is
-- unknown while it is live, has a row here and has no person.
CREATE TABLE unknown_faces (
  embedding_id INTEGER PRIMARY KEY REFERENCES embeddings (id) ON DELETE CASCADE,
  face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id),
  model_id TEXT NOT NULL REFERENCES models (id),
  kept_at INTEGER NOT NULL,
  -- Somebody said that this one is of no interest.
  ignored INTEGER NOT NULL DEFAULT 0 CHECK (ignored IN (0, 1)),
  -- The least embedding id of the group that the face is in.
  group_id INTEGER,
  -- The nearest unknown faces when this one was linked, nearest first: embedding id (int32) and cosine distance
  -- (float32) of each, little-endian; those within `linked_within`.
  neighbours BLOB CHECK (length(neighbours) % 8 = 0),
  linked_within REAL,
  CHECK ((neighbours IS NULL) = (linked_within IS NULL))
) STRICT;
CREATE INDEX unknown_faces_scope ON unknown_faces (client_id, model_id, embedding_id, face_id);
CREATE INDEX unknown_faces_group ON unknown_faces (group_id, embedding_id) WHERE group_id IS NOT NULL;
CREATE INDEX unknown_faces_face ON unknown_faces (face_id);
CREATE INDEX unknown_faces_kept ON unknown_faces (kept_at);
