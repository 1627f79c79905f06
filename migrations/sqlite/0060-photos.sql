-- What is known of whole photos.

-- 64 bits, hexadecimal: alike for copies that were scaled or saved anew. Null where a photo was recorded without.
ALTER TABLE photos ADD COLUMN perceptual_hash TEXT CHECK (length(perceptual_hash) = 16);
-- A mirror or a collage: the same person may be in it more than once.
ALTER TABLE photos ADD COLUMN repeats_people INTEGER NOT NULL DEFAULT 0 CHECK (repeats_people IN (0, 1));
