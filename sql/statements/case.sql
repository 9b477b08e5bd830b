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

-- name: close_case
UPDATE case_file SET state = 3, decision = $1, confirmed_by = $2,
                     confirmed_at = $3
WHERE id = $4 AND state <> 3;

-- name: take_case
INSERT INTO case_taken (id, operator, taken) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET operator = excluded.operator,
                               taken = excluded.taken
WHERE case_taken.operator = excluded.operator OR case_taken.taken < $4;

-- name: list_case_queue
SELECT c.id, c.kind, c.state, c.opened, c.decided_at, t.operator, t.taken
FROM case_file c LEFT JOIN case_taken t ON t.id = c.id
WHERE c.state = $1 AND c.opened >= $2 ORDER BY c.opened, c.id LIMIT $3;

-- name: list_case_queue_of
SELECT c.id, c.kind, c.state, c.opened, c.decided_at, t.operator, t.taken
FROM case_file c LEFT JOIN case_taken t ON t.id = c.id
WHERE c.kind = $1 AND c.state = $2 AND c.opened >= $3
ORDER BY c.opened, c.id LIMIT $4;

-- name: count_case_queue
SELECT kind, state, COUNT(*), MIN(opened) FROM case_file WHERE state <> 3
GROUP BY kind, state ORDER BY kind, state;

-- name: list_cases_of
SELECT id, kind, subject, state, opened, detail, sealed, decision, decided_by,
       decided_at, confirmed_by, confirmed_at
FROM case_file WHERE subject = $1 ORDER BY opened, id LIMIT $2;
