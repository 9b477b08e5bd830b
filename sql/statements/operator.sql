-- SPDX-License-Identifier: Apache-2.0
-- Operators: 1 is invited, 2 active, 3 ended.

-- name: put_operator
INSERT INTO operator (id, name, roles, state, added, changed)
VALUES ($1, $2, $3, 1, $4, $4) ON CONFLICT DO NOTHING;

-- name: set_operator_roles
UPDATE operator SET roles = $1, changed = $2 WHERE id = $3 AND state <> 3;

-- name: end_operator
UPDATE operator SET state = 3, changed = $1 WHERE id = $2 AND state <> 3;

-- name: activate_operator
UPDATE operator SET state = 2, changed = $1 WHERE id = $2 AND state <> 3;

-- name: claim_operator
UPDATE operator SET changed = changed
WHERE id = $1 AND state = 2 AND (roles & $2) <> 0;

-- name: get_operator
SELECT id, name, roles, state, added, changed FROM operator WHERE id = $1;

-- name: list_operators
SELECT id, name, roles, state, added, changed FROM operator ORDER BY name;

-- name: put_passkey
INSERT INTO passkey (id, operator, point, counter, may_move, moved, model,
                     added, used)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0) ON CONFLICT DO NOTHING;

-- name: use_passkey
UPDATE passkey SET counter = $1, moved = $2, used = $3
WHERE id = $4 AND counter = $5;

-- name: get_passkey
SELECT id, operator, point, counter, may_move, moved, model, added, used
FROM passkey WHERE id = $1;

-- name: list_passkeys
SELECT id, operator, point, counter, may_move, moved, model, added, used
FROM passkey WHERE operator = $1 ORDER BY added, id;
