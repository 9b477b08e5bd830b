-- SPDX-License-Identifier: Apache-2.0
-- The store itself: migrations and facts.

-- name: last_migration
SELECT COALESCE(MAX(number), 0) FROM migration;

-- name: note_migration
INSERT INTO migration (number, applied) VALUES ($1, $2);

-- name: put_fact
INSERT INTO fact (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: replace_fact
UPDATE fact SET value = $1 WHERE name = $2 AND value = $3;

-- name: get_fact
SELECT value FROM fact WHERE name = $1;

-- name: drop_fact
DELETE FROM fact WHERE name = $1;
