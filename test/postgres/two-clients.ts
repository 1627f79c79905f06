/** A row of each table that has rows of clients, for tests of who sees what. */

/**
 * Statements that give a client a row in each table; `n` is a digit of their ids. They are run by whoever is bound by nothing.
 * A new table gets its row here.
 */
export function rowsOfClient(client: string, n: number): string {
  const id = (kind: number, which = 1) => `'${n}000000${kind}-0000-7000-8000-00000000000${which}'`
  const own = `'${client}'`
  const hash = `repeat('${n}', 64)`
  const vector = `array_fill(0.0441942, ARRAY[512])::vector`
  const face = (which: number, person: string) => `
    INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks, detection_score, quality,
      quality_size, quality_sharpness, quality_pose, quality_exposure, size_px, yaw_degrees, roll_degrees, source, created_at)
    VALUES (${id(3, which)}, ${id(2)}, ${own}, 'all', ${person}, 0, 0, 9, 9, '[1,2,3,4,5]', 1, 1, 1, 1, 1, 1, 9, 0, 0, 'manual', 1);
    INSERT INTO embeddings (id, face_id, model_id, client_id, vector) VALUES (${n}0${which}, ${id(3, which)}, 'model', ${own}, ${vector});
    INSERT INTO crops (face_id, client_id, jpeg) VALUES (${id(3, which)}, ${own}, 'x');`
  return `
    SELECT write_for(${own});
    INSERT INTO models (id, created_at) VALUES ('model', 1) ON CONFLICT DO NOTHING;
    INSERT INTO ledger (sequence, id, client_id, chain, at, actor, action, summary, details, salt, content_hash, previous_hash, hash)
      VALUES (next_sequence(), ${id(4)}, ${own}, (SELECT chain FROM clients WHERE id = ${own}), 1, 'tester', 'delete-persons',
        'a test', '{}', repeat('0', 32), ${hash}, ${hash}, ${hash});
    INSERT INTO domains (client_id, name, sample, created_at) VALUES (${own}, 'all', false, 1);
    INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at) VALUES
      (${id(1, 1)}, ${own}, 'all', 'one', 'one', 1, 1), (${id(1, 2)}, ${own}, 'all', 'two', 'two', 1, 1);
    INSERT INTO ledger_persons (person_id, sequence, client_id)
      SELECT ${id(1)}, sequence, client_id FROM ledger WHERE id = ${id(4)};
    INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, created_at)
      VALUES (${id(2)}, ${own}, 'all', ${hash}, '/a.jpg', 'jpeg', 100, 100, 1);
    ${face(1, id(1))} ${face(2, 'NULL')}
    INSERT INTO rejections (face_id, person_id, client_id, created_at) VALUES (${id(3, 2)}, ${id(1)}, ${own}, 1);
    INSERT INTO person_tags (person_id, key, tag, client_id) VALUES (${id(1)}, 'tag', 'Tag', ${own});
    INSERT INTO person_aliases (person_id, name, folded, client_id) VALUES (${id(1)}, 'Uno', 'uno', ${own});
    INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at) VALUES (${n}02, ${id(3, 2)}, ${own}, 'model', 1);
    INSERT INTO told_apart (client_id, face_id, ledger_id, side) VALUES (${own}, ${id(3, 2)}, ${id(4)}, 1);
    INSERT INTO suggestions (embedding_id, person_id, client_id, model_id, distance, own_face_id)
      VALUES (${n}02, ${id(1)}, ${own}, 'model', 0.1, ${id(3, 1)});
    INSERT INTO suggestion_marks (client_id, model_id, updated_at, person_id) VALUES (${own}, 'model', 1, ${id(1)});
    INSERT INTO enrolment_reviews (id, client_id, domain, person_name, model_id, sha256, path, format, width, height,
      faces_in_photo, choice, kinds, created_at)
      VALUES (${id(5)}, ${own}, 'all', 'three', 'model', ${hash}, '/b.jpg', 'jpeg', 100, 100, 1, 'unclear', '[]', 1);
    INSERT INTO enrolment_review_faces (review_id, client_id, position, face, vector) VALUES (${id(5)}, ${own}, 0, '{}', ${vector});
    INSERT INTO people_apart (person_id, other_id, client_id, created_at) VALUES (${id(1, 1)}, ${id(1, 2)}, ${own}, 1);
    INSERT INTO findings (id, client_id, domain, kind, person_id, subject, harm, evidence, print, state, found_at)
      VALUES (${id(6)}, ${own}, 'all', 'no-photo', ${id(1)}, '', 0, '{}', '', 'open', 1);
    INSERT INTO acts (client_id, act_id, console, made_at) VALUES (${own}, ${id(4)}, 'desk', 1);
    INSERT INTO name_keys (person_id, client_id, key) VALUES (${id(1)}, ${own}, 'one');
    INSERT INTO import_runs (id, client_id, kind, fingerprint, options, state, total, actor, started_at, changed_at)
      VALUES (${id(7)}, ${own}, 'folder', '', '{}', 'running', 1, 'tester', 1, 1);
    INSERT INTO import_steps (run_id, client_id, position, ledger_id) VALUES (${id(7)}, ${own}, 0, ${id(4)});
    INSERT INTO import_rejects (run_id, client_id, position, key, reason, detail)
      VALUES (${id(7)}, ${own}, 0, 'row 1', 'no-person', '');
    INSERT INTO import_unfound (run_id, client_id, face_id, reason, detail)
      VALUES (${id(7)}, ${own}, ${id(3, 1)}, 'no-face', '');
    INSERT INTO erasures (ledger_id, of_client, report, stage) VALUES (${id(4)}, ${own}, '{}', 'done');`
}
