-- What Visor needs of pgvector, under names of this schema: sessions look for names here alone, wherever the extension is. So nobody who
-- may create in the extension's schema makes something there that is taken for what Visor calls. Each of these is replaced by what it
-- is made of when a statement is planned, and an index is found by it.
DO $$
DECLARE
  home oid := (SELECT extnamespace FROM pg_extension WHERE extname = 'vector');
  owner name := current_user;
  made text;
BEGIN
  -- That schema may be open to whoever migrates, and not to the roles: they need none of it any more.
  IF NOT has_schema_privilege(home, 'USAGE') THEN
    SET LOCAL ROLE NONE;
  END IF;
  FOREACH made IN ARRAY ARRAY[
    -- A parameter of a statement as a vector.
    'as_vector(given %1$s.vector) RETURNS %1$s.vector LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN given',
    -- The cosine distance, 0 … 2: of whole vectors, and of vectors of half the precision.
    'distance(one %1$s.vector, other %1$s.vector) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN one OPERATOR(%1$s.<=>) other',
    'half_distance(one %1$s.vector, other %1$s.vector) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN one::%1$s.halfvec(512) OPERATOR(%1$s.<=>) other::%1$s.halfvec(512)',
    -- Under the names that the extension has for them.
    'vector_send(given %1$s.vector) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %1$s.vector_send(given)',
    'vector_dims(given %1$s.vector) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %1$s.vector_dims(given)',
    'vector_norm(given %1$s.vector) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN %1$s.vector_norm(given)'
  ] LOOP
    EXECUTE format('CREATE FUNCTION ' || made, home::regnamespace);
  END LOOP;
  FOREACH made IN ARRAY ARRAY['as_vector', 'distance', 'half_distance', 'vector_send', 'vector_dims', 'vector_norm'] LOOP
    EXECUTE format('ALTER FUNCTION %I OWNER TO %I', made, owner);
  END LOOP;
  EXECUTE format('SET LOCAL ROLE %I', owner);
END $$;
