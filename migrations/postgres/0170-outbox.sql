-- Acts of consoles, each carried out once; see [Note: Acts].

CREATE TABLE acts (
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client() REFERENCES clients (id) ON DELETE CASCADE,
  -- Also of its ledger entry, where it changed anything.
  act_id uuid NOT NULL,
  console text COLLATE "C" NOT NULL,
  -- JSON of what it gave; null for nothing.
  answer text COLLATE "C" CHECK (answer IS NULL OR json_valid(answer)),
  -- When it was made, Unix ms: on a console that was alone, long before it came here.
  made_at bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (act_id, client_id)
);
SELECT bind_to_clients('acts');
GRANT INSERT ON acts TO visor_curator;

-- What an entry of the ledger is in the change feed: whether it came after a state that a console has followed.
ALTER TABLE ledger ADD COLUMN revision bigint;
CREATE FUNCTION entry_gets_revision() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  SELECT CASE WHEN revised_in IS NOT DISTINCT FROM pg_current_xact_id() THEN clients.revision ELSE clients.revision + 1 END
    INTO NEW.revision FROM clients WHERE id = NEW.client_id;
  RETURN NEW;
END $$;
CREATE TRIGGER entry_gets_revision BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION entry_gets_revision();
