-- Ctrl+Z no longer asks the ledger: the window remembers its own acts.
DROP INDEX ledger_undoable;
