-- Of a server, where many people log in: here the file is its owner's.
SELECT 1;
