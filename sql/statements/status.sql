-- SPDX-License-Identifier: Apache-2.0
-- What became of documents: states, status lists, tokens.

-- name: set_document_state
UPDATE document SET state = $1
WHERE issuance = $2 AND state <> $1 AND state <> 1
  AND ($1 <> 0 OR NOT EXISTS (SELECT 1 FROM suspension
                              WHERE suspension.issuance = $2));

-- name: set_entry_state
UPDATE status_entry SET state = $1
WHERE state <> 1
  AND document IN (SELECT id FROM document WHERE issuance = $2);

-- name: put_status_change
INSERT INTO status_change (id, issuance, at, state, reason)
VALUES ($1, $2, $3, $4, $5);

-- name: list_status_changes
SELECT id, issuance, at, state, reason FROM status_change
WHERE issuance = $1 ORDER BY at, id;

-- name: put_status_list
INSERT INTO status_list (number, role, bits, size, allocated, opened)
VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT DO NOTHING;

-- name: list_status_lists
SELECT number, role, bits, size, allocated, opened, ends FROM status_list
ORDER BY number;

-- name: find_status_list
SELECT number, role, bits, size, allocated, opened, ends FROM status_list
WHERE role = $1 AND bits = $2 ORDER BY number DESC LIMIT 1;

-- name: last_status_list
SELECT COALESCE(MAX(number), 0) FROM status_list;

-- name: put_status_entry
INSERT INTO status_entry (list, idx, document) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: count_status_entry
SELECT COUNT(*) FROM status_entry WHERE list = $1 AND idx = $2;

-- name: add_allocated
UPDATE status_list
SET allocated = allocated + $1,
    ends = CASE WHEN ends < $2 THEN $2 ELSE ends END
WHERE number = $3;

-- name: walk_status_entries
SELECT idx, state FROM status_entry WHERE list = $1 AND state <> 0;

-- name: put_status_token
INSERT INTO status_token (list, version, signed_at, expires, jwt, cwt)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (list) DO UPDATE
SET version = excluded.version, signed_at = excluded.signed_at,
    expires = excluded.expires, jwt = excluded.jwt, cwt = excluded.cwt
WHERE excluded.version = status_token.version + 1;

-- name: get_status_token
SELECT list, version, signed_at, expires, jwt, cwt FROM status_token
WHERE list = $1;
