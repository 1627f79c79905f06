-- Many rows at once: what a first import costs the server beside its rows.

-- A tenth of the rows is read that ANALYZE would look at by itself: it is asked for while somebody waits, only so that the planner
-- knows how large the tables have become. Autovacuum looks closely once it is over.
ALTER FUNCTION keep_statistics(text[]) SET default_statistics_target = 10;
