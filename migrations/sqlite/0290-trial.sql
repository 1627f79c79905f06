-- A gallery that is on a server as well, while that is on trial.

-- Unknown faces that were kept here and are not on the server: whatever edit names one brings it there.
CREATE TABLE own_faces (
  face_id TEXT PRIMARY KEY REFERENCES faces (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  -- The server had this face already, by another id: so it is called there.
  there TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX own_faces_client ON own_faces (client_id);

-- Somebody else's changes of these people were decided about, up to a revision of the server: they hold up no edit any more.
CREATE TABLE settled_people (
  person_id TEXT PRIMARY KEY REFERENCES persons (id) ON DELETE CASCADE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL CHECK (revision >= 0),
  -- Edits that were made from then on, Unix ms: all of them where what was made here was kept.
  since INTEGER NOT NULL,
  -- What the server has of them is still to be brought here.
  renew INTEGER NOT NULL CHECK (renew IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX settled_people_client ON settled_people (client_id);

-- Up to which revision of the server an act that is held was compared.
ALTER TABLE outbox ADD COLUMN seen INTEGER CHECK (seen >= 0);

-- Up to which revision of the server its erasures were carried out here.
ALTER TABLE pairings ADD COLUMN erasures_seen INTEGER NOT NULL DEFAULT 0 CHECK (erasures_seen >= 0);

-- What somebody told apart on the server comes here as well; the entry of its ledger does not.
CREATE TABLE told_apart_anywhere (
  client_id TEXT NOT NULL REFERENCES clients (id),
  face_id TEXT NOT NULL REFERENCES faces (id) ON DELETE CASCADE,
  -- The act, here or on the server; undoing it takes this back.
  ledger_id TEXT NOT NULL,
  side INTEGER NOT NULL CHECK (side IN (-1, 1)),
  PRIMARY KEY (client_id, face_id, ledger_id)
) STRICT, WITHOUT ROWID;
INSERT INTO told_apart_anywhere (client_id, face_id, ledger_id, side)
  SELECT client_id, face_id, ledger_id, side FROM told_apart;
DROP TABLE told_apart;
ALTER TABLE told_apart_anywhere RENAME TO told_apart;
CREATE INDEX told_apart_face ON told_apart (face_id);
CREATE INDEX told_apart_act ON told_apart (ledger_id, side, face_id);
