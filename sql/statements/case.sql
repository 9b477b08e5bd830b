-- SPDX-License-Identifier: Apache-2.0
-- Cases: 1 is open, 2 was decided by one, 3 is closed by a second.

-- name: put_case
INSERT INTO case_file (id, kind, subject, state, opened, detail, sealed,
                       decision, decided_by, decided_at, confirmed_by,
                       confirmed_at)
VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, 0, $8, 0) ON CONFLICT DO NOTHING;

-- name: decide_case
UPDATE case_file SET state = 2, decision = $1, decided_by = $2,
                     decided_at = $3
WHERE id = $4 AND state = 1;

-- name: confirm_case
UPDATE case_file SET state = 3, confirmed_by = $1, confirmed_at = $2
WHERE id = $3 AND state = 2 AND decided_by <> $1 AND decision = $4;

-- name: reopen_case
UPDATE case_file SET state = 1, decision = $1, decided_by = $2,
                     decided_at = 0
WHERE id = $3 AND state = 2 AND decided_by <> $4;

-- name: get_case
SELECT id, kind, subject, state, opened, detail, sealed, decision, decided_by,
       decided_at, confirmed_by, confirmed_at
FROM case_file WHERE id = $1;

-- name: list_cases
SELECT id, kind, subject, state, opened, detail, sealed, decision, decided_by,
       decided_at, confirmed_by, confirmed_at
FROM case_file WHERE state = $1 ORDER BY opened, id LIMIT $2;

-- name: count_open_cases
SELECT COUNT(*) FROM case_file WHERE kind = $1 AND subject = $2 AND state <> 3;
