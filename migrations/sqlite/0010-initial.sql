-- The gallery, its ledger and the Identify queue.
--
-- Times are Unix milliseconds. Ids are UUIDv7, made by Visor. People and faces that are removed stay, with the ledger
-- entry that removed them in `removed_by`: that makes removing a thousand people quick and undoing it exact. A row is
-- live while `removed_by` is null.

CREATE TABLE clients (
  id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who did what, when, with what undo needs. Append-only, but for `undone_by`.
CREATE TABLE ledger (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  summary TEXT NOT NULL,
  details TEXT NOT NULL CHECK (json_valid(details)),
  undone_by TEXT REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX ledger_undoable ON ledger (actor, at) WHERE undone_by IS NULL AND action <> 'undo';

CREATE TABLE domains (
  client_id TEXT NOT NULL REFERENCES clients (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  sample INTEGER NOT NULL CHECK (sample IN (0, 1)),
  created_at INTEGER NOT NULL,
  removed_by TEXT REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (client_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE persons (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  -- NFC.
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- The name without case and accents: what is searched and sorted by.
  folded TEXT NOT NULL,
  wikidata_id TEXT,
  occupation TEXT,
  description TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  removed_by TEXT REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name)
) STRICT;
CREATE UNIQUE INDEX persons_name ON persons (client_id, domain, name) WHERE removed_by IS NULL;
-- `removed_by` is in the indexes that answer a question alone.
CREATE INDEX persons_folded ON persons (client_id, domain, folded, id, removed_by) WHERE removed_by IS NULL;
CREATE INDEX persons_folded_all ON persons (client_id, folded, id, removed_by) WHERE removed_by IS NULL;
CREATE INDEX persons_removed_by ON persons (removed_by) WHERE removed_by IS NOT NULL;

-- A photo is known by its bytes; the bytes stay where they are. Live as long as one of its faces is.
CREATE TABLE photos (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  -- Pixels of the upright photo.
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  created_at INTEGER NOT NULL,
  UNIQUE (client_id, sha256, domain),
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name)
) STRICT;

-- A face without a person is one that was only ruled out (`rejections`), or taken from a person.
CREATE TABLE faces (
  id TEXT PRIMARY KEY,
  photo_id TEXT NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  person_id TEXT REFERENCES persons (id),
  -- Pixels of the upright photo, origin top left.
  box_x REAL NOT NULL,
  box_y REAL NOT NULL,
  box_w REAL NOT NULL CHECK (box_w >= 0),
  box_h REAL NOT NULL CHECK (box_h >= 0),
  -- [[x,y],…]: five points.
  landmarks TEXT NOT NULL CHECK (json_array_length(landmarks) = 5),
  detection_score REAL NOT NULL CHECK (detection_score BETWEEN 0 AND 1),
  quality REAL NOT NULL CHECK (quality BETWEEN 0 AND 1),
  quality_size REAL NOT NULL CHECK (quality_size BETWEEN 0 AND 1),
  quality_sharpness REAL NOT NULL CHECK (quality_sharpness BETWEEN 0 AND 1),
  quality_pose REAL NOT NULL CHECK (quality_pose BETWEEN 0 AND 1),
  quality_exposure REAL NOT NULL CHECK (quality_exposure BETWEEN 0 AND 1),
  size_px REAL NOT NULL CHECK (size_px >= 0),
  yaw_degrees REAL NOT NULL,
  roll_degrees REAL NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('enrolled', 'confirmed', 'manual', 'imported')),
  created_at INTEGER NOT NULL,
  removed_by TEXT REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name)
) STRICT;
CREATE INDEX faces_photo ON faces (photo_id, removed_by);
CREATE INDEX faces_person ON faces (person_id, removed_by, quality, photo_id);
CREATE INDEX faces_domain ON faces (client_id, domain, photo_id, id, person_id, removed_by)
  WHERE removed_by IS NULL AND person_id IS NOT NULL;
CREATE INDEX faces_removed_by ON faces (removed_by) WHERE removed_by IS NOT NULL;

-- 192 × 192 JPEG: the face's reference picture. Beside `faces`, so that a scan of those does not read pictures.
CREATE TABLE crops (
  face_id TEXT PRIMARY KEY REFERENCES faces (id) ON DELETE CASCADE,
  jpeg BLOB NOT NULL CHECK (length(jpeg) > 0)
) STRICT;

-- Embedders, by the id that their embeddings carry.
CREATE TABLE models (
  id TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One a face and model. Person and domain are the face's: a face that changes hands moves no vector.
CREATE TABLE embeddings (
  id INTEGER PRIMARY KEY,
  face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  model_id TEXT NOT NULL REFERENCES models (id),
  -- The face's, which it never leaves: a client's vectors are read in the order they lie in.
  client_id TEXT NOT NULL REFERENCES clients (id),
  -- 512 float32, little-endian, of length 1.
  vector BLOB NOT NULL CHECK (length(vector) = 2048),
  UNIQUE (face_id, model_id)
) STRICT;
CREATE INDEX embeddings_scan ON embeddings (client_id, model_id);

-- This face is not this person.
CREATE TABLE rejections (
  face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  person_id TEXT NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (face_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rejections_person ON rejections (person_id);

-- The Identify queue: this console's desk, not the gallery.
CREATE TABLE queue_items (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,
  path TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'set-aside', 'cancelled')),
  -- Times the vision process died with this photo in work.
  crashes INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),
  elapsed_ms REAL CHECK (elapsed_ms >= 0),
  error TEXT CHECK (json_valid(error)),
  sha256 TEXT CHECK (length(sha256) = 64)
) STRICT;

CREATE TABLE queue_analyses (
  item_id TEXT PRIMARY KEY REFERENCES queue_items (id) ON DELETE CASCADE,
  -- Everything but pictures and embeddings.
  analysis TEXT NOT NULL CHECK (json_valid(analysis)),
  -- 2,048 bytes a face, in the order of the faces.
  embeddings BLOB NOT NULL CHECK (length(embeddings) % 2048 = 0)
) STRICT;

-- `part`: 'pasted' the picture itself, 'thumbnail', or the number of a face, its crop.
CREATE TABLE queue_pictures (
  item_id TEXT NOT NULL REFERENCES queue_items (id) ON DELETE CASCADE,
  part TEXT NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (item_id, part)
) STRICT;
