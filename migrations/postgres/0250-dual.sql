-- Of a console that moves its gallery to a server: the console knows.
SELECT 1;
