-- What changed, in the order of commits, so that consoles follow each other and nothing is missed while one is away.

-- The number of the client's last change. Changing it takes the client's row: writes of one client are one after the other,
-- and a change that is seen means that all before it can be seen.
ALTER TABLE clients ADD COLUMN revision bigint NOT NULL DEFAULT 0;
-- The transaction that last changed it: one transaction is one revision.
ALTER TABLE clients ADD COLUMN revised_in xid8;

-- One row a statement, client and kind.
CREATE TABLE changes (
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
  revision bigint NOT NULL,
  part bigint GENERATED ALWAYS AS IDENTITY,
  kind text COLLATE "C" NOT NULL,
  -- Of what was made, changed or removed: people, photos, faces, or entries; none for domains.
  ids uuid[] NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (client_id, revision, part)
);
CREATE INDEX changes_at ON changes (at);

CREATE FUNCTION record_change(client text, of_kind text, of_ids uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  own bigint;
BEGIN
  UPDATE clients SET revision = clients.revision + 1, revised_in = pg_current_xact_id()
    WHERE id = client AND revised_in IS DISTINCT FROM pg_current_xact_id() RETURNING clients.revision INTO own;
  IF FOUND THEN
    -- Everybody in the database hears it: it names no client.
    PERFORM pg_notify('visor_changes', '');
  ELSE
    SELECT clients.revision INTO own FROM clients WHERE id = client;
  END IF;
  -- The client itself may be gone.
  IF own IS NOT NULL THEN
    INSERT INTO changes (client_id, revision, kind, ids) VALUES (client, own, of_kind, of_ids);
  END IF;
END $$;

-- TG_ARGV: the kind, and the column that says which; without it, none.
CREATE FUNCTION feed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format(
    'SELECT record_change(client_id, %L, %s) FROM changed GROUP BY client_id',
    TG_ARGV[0],
    CASE WHEN TG_NARGS < 2 THEN '''{}''::uuid[]'
      ELSE format('coalesce(array_agg(DISTINCT %1$I) FILTER (WHERE %1$I IS NOT NULL), ''{}'')', TG_ARGV[1]) END
  );
  RETURN NULL;
END $$;

DO $$
DECLARE
  fed record;
BEGIN
  FOR fed IN SELECT * FROM (VALUES
    ('domains', 'domain', NULL),
    ('persons', 'person', 'id'),
    ('person_tags', 'person', 'person_id'),
    ('person_aliases', 'person', 'person_id'),
    ('people_apart', 'person', 'person_id'),
    ('photos', 'photo', 'id'),
    ('faces', 'face', 'id'),
    ('embeddings', 'face', 'face_id'),
    ('crops', 'face', 'face_id'),
    ('rejections', 'face', 'face_id'),
    ('unknown_faces', 'unknown', 'face_id'),
    ('told_apart', 'unknown', 'face_id'),
    ('enrolment_reviews', 'review', 'id'),
    ('findings', 'finding', 'id'),
    ('ledger', 'entry', 'id')
  ) AS fed (of_table, kind, id_column)
  LOOP
    EXECUTE format(
      'CREATE TRIGGER feed_insert AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
         FOR EACH STATEMENT EXECUTE FUNCTION feed(%s)',
      fed.of_table, concat_ws(', ', quote_literal(fed.kind), quote_literal(fed.id_column)));
    EXECUTE format(
      'CREATE TRIGGER feed_update AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
         FOR EACH STATEMENT EXECUTE FUNCTION feed(%s)',
      fed.of_table, concat_ws(', ', quote_literal(fed.kind), quote_literal(fed.id_column)));
    EXECUTE format(
      'CREATE TRIGGER feed_delete AFTER DELETE ON %I REFERENCING OLD TABLE AS changed
         FOR EACH STATEMENT EXECUTE FUNCTION feed(%s)',
      fed.of_table, concat_ws(', ', quote_literal(fed.kind), quote_literal(fed.id_column)));
  END LOOP;
END $$;
