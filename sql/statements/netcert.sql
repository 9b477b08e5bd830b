-- SPDX-License-Identifier: Apache-2.0
-- Net certificates: 1 opened, 2 frozen, 3 deregistered, 4 expired,
-- 5 superseded. One that is alive (1, 2) has no slot.

-- name: put_netcert
INSERT INTO netcert (id, person, holder, number, slot, state, version, level,
                     sealed, device, opened, expires, changed)
VALUES ($1, $2, $3, $4, $5, 1, 1, $6, $7, $5, $8, $9, $8)
ON CONFLICT DO NOTHING;

-- name: move_netcert
UPDATE netcert SET state = $1, slot = $2, version = version + 1, changed = $3
WHERE id = $4 AND version = $5 AND state = $6;

-- name: use_netcert
UPDATE netcert SET device = $1, version = version + 1
WHERE id = $2 AND state = 1 AND (length(device) = 0 OR device = $1);

-- name: get_netcert
SELECT id, person, holder, number, state, version, level, sealed, device,
       opened, expires, changed
FROM netcert WHERE person = $1
ORDER BY CASE WHEN state < 3 THEN 0 ELSE 1 END, changed DESC, opened DESC, id
LIMIT 1;

-- name: find_netcert
SELECT id, person, holder, number, state, version, level, sealed, device,
       opened, expires, changed
FROM netcert WHERE number = $1
ORDER BY CASE WHEN state < 3 THEN 0 ELSE 1 END, changed DESC, opened DESC, id
LIMIT 1;

-- name: list_netcerts
SELECT id, person, holder, number, state, version, level, sealed, device,
       opened, expires, changed
FROM netcert WHERE person = $1 ORDER BY opened DESC, changed DESC, id;

-- name: list_due_netcerts
SELECT id, person, holder, number, state, version, level, sealed, device,
       opened, expires, changed
FROM netcert WHERE expires <= $1 AND state < 3 ORDER BY expires, id LIMIT $2;
