-- SPDX-License-Identifier: Apache-2.0
-- What may be used once: nonces, codes, used token identifiers.

-- name: put_once
INSERT INTO once (kind, hash, expires, payload) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- Only as long as something else is there: what a grant gives, and the grant.
-- name: put_once_while
INSERT INTO once (kind, hash, expires, payload)
SELECT $1, $2, $3, $4
WHERE EXISTS (SELECT 1 FROM once
              WHERE kind = $5 AND hash = $6 AND expires > $7)
ON CONFLICT DO NOTHING;

-- name: take_once
DELETE FROM once WHERE kind = $1 AND hash = $2 AND expires > $3
RETURNING payload;

-- name: get_once
SELECT payload FROM once WHERE kind = $1 AND hash = $2 AND expires > $3;

-- name: drop_once
DELETE FROM once WHERE kind = $1 AND hash = $2;

-- Up to the $2-th of those that are over, counted from 0, and who is over at
-- the same second: by the index, both to find it and to delete.
-- name: forget_once
DELETE FROM once
WHERE expires <= COALESCE((SELECT o.expires FROM once o
                           WHERE o.expires <= $1
                           ORDER BY o.expires LIMIT 1 OFFSET $2), $1);

-- name: end_once
DELETE FROM once;
