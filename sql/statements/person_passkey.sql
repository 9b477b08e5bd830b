-- SPDX-License-Identifier: Apache-2.0
-- Passkeys that persons have bound.

-- name: put_person_passkey
INSERT INTO person_passkey (id, holder, lookup, point, level, counter,
                            may_move, moved, added, used)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT DO NOTHING;

-- name: use_person_passkey
UPDATE person_passkey SET counter = $1, moved = $2, used = $3
WHERE id = $4 AND counter = $5;

-- name: drop_person_passkey
DELETE FROM person_passkey WHERE id = $1 AND holder = $2;

-- name: drop_person_passkeys
DELETE FROM person_passkey WHERE holder = $1;

-- name: drop_person_passkeys_up_to
DELETE FROM person_passkey WHERE holder = $1 AND level <= $2;

-- name: get_person_passkey
SELECT id, holder, lookup, point, level, counter, may_move, moved, added, used
FROM person_passkey WHERE id = $1;

-- name: list_person_passkeys
SELECT id, holder, lookup, point, level, counter, may_move, moved, added, used
FROM person_passkey WHERE holder = $1 ORDER BY added, id;
