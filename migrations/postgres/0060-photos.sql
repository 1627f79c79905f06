-- What is known of whole photos.

-- 64 bits, hexadecimal: alike for copies that were scaled or saved anew. Null where a photo was recorded without.
ALTER TABLE photos ADD COLUMN perceptual_hash text COLLATE "C" CHECK (length(perceptual_hash) = 16);
-- A mirror or a collage: the same person may be in it more than once.
ALTER TABLE photos ADD COLUMN repeats_people boolean NOT NULL DEFAULT false;
