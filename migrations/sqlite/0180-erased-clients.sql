-- Of a server, where more tables say whose a row is: here there is one chain, and erasures name a client only while they must.
SELECT 1;
