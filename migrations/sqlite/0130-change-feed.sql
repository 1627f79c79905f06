-- Of a server, where many consoles write: here the one that writes knows.
SELECT 1;
