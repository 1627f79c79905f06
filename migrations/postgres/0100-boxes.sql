-- Boxes that people draw, move and delete.

-- The box was drawn by hand, not found by a detector.
ALTER TABLE faces ADD COLUMN manual boolean NOT NULL DEFAULT false;
-- Whose former state this row is: box, landmarks, embeddings and crop as they were before the box was changed by the entry in
-- `removed_by`, kept for the undo. It is nobody's and never live, and goes with the face.
ALTER TABLE faces ADD COLUMN former_of uuid CHECK (former_of IS NULL OR (removed_by IS NOT NULL AND person_id IS NULL));
ALTER TABLE faces ADD FOREIGN KEY (former_of, client_id) REFERENCES faces (id, client_id) ON DELETE CASCADE;
CREATE INDEX faces_former_of ON faces (former_of) WHERE former_of IS NOT NULL;

-- Deleted faces are in the bin, too; former states go with what is in it.
CREATE INDEX ledger_bin ON ledger (client_id, at)
  WHERE undone_by IS NULL AND closed_by IS NULL
    AND action IN ('delete-persons', 'delete-domain', 'delete-faces', 'change-box');
