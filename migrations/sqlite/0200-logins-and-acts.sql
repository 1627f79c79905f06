-- Of a server, where people log in: here it stays empty.
ALTER TABLE ledger ADD COLUMN login TEXT;
