-- A console lists the steps of its move from its own ledger.
SELECT 1;
