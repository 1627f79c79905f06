-- What a ledger entry says can go, and the chain still holds; erasures, and what of them is still to be done.

-- Random, 32 hexadecimal digits; goes with the content: without it nobody can try which name a digest stands for.
ALTER TABLE ledger ADD COLUMN salt text COLLATE "C" CHECK (length(salt) = 32);
-- SHA-256, hexadecimal, of salt, client, summary, reason and details: all that the chain knows of them.
ALTER TABLE ledger ADD COLUMN content_hash text COLLATE "C" NOT NULL CHECK (length(content_hash) = 64);
-- The entry after which this one can be undone no more: an emptied bin, or the erasure that took its content.
ALTER TABLE ledger ADD COLUMN closed_by uuid;
ALTER TABLE ledger ADD FOREIGN KEY (closed_by, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ledger_closed_by ON ledger (closed_by) WHERE closed_by IS NOT NULL;

-- One an erasure. What is done after its transaction is done again until it is all done, whatever happens meanwhile.
CREATE TABLE erasures (
  ledger_id uuid NOT NULL,
  -- Whose erasure it was.
  of_client text COLLATE "C" NOT NULL DEFAULT writing_client(),
  -- The client that was erased, while there is something of it beside the database.
  client_id text COLLATE "C",
  -- The report as JSON, without what the scrub adds to it.
  report text COLLATE "C" NOT NULL CHECK (json_valid(report)),
  -- `scrub-due`: bytes of what went may still be in files. `report-due`: they are not, and nobody was told.
  stage text COLLATE "C" NOT NULL CHECK (stage IN ('scrub-due', 'report-due', 'done')),
  PRIMARY KEY (ledger_id, of_client)
);
CREATE INDEX erasures_stage ON erasures (stage) WHERE stage <> 'done';

-- Append-only: what was written stays, but that an entry is undone (once), closed (once), and that its content goes whole.
CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (
    (NEW.sequence, NEW.id, NEW.at, NEW.actor, NEW.action, NEW.content_hash, NEW.previous_hash, NEW.hash)
      IS DISTINCT FROM
    (OLD.sequence, OLD.id, OLD.at, OLD.actor, OLD.action, OLD.content_hash, OLD.previous_hash, OLD.hash)
    OR (NEW.undone_by IS DISTINCT FROM OLD.undone_by AND OLD.undone_by IS NOT NULL)
    OR (NEW.closed_by IS DISTINCT FROM OLD.closed_by AND OLD.closed_by IS NOT NULL
      AND (OLD.salt IS NULL OR NEW.salt IS NOT NULL))
    OR (
      (NEW.salt, NEW.client_id, NEW.summary, NEW.reason, NEW.details) IS DISTINCT FROM
        (OLD.salt, OLD.client_id, OLD.summary, OLD.reason, OLD.details)
      AND NOT (
        NEW.salt IS NULL AND NEW.summary = '' AND NEW.reason IS NULL AND NEW.details = 'null'
        AND NEW.closed_by IS NOT NULL AND NEW.client_id IN (OLD.client_id, '')
      )
    )
  ) THEN
    RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_stays BEFORE UPDATE OR DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_stays();
CREATE FUNCTION ledger_is_not_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The ledger is append-only.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_is_not_emptied BEFORE TRUNCATE ON ledger EXECUTE FUNCTION ledger_is_not_emptied();
