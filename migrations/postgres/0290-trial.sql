-- Consoles that are not on the server for more than a month learn of erasures all the same: what says whom one took is kept.

CREATE INDEX ledger_erasures ON ledger (client_id, revision) WHERE action = 'erase';

CREATE OR REPLACE FUNCTION prune_changes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  DELETE FROM changes WHERE client_id = NEW.id AND revision < NEW.revision AND at < now() - interval '30 days'
    AND NOT EXISTS (
      SELECT FROM ledger
      WHERE ledger.client_id = changes.client_id AND ledger.revision = changes.revision AND ledger.action = 'erase');
  RETURN NULL;
END $$;
