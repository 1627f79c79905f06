-- The ledger's chains: one a client, whose writes are one after the other.

CREATE TABLE chains (
  id text COLLATE "C" PRIMARY KEY,
  -- Empty once the client was erased: what is left of its chain says nothing.
  client_id text COLLATE "C" NOT NULL,
  -- The last entry's: that the end of a chain was cut off shows.
  last_sequence bigint NOT NULL
);

ALTER TABLE clients ADD COLUMN chain text COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text;
ALTER TABLE ledger ADD COLUMN chain text COLLATE "C" NOT NULL REFERENCES chains (id);
CREATE INDEX ledger_chain ON ledger (chain, sequence);

CREATE FUNCTION client_gets_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO chains (id, client_id, last_sequence) VALUES (NEW.chain, NEW.id, 0);
  RETURN NULL;
END $$;
CREATE TRIGGER client_gets_chain AFTER INSERT ON clients FOR EACH ROW EXECUTE FUNCTION client_gets_chain();

CREATE FUNCTION ledger_appends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE chains SET last_sequence = NEW.sequence WHERE id = NEW.chain AND last_sequence < NEW.sequence;
  IF NOT FOUND OR NEW.salt IS NULL OR NEW.undone_by IS NOT NULL OR NEW.closed_by IS NOT NULL THEN
    RAISE EXCEPTION 'The ledger takes chained entries at its end only.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_appends BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_appends();

CREATE FUNCTION ledger_keeps_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_keeps_chain BEFORE UPDATE OF chain ON ledger
  FOR EACH ROW WHEN (NEW.chain IS DISTINCT FROM OLD.chain) EXECUTE FUNCTION ledger_keeps_chain();

-- Begins a write for a client: others that write for it wait until this one is over. Gives the chain of its ledger. A client
-- that is not there yet is made, and gone again where the write fails.
CREATE FUNCTION write_for(client text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  own text;
BEGIN
  PERFORM set_config('visor.client', client, true);
  INSERT INTO clients (id, created_at) VALUES (client, extract(epoch FROM clock_timestamp()) * 1000) ON CONFLICT DO NOTHING;
  SELECT clients.chain INTO own FROM clients WHERE id = client FOR UPDATE;
  RETURN own;
END $$;
