-- SPDX-License-Identifier: Apache-2.0
-- What has to be signed again, and what was signed.

-- name: put_status_dirty
INSERT INTO status_dirty (change, list)
SELECT $1, e.list FROM status_entry e
WHERE e.document IN (SELECT id FROM document WHERE issuance = $2)
GROUP BY e.list
ON CONFLICT DO NOTHING;

-- name: list_status_dirty
SELECT change, list FROM status_dirty ORDER BY list LIMIT $1;

-- name: forget_status_dirty
DELETE FROM status_dirty WHERE change = $1 AND list = $2;

-- name: list_status_ages
SELECT list, version, signed_at, expires FROM status_token ORDER BY list;

-- name: put_artefact
INSERT INTO artefact (name, version, signed_at, expires, inputs, body)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (name) DO UPDATE
SET version = excluded.version, signed_at = excluded.signed_at,
    expires = excluded.expires, inputs = excluded.inputs, body = excluded.body
WHERE excluded.version > artefact.version;

-- name: get_artefact
SELECT name, version, signed_at, expires, inputs, body FROM artefact
WHERE name = $1;

-- name: get_artefact_age
SELECT name, version, signed_at, expires, inputs FROM artefact
WHERE name = $1;
