-- The gallery and its ledger. The Identify queue stays on each console.
--
-- Times are Unix milliseconds. Ids are UUIDv7, made by Visor. People and faces that are removed stay, with the ledger
-- entry that removed them in `removed_by`; a row is live while that is null. Every row says whose client it is, and every
-- key carries it: clients can be kept apart by row security, and on machines of their own.

-- What the statements of both engines are written in; see [Note: Two engines] in `dialect.ts`.
-- By way of arrays: of those the planner sees how many items there are, and so whether an index pays.
CREATE FUNCTION ids(list text) RETURNS TABLE (key bigint, value uuid)
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
  AS $$ SELECT place - 1, item FROM unnest(translate(list, '[]"', '{}')::uuid[]) WITH ORDINALITY AS items (item, place) $$;
CREATE FUNCTION numbers(list text) RETURNS TABLE (key bigint, value bigint)
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
  AS $$ SELECT place - 1, item FROM unnest(translate(list, '[]', '{}')::bigint[]) WITH ORDINALITY AS items (item, place) $$;
CREATE FUNCTION texts(list text) RETURNS TABLE (key bigint, value text)
  LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
  AS $$ SELECT place - 1, item
        FROM unnest(ARRAY(SELECT json_array_elements_text(list::json))) WITH ORDINALITY AS items (item, place) $$;
CREATE FUNCTION instr(text text, part text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT strpos(text, part) $$;
CREATE FUNCTION json_extract(document text, path text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT document::json #>> string_to_array(substr(path, 3), '.') $$;
CREATE FUNCTION as_json(document text) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT document::jsonb $$;
CREATE FUNCTION json_set(document text, path text, value jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT jsonb_set(document::jsonb, string_to_array(substr(path, 3), '.'), coalesce(value, 'null'))::text $$;
CREATE FUNCTION json_group_array_step(items jsonb, item anyelement) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT items || jsonb_build_array(item) $$;
CREATE FUNCTION json_group_array_end(items jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT items::text $$;
CREATE AGGREGATE json_group_array(anyelement) (
  SFUNC = json_group_array_step, STYPE = jsonb, FINALFUNC = json_group_array_end, INITCOND = '[]'
);
-- Whether a text is JSON at all; raises what PostgreSQL says of it.
CREATE FUNCTION json_valid(document text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT document::json IS NOT NULL $$;

CREATE FUNCTION id_of(text text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT text::uuid $$;
CREATE FUNCTION text_of(id uuid) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT id::text $$;

CREATE TABLE clients (
  id text COLLATE "C" PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  created_at bigint NOT NULL
);

-- The client that a transaction writes for: what rows that do not say so belong to.
CREATE FUNCTION writing_client() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT current_setting('visor.client') $$;

-- Who did what, when, with what undo needs. Append-only, but for `undone_by`.
CREATE SEQUENCE ledger_sequence AS bigint;
CREATE FUNCTION next_sequence() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('ledger_sequence') $$;
CREATE TABLE ledger (
  sequence bigint NOT NULL,
  id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  actor text COLLATE "C" NOT NULL,
  action text COLLATE "C" NOT NULL,
  summary text COLLATE "C" NOT NULL,
  -- JSON, to the letter: its digest is in the chain.
  details text COLLATE "C" NOT NULL CHECK (json_valid(details)),
  undone_by uuid,
  PRIMARY KEY (sequence, client_id),
  UNIQUE (id, client_id),
  FOREIGN KEY (undone_by, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE domains (
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  sample boolean NOT NULL,
  created_at bigint NOT NULL,
  removed_by uuid,
  PRIMARY KEY (client_id, name),
  FOREIGN KEY (removed_by, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE persons (
  id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  -- NFC.
  name text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- The name without case and accents: what is searched and sorted by.
  folded text COLLATE "C" NOT NULL,
  wikidata_id text COLLATE "C",
  occupation text COLLATE "C",
  description text COLLATE "C",
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  removed_by uuid,
  PRIMARY KEY (id, client_id),
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name),
  FOREIGN KEY (removed_by, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE UNIQUE INDEX persons_name ON persons (client_id, domain, name) WHERE removed_by IS NULL;
CREATE INDEX persons_folded ON persons (client_id, domain, folded, id) WHERE removed_by IS NULL;
CREATE INDEX persons_folded_all ON persons (client_id, folded, id) WHERE removed_by IS NULL;
CREATE INDEX persons_removed_by ON persons (removed_by) WHERE removed_by IS NOT NULL;

-- A photo is known by its bytes; the bytes stay where they are. Live as long as one of its faces is.
CREATE TABLE photos (
  id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  sha256 text COLLATE "C" NOT NULL CHECK (length(sha256) = 64),
  path text COLLATE "C" NOT NULL,
  format text COLLATE "C" NOT NULL,
  -- Pixels of the upright photo.
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  created_at bigint NOT NULL,
  PRIMARY KEY (id, client_id),
  UNIQUE (client_id, sha256, domain),
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name)
);

-- A face without a person is one that was only ruled out (`rejections`), or taken from a person, or unknown.
CREATE TABLE faces (
  id uuid NOT NULL,
  photo_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  domain text COLLATE "C" NOT NULL,
  person_id uuid,
  -- Pixels of the upright photo, origin top left.
  box_x double precision NOT NULL,
  box_y double precision NOT NULL,
  box_w double precision NOT NULL CHECK (box_w >= 0),
  box_h double precision NOT NULL CHECK (box_h >= 0),
  -- [[x,y],…]: five points.
  landmarks text COLLATE "C" NOT NULL CHECK (json_array_length(landmarks::json) = 5),
  detection_score double precision NOT NULL CHECK (detection_score BETWEEN 0 AND 1),
  quality double precision NOT NULL CHECK (quality BETWEEN 0 AND 1),
  quality_size double precision NOT NULL CHECK (quality_size BETWEEN 0 AND 1),
  quality_sharpness double precision NOT NULL CHECK (quality_sharpness BETWEEN 0 AND 1),
  quality_pose double precision NOT NULL CHECK (quality_pose BETWEEN 0 AND 1),
  quality_exposure double precision NOT NULL CHECK (quality_exposure BETWEEN 0 AND 1),
  size_px double precision NOT NULL CHECK (size_px >= 0),
  yaw_degrees double precision NOT NULL,
  roll_degrees double precision NOT NULL,
  source text COLLATE "C" NOT NULL CHECK (source IN ('enrolled', 'confirmed', 'manual', 'imported')),
  created_at bigint NOT NULL,
  removed_by uuid,
  PRIMARY KEY (id, client_id),
  FOREIGN KEY (photo_id, client_id) REFERENCES photos (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id),
  FOREIGN KEY (client_id, domain) REFERENCES domains (client_id, name),
  FOREIGN KEY (removed_by, client_id) REFERENCES ledger (id, client_id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX faces_photo ON faces (photo_id, removed_by);
CREATE INDEX faces_person ON faces (person_id, removed_by, quality, photo_id);
CREATE INDEX faces_domain ON faces (client_id, domain, photo_id) WHERE removed_by IS NULL AND person_id IS NOT NULL;
CREATE INDEX faces_removed_by ON faces (removed_by) WHERE removed_by IS NOT NULL;

-- 192 × 192 JPEG: the face's reference picture. Beside `faces`, so that a scan of those does not read pictures.
CREATE TABLE crops (
  face_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  jpeg bytea NOT NULL CHECK (length(jpeg) > 0),
  PRIMARY KEY (face_id, client_id),
  FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE
);
-- JPEG does not get smaller.
ALTER TABLE crops ALTER COLUMN jpeg SET STORAGE EXTERNAL;

-- Embedders, by the id that their embeddings carry. Of no client: the same for all.
CREATE TABLE models (
  id text COLLATE "C" PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 200),
  created_at bigint NOT NULL
);

-- One a face and model, of length 1. Person and domain are the face's.
CREATE TABLE embeddings (
  -- No more than an unknown face's neighbours can name, which take 32 bits each.
  id bigint GENERATED BY DEFAULT AS IDENTITY (MAXVALUE 2147483647),
  face_id uuid NOT NULL,
  model_id text COLLATE "C" NOT NULL REFERENCES models (id),
  client_id text COLLATE "C" NOT NULL REFERENCES clients (id),
  vector vector(512) NOT NULL,
  PRIMARY KEY (id, client_id),
  UNIQUE (face_id, model_id, client_id),
  FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE
);
-- 2,056 bytes are just over what a row keeps by itself: moved out, a scan takes three times as long.
ALTER TABLE embeddings ALTER COLUMN vector SET STORAGE PLAIN;
CREATE INDEX embeddings_scan ON embeddings (client_id, model_id, id);

-- This face is not this person.
CREATE TABLE rejections (
  face_id uuid NOT NULL,
  person_id uuid NOT NULL,
  client_id text COLLATE "C" NOT NULL DEFAULT writing_client(),
  created_at bigint NOT NULL,
  PRIMARY KEY (face_id, person_id, client_id),
  FOREIGN KEY (face_id, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE,
  FOREIGN KEY (person_id, client_id) REFERENCES persons (id, client_id) ON DELETE CASCADE
);
CREATE INDEX rejections_person ON rejections (person_id);
