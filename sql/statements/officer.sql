-- SPDX-License-Identifier: Apache-2.0
-- Officers of a desk: 1 is invited, 2 active, 3 ended.

-- name: put_officer
INSERT INTO officer (id, number, profiles, state, added, changed)
VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT DO NOTHING;

-- name: end_officer
UPDATE officer SET state = 3, changed = $1 WHERE id = $2 AND state <> 3;

-- name: activate_officer
UPDATE officer SET state = 2, changed = $1 WHERE id = $2 AND state <> 3;

-- name: claim_officer
UPDATE officer SET changed = changed WHERE id = $1 AND state = 2;

-- name: get_officer
SELECT id, number, profiles, state, added, changed FROM officer WHERE id = $1;

-- name: list_officers
SELECT id, number, profiles, state, added, changed FROM officer
ORDER BY number;

-- name: put_officer_key
INSERT INTO officer_key (id, officer, point, counter, may_move, moved, added,
                         used)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT DO NOTHING;

-- name: use_officer_key
UPDATE officer_key SET counter = $1, moved = $2, used = $3
WHERE id = $4 AND counter = $5;

-- name: get_officer_key
SELECT id, officer, point, counter, may_move, moved, added, used
FROM officer_key WHERE id = $1;

-- name: put_officer_login
INSERT INTO officer_login (id, officer, sealed, since, expires)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: get_officer_login
SELECT id, officer, sealed, since, expires FROM officer_login
WHERE id = $1 AND expires > $2;

-- name: end_officer_login
DELETE FROM officer_login WHERE id = $1;

-- name: end_officer_logins
DELETE FROM officer_login WHERE officer = $1;

-- name: forget_officer_logins
DELETE FROM officer_login WHERE expires <= $1;
