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

-- name: forget_once
DELETE FROM once WHERE (kind, hash) IN
    (SELECT kind, hash FROM once WHERE expires <= $1
     ORDER BY expires LIMIT $2);

-- name: end_once
DELETE FROM once;
