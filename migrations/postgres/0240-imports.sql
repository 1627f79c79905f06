-- Imports from other systems: their runs, the rows that they could not take, and photos that were never seen.

-- Whether Visor has read its bytes. Where it has not, `sha256` is made of what the other system knew of it, and width and height
-- are the least that its faces need.
ALTER TABLE photos ADD COLUMN seen boolean NOT NULL DEFAULT true;
-- Whether landmarks and quality were measured. Where they were not, they are 0 and say nothing; a box of 0 × 0 is none.
ALTER TABLE faces ADD COLUMN measured boolean NOT NULL DEFAULT true;
CREATE INDEX photos_unseen ON photos (client_id, domain, id) WHERE seen = FALSE;

CREATE TABLE import_runs (
  id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  kind text COLLATE "C" NOT NULL,
  -- Where the source is, without a password, as JSON; null once it named somebody who was erased.
  source text COLLATE "C" CHECK (source IS NULL OR json_valid(source)),
  -- Of the source's content: a run goes on with the same source only.
  fingerprint text COLLATE "C" NOT NULL,
  -- As JSON.
  options text COLLATE "C" NOT NULL CHECK (json_valid(options)),
  state text COLLATE "C" NOT NULL
    CHECK (state IN ('running', 'paused', 'cancelled', 'failed', 'done', 'validated', 'undone')),
  -- Rows that the source was found to have, and of those the ones that were dealt with.
  total bigint NOT NULL CHECK (total >= 0),
  position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
  imported bigint NOT NULL DEFAULT 0 CHECK (imported >= 0),
  already_there bigint NOT NULL DEFAULT 0 CHECK (already_there >= 0),
  rejected bigint NOT NULL DEFAULT 0 CHECK (rejected >= 0),
  actor text COLLATE "C" NOT NULL,
  started_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  -- Why it stopped, as an error's JSON.
  error text COLLATE "C" CHECK (error IS NULL OR json_valid(error)),
  -- What a comparison with the source found, as JSON.
  validation text COLLATE "C" CHECK (validation IS NULL OR json_valid(validation)),
  PRIMARY KEY (id, client_id)
);
CREATE INDEX import_runs_client ON import_runs (client_id, started_at);

-- The portions that changed something, and the entries of the ledger that they left: what undoing the run takes back.
CREATE TABLE import_steps (
  run_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  -- Of the portion's first row.
  position bigint NOT NULL CHECK (position >= 0),
  ledger_id uuid NOT NULL,
  PRIMARY KEY (run_id, position, client_id),
  FOREIGN KEY (run_id, client_id) REFERENCES import_runs (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (ledger_id, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE import_rejects (
  run_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  position bigint NOT NULL CHECK (position >= 0),
  -- What the row is called in the source.
  key text COLLATE "C" NOT NULL,
  person text COLLATE "C",
  photo text COLLATE "C",
  reason text COLLATE "C" NOT NULL,
  detail text COLLATE "C" NOT NULL,
  PRIMARY KEY (run_id, position, client_id),
  FOREIGN KEY (run_id, client_id) REFERENCES import_runs (id, client_id) ON DELETE CASCADE
);

SELECT bind_to_clients('import_runs'), bind_to_clients('import_steps'), bind_to_clients('import_rejects');
GRANT INSERT, UPDATE, DELETE ON import_runs, import_steps, import_rejects TO visor_curator;
