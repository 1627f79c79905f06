-- Edits that a console made while its server was gone: in the cache, in the transaction that made them; see [Note: Acts].

CREATE TABLE outbox (
  -- The order in which they were made, and are replayed.
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Also of its ledger entry, here and on the server.
  act_id TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  arguments BLOB NOT NULL,
  actor TEXT NOT NULL,
  summary TEXT NOT NULL,
  reason TEXT,
  -- The revision of the client on the server that the cache held.
  base INTEGER NOT NULL,
  -- A JSON list of the people it touched.
  people TEXT NOT NULL CHECK (json_valid(people)),
  made_at INTEGER NOT NULL,
  -- Why the server did not take it, as an error's JSON; null while it waits its turn.
  held TEXT CHECK (json_valid(held)),
  -- Carried out whoever changed the same people meanwhile: somebody decided so.
  insisted INTEGER NOT NULL DEFAULT 0 CHECK (insisted IN (0, 1))
) STRICT;
CREATE INDEX outbox_client ON outbox (client_id);

-- Which console this is to the server.
CREATE TABLE console (id TEXT NOT NULL) STRICT;
INSERT INTO console (id) VALUES (lower(hex(randomblob(16))));
