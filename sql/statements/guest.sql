-- SPDX-License-Identifier: Apache-2.0
-- The guest register of a desk.

-- name: put_guest
INSERT INTO guest (id, client, arrival, made, ends, sealed)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- name: get_guest
SELECT id, client, arrival, made, ends, sealed
FROM guest WHERE id = $1 AND client = $2 AND ends > $3;

-- Behind one entry, by the day of arrival.
-- name: list_guests
SELECT id, client, arrival, made, ends, sealed FROM guest
WHERE client = $1 AND ends > $2 AND arrival < $3
  AND (arrival > $4 OR (arrival = $4 AND id > $5))
ORDER BY arrival, id LIMIT $6;

-- name: change_guest
UPDATE guest SET sealed = $1 WHERE id = $2 AND client = $3 AND ends > $4;

-- name: drop_guest
DELETE FROM guest WHERE id = $1 AND client = $2;

-- name: forget_guests
DELETE FROM guest WHERE ends <= $1;

-- name: count_guests
SELECT COUNT(*) FROM guest;
