-- Faces of an import whose photo was looked for, and not found, or not the face in it. Whose they are, and where, the gallery says.
CREATE TABLE import_unfound (
  run_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  face_id uuid NOT NULL,
  reason text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  PRIMARY KEY (run_id, face_id, client_id),
  FOREIGN KEY (run_id, client_id) REFERENCES import_runs (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE
);
CREATE INDEX import_unfound_face ON import_unfound (face_id);

SELECT bind_to_clients('import_unfound');
GRANT INSERT, UPDATE, DELETE ON import_unfound TO visor_curator;
