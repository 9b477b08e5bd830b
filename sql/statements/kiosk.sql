-- SPDX-License-Identifier: Apache-2.0
-- Kiosks: 1 waits for its page, 2 is paired, 3 is removed for good.

-- name: put_kiosk
INSERT INTO kiosk (id, name, state, code, code_ends, public_key, added,
                   changed)
VALUES ($1, $2, 1, $3, $4, $5, $6, $6) ON CONFLICT DO NOTHING;

-- name: pair_kiosk
UPDATE kiosk SET state = 2, public_key = $1, code = $2, changed = $3
WHERE state = 1 AND code = $4 AND code_ends > $3 RETURNING id;

-- name: remove_kiosk
UPDATE kiosk SET state = 3, public_key = $1, code = $1, changed = $2
WHERE id = $3 AND state <> 3;

-- name: get_kiosk
SELECT id, name, state, code_ends, public_key, added, changed FROM kiosk
WHERE id = $1;

-- name: list_kiosks
SELECT id, name, state, code_ends, public_key, added, changed FROM kiosk
ORDER BY added, id;
