-- Nothing names a client that was erased, once nothing beside the database needs its name any more.

CREATE FUNCTION erased_client_is_forgotten() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  UPDATE chains SET client_id = '' WHERE id = OLD.chain;
  RETURN NULL;
END $$;
CREATE TRIGGER erased_client_is_forgotten AFTER DELETE ON clients
  FOR EACH ROW EXECUTE FUNCTION erased_client_is_forgotten();

CREATE FUNCTION erasure_forgets_client() RETURNS trigger
  LANGUAGE plpgsql SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  NEW.of_client := '';
  RETURN NEW;
END $$;
CREATE TRIGGER erasure_forgets_client BEFORE UPDATE OF client_id ON erasures
  FOR EACH ROW WHEN (OLD.client_id IS NOT NULL AND NEW.client_id IS NULL) EXECUTE FUNCTION erasure_forgets_client();
