-- Of a server: here vectors are bytes that no extension reads.
SELECT 1;
