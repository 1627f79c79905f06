-- What consoles need to follow the feed, and to keep a cache of the gallery.

-- Which gallery this is: caches of it go by this. A restored backup is the same one.
CREATE TABLE server_identity (
  one integer PRIMARY KEY CHECK (one = 1),
  id uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO server_identity (one) VALUES (1);

-- Numbers of embeddings that went: the faces that a change names can no longer tell them.
ALTER TABLE changes ADD COLUMN embeddings bigint[] NOT NULL DEFAULT '{}';

CREATE FUNCTION feed_gone_embeddings() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  PERFORM record_change(client_id, 'face', array_agg(DISTINCT face_id)) FROM changed GROUP BY client_id;
  INSERT INTO changes (client_id, revision, kind, ids, embeddings)
    SELECT clients.id, clients.revision, 'face', '{}', array_agg(changed.id)
    FROM changed JOIN clients ON clients.id = changed.client_id GROUP BY clients.id, clients.revision;
  RETURN NULL;
END $$;
DROP TRIGGER feed_delete ON embeddings;
CREATE TRIGGER feed_delete AFTER DELETE ON embeddings REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION feed_gone_embeddings();

-- A month of changes is kept, and each client's last: every hundredth write of a client forgets what is older. A cache that is
-- further behind compares all it has with the server.
CREATE FUNCTION prune_changes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  DELETE FROM changes WHERE client_id = NEW.id AND revision < NEW.revision AND at < now() - interval '30 days';
  RETURN NULL;
END $$;
CREATE TRIGGER prune_changes AFTER UPDATE OF revision ON clients
  FOR EACH ROW WHEN (NEW.revision % 100 = 0) EXECUTE FUNCTION prune_changes();
