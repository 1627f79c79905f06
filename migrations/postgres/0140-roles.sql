-- Who may do what, and to whose rows: the database decides, so that a filter that was forgotten leaks nothing.
--
-- Three group roles of the whole server say what may be done, `members` says for which clients, in this database. Whoever logs
-- in is known by `session_user`: no SET ROLE, search_path or setting changes what a login may see. All objects belong to
-- `visor_admin`, so that every admin can migrate and rebuild indexes; they, too, see the rows of their own clients only.

DO $$
DECLARE
  group_name text;
BEGIN
  FOREACH group_name IN ARRAY ARRAY['visor_analyst', 'visor_curator', 'visor_admin'] LOOP
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = group_name) THEN CONTINUE; END IF;
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', group_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      -- Made by the migration of another database of this server in the same moment.
      NULL;
    END;
  END LOOP;
  IF NOT pg_catalog.pg_has_role(current_user, 'visor_admin', 'USAGE') THEN
    BEGIN
      EXECUTE format('GRANT visor_admin TO %I', current_user);
    EXCEPTION WHEN unique_violation THEN
      NULL;
    END;
  END IF;
EXCEPTION WHEN insufficient_privilege THEN
  RAISE EXCEPTION 'The user % may not make the roles of Visor. Let a superuser run: %GRANT visor_admin TO %;',
    quote_ident(current_user), (
      SELECT string_agg(format('CREATE ROLE %I NOLOGIN; ', wanted), '')
      FROM unnest(ARRAY['visor_analyst', 'visor_curator', 'visor_admin']) AS wanted
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = wanted)
    ), quote_ident(current_user)
    USING ERRCODE = 'insufficient_privilege';
END $$;

-- Which logins, or groups of them, work for which clients. `*`: for all of them, also those that are yet to come.
CREATE TABLE members (
  role_name text COLLATE "C" NOT NULL CHECK (length(role_name) BETWEEN 1 AND 63),
  client_id text COLLATE "C" NOT NULL CHECK (length(client_id) BETWEEN 1 AND 200),
  PRIMARY KEY (role_name, client_id)
);
-- Whoever makes the tables is the first member; a superuser is bound by no policy anyway.
INSERT INTO members (role_name, client_id)
  SELECT rolname, '*' FROM pg_catalog.pg_roles WHERE rolname = session_user AND NOT rolsuper;

-- Whether the login is, or is a member of, a role that may be gone by now.
CREATE FUNCTION is_my_role(role_name text) RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT pg_has_role(session_user, to_regrole(quote_ident(role_name)), 'USAGE') $$;

-- The clients of the login. Admins see what an erased client left, too, which is nobody's and says nothing.
CREATE FUNCTION my_clients() RETURNS text[]
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
DECLARE
  mine text[] := ARRAY(SELECT client_id FROM members WHERE is_my_role(role_name));
BEGIN
  IF is_my_role('visor_admin') THEN
    mine := mine || ''::text;
  END IF;
  RETURN mine;
END $$;
CREATE FUNCTION has_every_client() RETURNS boolean
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM members WHERE client_id = '*' AND is_my_role(role_name))
    -- Those whom no policy holds: what triggers do for them is done all the same.
    OR EXISTS (SELECT FROM pg_roles WHERE rolname = session_user AND (rolsuper OR rolbypassrls));
END $$;

-- Binds a table's rows to the clients of whoever asks. Each function is asked once a query, not once a row. Of tables to come,
-- too: a migration that makes one calls this, and says who may write to it.
CREATE FUNCTION bind_to_clients(of_table regclass, client_column text DEFAULT 'client_id') RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, visor, pg_temp AS $$
DECLARE
  condition text := format(
    '%I = ANY ((SELECT visor.my_clients())::text[]) OR (SELECT visor.has_every_client())', client_column);
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', of_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', of_table);
  -- Restrictive: no policy that is added later gives more.
  EXECUTE format('CREATE POLICY by_client ON %s AS RESTRICTIVE USING (%s) WITH CHECK (%2$s)', of_table, condition);
  EXECUTE format('CREATE POLICY granted ON %s USING (true) WITH CHECK (true)', of_table);
END $$;

-- What the login may do, for programs that show only that.
CREATE FUNCTION my_rights() RETURNS TABLE (
    login text, search boolean, curate boolean, erase boolean, administer boolean, every_client boolean, clients text[]
  )
  LANGUAGE sql STABLE SET search_path = pg_catalog, visor, pg_temp AS $$
  SELECT session_user::text,
    has_table_privilege('visor.embeddings', 'SELECT'),
    has_table_privilege('visor.persons', 'INSERT'),
    has_column_privilege('visor.ledger', 'salt', 'UPDATE'),
    pg_has_role('visor_admin', 'USAGE'),
    has_every_client(),
    ARRAY(SELECT client FROM unnest(my_clients()) AS client WHERE client NOT IN ('', '*') ORDER BY client)
$$;

-- As before, for clients of the login only. Those who may enrol people may begin with a new client.
CREATE OR REPLACE FUNCTION write_for(client text) RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
DECLARE
  own text;
BEGIN
  IF NOT (client = ANY (my_clients()) OR has_every_client()) THEN
    RAISE EXCEPTION 'The user % does not work for this client.', session_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'An admin can bind them to it: visor members add.';
  END IF;
  PERFORM set_config('visor.client', client, true);
  IF has_table_privilege(session_user, 'visor.persons', 'INSERT') THEN
    INSERT INTO clients (id, created_at) VALUES (client, extract(epoch FROM clock_timestamp()) * 1000) ON CONFLICT DO NOTHING;
  END IF;
  SELECT clients.chain INTO own FROM clients WHERE id = client FOR UPDATE;
  RETURN own;
END $$;

-- A chain takes its own client's entries.
CREATE OR REPLACE FUNCTION ledger_appends() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
BEGIN
  UPDATE chains SET last_sequence = NEW.sequence
    WHERE id = NEW.chain AND client_id = NEW.client_id AND last_sequence < NEW.sequence;
  IF NOT FOUND OR NEW.salt IS NULL OR NEW.undone_by IS NOT NULL OR NEW.closed_by IS NOT NULL THEN
    RAISE EXCEPTION 'The ledger takes chained entries at its end only.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What triggers do beside the act itself, nobody may do by hand. A deletion that goes on by a foreign key runs as the owner: no
-- trigger looks for functions or operators where whoever asks says.
ALTER FUNCTION client_gets_chain() SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp;
ALTER FUNCTION record_change(text, text, uuid[]) SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp;
ALTER FUNCTION feed() SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp;
ALTER FUNCTION ledger_stays() SET search_path = pg_catalog, visor, pg_temp;
ALTER FUNCTION ledger_keeps_chain() SET search_path = pg_catalog, visor, pg_temp;
ALTER FUNCTION ledger_is_not_emptied() SET search_path = pg_catalog, visor, pg_temp;
REVOKE EXECUTE ON FUNCTION record_change(text, text, uuid[]), bind_to_clients(regclass, text) FROM PUBLIC;

DO $$
DECLARE
  bound record;
BEGIN
  FOR bound IN
    SELECT format('%I.%I', table_schema, table_name)::regclass AS of_table, column_name AS client_column
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> 'members'
      AND (table_name = 'erasures' AND column_name = 'of_client' OR table_name <> 'erasures' AND column_name = 'client_id')
  LOOP
    PERFORM bind_to_clients(bound.of_table, bound.client_column);
  END LOOP;
END $$;
SELECT bind_to_clients('clients', 'id');
ALTER TABLE health_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE health_progress FORCE ROW LEVEL SECURITY;
CREATE POLICY by_login ON health_progress USING (login = session_user) WITH CHECK (login = session_user);

-- What analysts leave is an unknown face, whole, and nothing of anybody's.
DO $$
DECLARE
  kept record;
BEGIN
  FOR kept IN SELECT * FROM (VALUES
    ('photos', 'true'),
    ('faces', 'person_id IS NULL AND removed_by IS NULL AND former_of IS NULL'),
    ('crops', 'EXISTS (SELECT FROM faces f WHERE f.id = face_id AND f.client_id = crops.client_id
        AND f.person_id IS NULL AND f.removed_by IS NULL)'),
    ('embeddings', 'EXISTS (SELECT FROM faces f WHERE f.id = face_id AND f.client_id = embeddings.client_id
        AND f.person_id IS NULL AND f.removed_by IS NULL)'),
    ('unknown_faces', 'NOT ignored AND group_id IS NULL AND neighbours IS NULL
        AND EXISTS (SELECT FROM embeddings e JOIN faces f ON f.id = e.face_id AND f.client_id = e.client_id
          WHERE e.id = embedding_id AND e.client_id = unknown_faces.client_id AND e.face_id = unknown_faces.face_id
            AND e.model_id = unknown_faces.model_id AND f.person_id IS NULL AND f.removed_by IS NULL)')
  ) AS kept (of_table, condition)
  LOOP
    EXECUTE format('DROP POLICY granted ON %I', kept.of_table);
    EXECUTE format('CREATE POLICY reads ON %I FOR SELECT USING (true)', kept.of_table);
    EXECUTE format('CREATE POLICY curates ON %I TO visor_curator, visor_admin USING (true) WITH CHECK (true)', kept.of_table);
    EXECUTE format('CREATE POLICY keeps ON %I FOR INSERT TO visor_analyst WITH CHECK (%s)', kept.of_table, kept.condition);
  END LOOP;
END $$;
-- Where the file of a photo was last seen.
CREATE POLICY finds ON photos FOR UPDATE TO visor_analyst USING (true) WITH CHECK (true);

-- Curators append to the ledger; that something was erased only admins say.
DROP POLICY granted ON ledger;
CREATE POLICY reads ON ledger FOR SELECT USING (true);
CREATE POLICY appends ON ledger FOR INSERT TO visor_curator WITH CHECK (action <> 'erase');
CREATE POLICY closes ON ledger FOR UPDATE TO visor_curator USING (true) WITH CHECK (true);
CREATE POLICY administers ON ledger TO visor_admin USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA visor TO visor_analyst, visor_curator;
-- Where pgvector is in a schema of its own; only a warning where that is not ours to give.
DO $$
DECLARE
  home name := (SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector');
BEGIN
  IF NOT has_schema_privilege('visor_analyst', home, 'USAGE') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO visor_analyst, visor_curator, visor_admin', home);
  END IF;
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA visor TO visor_analyst, visor_curator;
REVOKE ALL ON members FROM visor_analyst, visor_curator;

GRANT INSERT ON models TO visor_analyst, visor_curator;
GRANT INSERT ON photos, faces, crops, unknown_faces, suggestion_marks TO visor_analyst;
GRANT INSERT (face_id, model_id, client_id, vector) ON embeddings TO visor_analyst;
GRANT UPDATE (path, perceptual_hash) ON photos TO visor_analyst;

GRANT INSERT, UPDATE, DELETE ON
    domains, persons, person_tags, person_aliases, photos, faces, crops, embeddings, rejections, unknown_faces, told_apart,
    suggestions, suggestion_marks, enrolment_reviews, enrolment_review_faces, people_apart, findings, name_keys, health_progress
  TO visor_curator;
GRANT INSERT (id, created_at) ON clients TO visor_curator;
GRANT INSERT, UPDATE (undone_by, closed_by) ON ledger TO visor_curator;
GRANT INSERT ON ledger_persons TO visor_curator;
GRANT USAGE ON SEQUENCE ledger_sequence TO visor_curator;

-- All belongs to the admins, what later migrations make as well: they run as the schema's owner.
DO $$
DECLARE
  thing record;
BEGIN
  ALTER SCHEMA visor OWNER TO visor_admin;
  FOR thing IN
    SELECT format('%I.%I', nspname, relname) AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'visor' AND relkind IN ('r', 'p')
  LOOP
    EXECUTE format('ALTER TABLE %s OWNER TO visor_admin', thing.name);
  END LOOP;
  ALTER SEQUENCE ledger_sequence OWNER TO visor_admin;
  FOR thing IN
    SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = 'visor'::regnamespace
  LOOP
    EXECUTE format('ALTER ROUTINE %s OWNER TO visor_admin', thing.name);
  END LOOP;
END $$;
ALTER DEFAULT PRIVILEGES FOR ROLE visor_admin IN SCHEMA visor GRANT SELECT ON TABLES TO visor_analyst, visor_curator;
