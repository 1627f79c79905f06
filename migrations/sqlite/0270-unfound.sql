-- Faces of an import whose photo was looked for, and not found, or not the face in it. Whose they are, and where, the gallery says.
CREATE TABLE import_unfound (
  run_id TEXT NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
  face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (run_id, face_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_unfound_face ON import_unfound (face_id);
