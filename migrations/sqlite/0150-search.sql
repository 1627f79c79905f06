-- Of a server, which searches with SQL: here the index in memory searches.
SELECT 1;
