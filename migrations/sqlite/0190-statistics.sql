-- Of a server, which decides by statistics how it reads: SQLite is told.
SELECT 1;
