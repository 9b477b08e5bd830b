-- SPDX-License-Identifier: Apache-2.0
-- Which version of a person the bureau's register last sent.

-- name: put_sync_version
INSERT INTO sync_version (person, version, content) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: replace_sync_version
UPDATE sync_version SET version = $1, content = $2
WHERE person = $3 AND version = $4;

-- name: get_sync_version
SELECT version, content FROM sync_version WHERE person = $1;
