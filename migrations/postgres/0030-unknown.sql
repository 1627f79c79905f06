-- Faces of recognised photos that nobody was named for: kept, linked to their neighbours, grouped.

-- One a face and model. A face that is given to a person keeps its row, so that an undo finds it unknown again: a face is
-- unknown while it is live, has a row here and has no person.
CREATE TABLE unknown_faces (
  embedding_id bigint NOT NULL,
  face_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  kept_at bigint NOT NULL,
  -- Somebody said that this one is of no interest.
  ignored boolean NOT NULL DEFAULT false,
  -- The least embedding id of the group that the face is in.
  group_id bigint,
  -- The nearest unknown faces when this one was linked, nearest first: embedding id (int32) and cosine distance
  -- (float32) of each, little-endian; those within `linked_within`.
  neighbours bytea CHECK (length(neighbours) % 8 = 0),
  linked_within double precision,
  CHECK ((neighbours IS NULL) = (linked_within IS NULL)),
  PRIMARY KEY (embedding_id, client_id),
  FOREIGN KEY (embedding_id, client_id) REFERENCES embeddings (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE
);
CREATE INDEX unknown_faces_scope ON unknown_faces (client_id, model_id, embedding_id, face_id);
CREATE INDEX unknown_faces_group ON unknown_faces (group_id, embedding_id) WHERE group_id IS NOT NULL;
CREATE INDEX unknown_faces_face ON unknown_faces (face_id);
CREATE INDEX unknown_faces_kept ON unknown_faces (kept_at);
