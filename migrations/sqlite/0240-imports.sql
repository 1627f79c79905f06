-- Imports from other systems: their runs, the rows that they could not take, and photos that were never seen.

-- Whether Visor has read its bytes. Where it has not, `sha256` is made of what the other system knew of it, and width and height
-- are the least that its faces need.
ALTER TABLE photos ADD COLUMN seen INTEGER NOT NULL DEFAULT 1 CHECK (seen IN (0, 1));
-- Whether landmarks and quality were measured. Where they were not, they are 0 and say nothing; a box of 0 × 0 is none.
ALTER TABLE faces ADD COLUMN measured INTEGER NOT NULL DEFAULT 1 CHECK (measured IN (0, 1));
CREATE INDEX photos_unseen ON photos (client_id, domain, id) WHERE seen = FALSE;

CREATE TABLE import_runs (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES clients (id),
  kind TEXT NOT NULL,
  -- Where the source is, without a password, as JSON; null once it named somebody who was erased.
  source TEXT CHECK (json_valid(source)),
  -- Of the source's content: a run goes on with the same source only.
  fingerprint TEXT NOT NULL,
  -- As JSON.
  options TEXT NOT NULL CHECK (json_valid(options)),
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'cancelled', 'failed', 'done', 'validated', 'undone')),
  -- Rows that the source was found to have, and of those the ones that were dealt with.
  total INTEGER NOT NULL CHECK (total >= 0),
  position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
  imported INTEGER NOT NULL DEFAULT 0 CHECK (imported >= 0),
  already_there INTEGER NOT NULL DEFAULT 0 CHECK (already_there >= 0),
  rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0),
  actor TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  -- Why it stopped, as an error's JSON.
  error TEXT CHECK (json_valid(error)),
  -- What a comparison with the source found, as JSON.
  validation TEXT CHECK (json_valid(validation))
) STRICT;
CREATE INDEX import_runs_client ON import_runs (client_id, started_at);

-- The portions that changed something, and the entries of the ledger that they left: what undoing the run takes back.
CREATE TABLE import_steps (
  run_id TEXT NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
  -- Of the portion's first row.
  position INTEGER NOT NULL CHECK (position >= 0),
  ledger_id TEXT NOT NULL REFERENCES ledger (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_rejects (
  run_id TEXT NOT NULL REFERENCES import_runs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  -- What the row is called in the source.
  key TEXT NOT NULL,
  person TEXT,
  photo TEXT,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;
