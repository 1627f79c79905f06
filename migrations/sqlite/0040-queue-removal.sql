-- Photos taken out of the queue can be put back until the next start, which deletes them for good.
ALTER TABLE queue_items ADD COLUMN removed_at INTEGER;
