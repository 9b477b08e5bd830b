-- SPDX-License-Identifier: Apache-2.0
-- Intakes: 1 receiving, 2 waiting for a second operator, 3 running, 4 done,
-- 5 ended.

-- One that is not over for each operator.
-- name: put_intake
INSERT INTO intake (id, kind, state, sender, epoch, wrapped_key, opened,
                    changed, lines, bytes, done, applied, same, older, refused,
                    why)
SELECT $1, $2, 1, $3, $4, $5, $6, $7, 0, 0, 0, 0, 0, 0, 0, $8
WHERE NOT EXISTS (SELECT 1 FROM intake WHERE sender = $9 AND state < 4)
ON CONFLICT DO NOTHING;

-- name: grow_intake
UPDATE intake SET lines = lines + $1, bytes = bytes + $2, changed = $3
WHERE id = $4 AND state = 1 AND sender = $5 AND lines = $6;

-- name: put_intake_part
INSERT INTO intake_part (intake, first_line, sealed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- name: freeze_intake
UPDATE intake SET state = 2, changed = $1
WHERE id = $2 AND state = 1 AND sender = $3 AND lines > 0;

-- name: start_intake
UPDATE intake SET state = 3, changed = $1 WHERE id = $2 AND state = 2;

-- name: step_intake
UPDATE intake SET done = $1, applied = $2, same = $3, older = $4, refused = $5,
                  changed = $6
WHERE id = $7 AND state = 3 AND done = $8;

-- name: tell_intake
INSERT INTO intake_told (intake, line, said) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: end_intake
UPDATE intake SET state = $1, why = $2, wrapped_key = $3, changed = $4
WHERE id = $5 AND state >= $6 AND state < $7 AND state < 4;

-- name: drop_intake_parts
DELETE FROM intake_part WHERE intake = $1;

-- name: get_intake
SELECT id, kind, state, sender, epoch, wrapped_key, opened, changed, lines,
       bytes, done, applied, same, older, refused, why
FROM intake WHERE id = $1;

-- name: list_intakes
SELECT id, kind, state, sender, epoch, wrapped_key, opened, changed, lines,
       bytes, done, applied, same, older, refused, why
FROM intake ORDER BY opened DESC, id LIMIT $1;

-- name: list_intakes_of
SELECT id, kind, state, sender, epoch, wrapped_key, opened, changed, lines,
       bytes, done, applied, same, older, refused, why
FROM intake WHERE state = $1 AND changed < $2 ORDER BY opened, id LIMIT $3;

-- name: get_intake_part
SELECT first_line, sealed FROM intake_part
WHERE intake = $1 AND first_line <= $2 ORDER BY first_line DESC LIMIT 1;

-- name: list_intake_told
SELECT line, said FROM intake_told
WHERE intake = $1 AND line > $2 ORDER BY line LIMIT $3;

-- name: forget_intake_told
DELETE FROM intake_told WHERE intake = $1;

-- name: forget_intake
DELETE FROM intake WHERE id = $1 AND state >= 4;
