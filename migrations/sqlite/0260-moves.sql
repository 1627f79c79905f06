-- The steps of a move to a server, as the window lists them, without reading the whole ledger.
CREATE INDEX ledger_moves ON ledger (client_id, sequence) WHERE action = 'move';
