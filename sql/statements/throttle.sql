-- SPDX-License-Identifier: Apache-2.0
-- How often something was tried, and from when it may be tried again.

-- name: put_throttle
INSERT INTO throttle (kind, subject, tries, until, expires)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: replace_throttle
UPDATE throttle SET tries = $1, until = $2, expires = $3
WHERE kind = $4 AND subject = $5 AND tries = $6;

-- name: get_throttle
SELECT kind, subject, tries, until, expires FROM throttle
WHERE kind = $1 AND subject = $2;

-- name: end_throttle
DELETE FROM throttle WHERE kind = $1 AND subject = $2;

-- name: forget_throttles
DELETE FROM throttle WHERE expires <= $1;
