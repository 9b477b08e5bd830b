-- SPDX-License-Identifier: Apache-2.0
-- Sessions: known by a hash of their token, sealed under a key from it.

-- name: put_session
INSERT INTO session (id, kind, owner, version, expires, sealed)
VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT DO NOTHING;

-- name: replace_session
UPDATE session SET version = version + 1, expires = $1, sealed = $2
WHERE id = $3 AND version = $4;

-- name: get_session
SELECT id, kind, owner, version, expires, sealed FROM session
WHERE id = $1 AND kind = $2 AND expires > $3;

-- name: end_session
DELETE FROM session WHERE id = $1;

-- name: end_sessions_of
DELETE FROM session WHERE owner = $1;

-- name: end_other_sessions_of
DELETE FROM session WHERE owner = $1 AND id <> $2;

-- name: forget_sessions
DELETE FROM session WHERE expires <= $1;
