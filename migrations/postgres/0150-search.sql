-- What a search on the server reads: one table, in which every row says whose face it is and where; and how much there is to search.

-- A row is just over what PostgreSQL keeps whole: it would move the texts out, and a scan look each of them up, at three times
-- the cost of reading the vectors.
ALTER TABLE embeddings
  ALTER COLUMN model_id SET STORAGE PLAIN,
  ALTER COLUMN client_id SET STORAGE PLAIN,
  ADD COLUMN domain text COLLATE "C",
  -- Null while the face is nobody's, or removed: such a row is in no search.
  ADD COLUMN person_id uuid;
ALTER TABLE embeddings ALTER COLUMN domain SET STORAGE PLAIN;
-- Of all clients.
ALTER TABLE embeddings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE faces NO FORCE ROW LEVEL SECURITY;
UPDATE embeddings SET domain = f.domain, person_id = CASE WHEN f.removed_by IS NULL THEN f.person_id END
  FROM faces f WHERE f.id = face_id AND f.client_id = embeddings.client_id;
ALTER TABLE embeddings ALTER COLUMN domain SET NOT NULL;

-- For exact searches of a domain, and for the faces of a person. The index that finds neighbours is made where it pays: see
-- docs/server-search.md.
CREATE INDEX embeddings_domain ON embeddings (client_id, model_id, domain) WHERE person_id IS NOT NULL;
CREATE INDEX embeddings_person ON embeddings (person_id, model_id, client_id) WHERE person_id IS NOT NULL;

-- Domain and person are the face's. Whoever adds many rows may give them, which saves a look at the face for each row.
CREATE FUNCTION embedding_is_of_face() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  SELECT f.domain, CASE WHEN f.removed_by IS NULL THEN f.person_id END INTO NEW.domain, NEW.person_id
    FROM faces f WHERE f.id = NEW.face_id AND f.client_id = NEW.client_id;
  RETURN NEW;
END $$;
CREATE TRIGGER embedding_is_of_face BEFORE INSERT ON embeddings
  FOR EACH ROW WHEN (NEW.domain IS NULL) EXECUTE FUNCTION embedding_is_of_face();
CREATE TRIGGER embedding_is_of_other_face BEFORE UPDATE OF face_id ON embeddings
  FOR EACH ROW EXECUTE FUNCTION embedding_is_of_face();

CREATE FUNCTION embeddings_follow_faces() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  UPDATE embeddings e SET domain = face.domain, person_id = face.person_id
    FROM (SELECT id, client_id, domain, CASE WHEN removed_by IS NULL THEN person_id END AS person_id FROM changed) AS face
    WHERE e.face_id = face.id AND e.client_id = face.client_id
      AND (e.domain <> face.domain OR e.person_id IS DISTINCT FROM face.person_id);
  RETURN NULL;
END $$;
CREATE TRIGGER embeddings_follow_faces AFTER UPDATE ON faces REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION embeddings_follow_faces();

-- Embeddings that a search compares with, by person and by domain: counting a million takes longer than searching them.
CREATE TABLE gallery_persons (
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  domain text COLLATE "C" NOT NULL,
  person_id uuid NOT NULL,
  embeddings bigint NOT NULL,
  PRIMARY KEY (client_id, model_id, domain, person_id)
);
CREATE INDEX gallery_persons_gone ON gallery_persons (client_id) WHERE embeddings = 0;
CREATE TABLE gallery_sizes (
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  domain text COLLATE "C" NOT NULL,
  -- With at least one embedding.
  persons bigint NOT NULL,
  embeddings bigint NOT NULL,
  PRIMARY KEY (client_id, model_id, domain)
);

CREATE FUNCTION sizes_follow_embeddings() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS (
      SELECT FROM added e JOIN faces f ON f.id = e.face_id AND f.client_id = e.client_id
      WHERE e.domain <> f.domain OR e.person_id IS DISTINCT FROM CASE WHEN f.removed_by IS NULL THEN f.person_id END
    ) THEN
      RAISE EXCEPTION 'An embedding is its face''s: same person, same domain.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  EXECUTE format($statement$
    WITH step AS (
      SELECT client_id, model_id, domain, person_id, sum(step) AS embeddings FROM (%s) AS row
      WHERE person_id IS NOT NULL GROUP BY client_id, model_id, domain, person_id HAVING sum(step) <> 0
    ), person AS (
      INSERT INTO gallery_persons AS kept SELECT * FROM step
      ON CONFLICT (client_id, model_id, domain, person_id) DO UPDATE SET embeddings = kept.embeddings + excluded.embeddings
      RETURNING kept.*
    )
    INSERT INTO gallery_sizes AS kept
    SELECT client_id, model_id, domain,
      sum((person.embeddings > 0)::int - (person.embeddings - step.embeddings > 0)::int), sum(step.embeddings)
    FROM person JOIN step USING (client_id, model_id, domain, person_id) GROUP BY client_id, model_id, domain
    ON CONFLICT (client_id, model_id, domain) DO UPDATE
      SET persons = kept.persons + excluded.persons, embeddings = kept.embeddings + excluded.embeddings
  $statement$, CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT *, 1 AS step FROM added'
    WHEN 'DELETE' THEN 'SELECT *, -1 AS step FROM gone'
    ELSE 'SELECT *, 1 AS step FROM added UNION ALL SELECT *, -1 FROM gone' END);
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM gallery_persons WHERE embeddings = 0;
    DELETE FROM gallery_sizes WHERE embeddings = 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER sizes_follow_insert AFTER INSERT ON embeddings REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sizes_follow_embeddings();
CREATE TRIGGER sizes_follow_update AFTER UPDATE ON embeddings REFERENCING OLD TABLE AS gone NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION sizes_follow_embeddings();
CREATE TRIGGER sizes_follow_delete AFTER DELETE ON embeddings REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION sizes_follow_embeddings();

INSERT INTO gallery_persons SELECT client_id, model_id, domain, person_id, count(*)
  FROM embeddings WHERE person_id IS NOT NULL GROUP BY client_id, model_id, domain, person_id;
INSERT INTO gallery_sizes SELECT client_id, model_id, domain, count(*), sum(embeddings)
  FROM gallery_persons GROUP BY client_id, model_id, domain;

ALTER TABLE embeddings FORCE ROW LEVEL SECURITY;
ALTER TABLE faces FORCE ROW LEVEL SECURITY;
-- Read by all, written by triggers alone.
SELECT bind_to_clients('gallery_persons');
SELECT bind_to_clients('gallery_sizes');
