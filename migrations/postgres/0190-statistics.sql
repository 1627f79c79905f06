-- What the server knows of its tables while many rows are written. Autovacuum looks at what was committed, a minute later; until
-- then a first import would be planned for empty tables, and read all of them for each portion.

-- Analyzes those of the tables that have more than doubled since they were last; one that somebody else looks at is left out.
CREATE FUNCTION keep_statistics(tables text[]) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, visor, pg_temp AS $$
DECLARE
  grown name;
BEGIN
  FOR grown IN
    SELECT relname FROM pg_class
    WHERE relnamespace = 'visor'::regnamespace AND relkind = 'r' AND relname = ANY (tables)
      AND pg_relation_size(oid) / current_setting('block_size')::int > 2 * greatest(relpages, 1)
  LOOP
    EXECUTE format('ANALYZE (SKIP_LOCKED) visor.%I', grown);
  END LOOP;
END $$;
