-- A gallery that moves to a server: which of its clients are there as well, and what both answered to the same searches.

-- Clients whose galleries are on a server as well; see [Note: Paired gallery].
CREATE TABLE pairings (
  client_id TEXT PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
  -- Made with the server's schema, as in the folders of caches.
  server_id TEXT NOT NULL,
  -- `host:port/database`, for people.
  place TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  -- When both were found equal; null while the gallery is being copied.
  paired_at INTEGER
) STRICT, WITHOUT ROWID;

-- Who answers, as it was last decided: in the transaction of the ledger's entry, so that a console that was killed knows it.
CREATE TABLE decided_mode (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  mode TEXT NOT NULL CHECK (mode IN ('local', 'dual', 'server')),
  -- What it was decided on; null for what was given up.
  place TEXT,
  at INTEGER NOT NULL
) STRICT;

-- One probe, searched on both sides. Times in Unix milliseconds, durations in milliseconds, distances 0 … 2.
CREATE TABLE dual_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  -- The one that was searched; null for all of them, or several.
  domain TEXT,
  model_id TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('live', 'folder', 'past')),
  local_ms REAL NOT NULL CHECK (local_ms >= 0),
  -- Null where the server gave no answer; then `error` says why.
  server_ms REAL CHECK (server_ms >= 0),
  same_first INTEGER CHECK (same_first IN (0, 1)),
  -- Of the five nearest people, the part that both have: 0 … 1.
  overlap REAL CHECK (overlap BETWEEN 0 AND 1),
  -- Of a person whom both have among those.
  largest_difference REAL CHECK (largest_difference >= 0),
  error TEXT CHECK (json_valid(error)),
  -- Kept of disagreements alone, to look at them: of which photo and face the probe was, where it was of one, and why.
  sha256 TEXT CHECK (length(sha256) = 64),
  face INTEGER CHECK (face >= 0),
  cause TEXT CHECK (cause IN ('missing-rows', 'index-recall', 'tie', 'float-precision', 'edits-in-flight', 'unexplained')),
  CHECK ((server_ms IS NULL) = (error IS NOT NULL))
) STRICT;
CREATE INDEX dual_runs_at ON dual_runs (at);
CREATE INDEX dual_runs_disagreeing ON dual_runs (client_id, id) WHERE cause IS NOT NULL;
CREATE INDEX dual_runs_photo ON dual_runs (sha256) WHERE sha256 IS NOT NULL;

-- Both answers to a probe that they disagree on: the five nearest people.
CREATE TABLE dual_hits (
  run_id INTEGER NOT NULL REFERENCES dual_runs (id) ON DELETE CASCADE,
  side TEXT NOT NULL CHECK (side IN ('local', 'server')),
  rank INTEGER NOT NULL CHECK (rank BETWEEN 1 AND 5),
  person_id TEXT NOT NULL,
  name TEXT NOT NULL,
  face_id TEXT NOT NULL,
  distance REAL NOT NULL,
  PRIMARY KEY (run_id, side, rank)
) STRICT, WITHOUT ROWID;
CREATE INDEX dual_hits_person ON dual_hits (person_id);

-- Whoever goes for good, and whose photo does, goes from here.
CREATE TRIGGER dual_forgets_persons AFTER DELETE ON persons BEGIN
  DELETE FROM dual_runs WHERE id IN (SELECT run_id FROM dual_hits WHERE person_id = OLD.id);
END;
CREATE TRIGGER dual_forgets_photos AFTER DELETE ON photos BEGIN
  DELETE FROM dual_runs WHERE sha256 = OLD.sha256;
END;
CREATE TRIGGER dual_forgets_queued AFTER DELETE ON queue_items WHEN OLD.sha256 IS NOT NULL BEGIN
  DELETE FROM dual_runs WHERE sha256 = OLD.sha256;
END;
