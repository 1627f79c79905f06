-- What a console's cache of a server holds, and as of when; nothing in a gallery of its own.

CREATE TABLE cached_clients (
  client_id TEXT PRIMARY KEY,
  -- What is whole is as the client was on the server at this revision. A server that was restored may give the number again,
  -- for something else: then not with this stamp.
  revision INTEGER NOT NULL CHECK (revision >= 0),
  stamp TEXT NOT NULL,
  -- When that was looked up: Unix milliseconds of this console's clock.
  as_of INTEGER NOT NULL,
  -- Live domains of the client that were on the server then and are not here.
  other_domains INTEGER NOT NULL DEFAULT 0 CHECK (other_domains >= 0),
  -- Somebody was erased: bytes of them may still be in the file.
  scrub_due INTEGER NOT NULL DEFAULT 0 CHECK (scrub_due IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE cached_domains (
  client_id TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Not chosen any more: it goes with the next synchronisation.
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  -- What is filled in now, and the id up to which that is done.
  step TEXT NOT NULL CHECK (step IN ('persons', 'photos', 'faces', 'pairs', 'whole')),
  mark TEXT NOT NULL,
  -- Rows of persons, photos and faces: those filled in, and those that there are.
  filled INTEGER NOT NULL DEFAULT 0,
  expected INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (client_id, name)
) STRICT, WITHOUT ROWID;

-- What was changed here and not by the server: read anew from it with the next synchronisation.
CREATE TABLE cache_edits (
  client_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'photo', 'face')),
  id TEXT NOT NULL,
  PRIMARY KEY (client_id, kind, id)
) STRICT, WITHOUT ROWID;
