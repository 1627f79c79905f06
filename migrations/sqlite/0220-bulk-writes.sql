-- Of a server: what it knows of tables that grow quickly.
SELECT 1;
