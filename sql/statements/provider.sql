-- SPDX-License-Identifier: Apache-2.0
-- What a wallet provider keeps: wallets by hashes, backups that are sealed.

-- name: put_instance
INSERT INTO instance (hash, state, day) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: touch_instance
UPDATE instance SET day = $1 WHERE hash = $2 AND state = $3;

-- name: set_instance_state
UPDATE instance SET state = $1, day = $2 WHERE hash = $3 AND state <> $1;

-- name: get_instance
SELECT hash, state, day FROM instance WHERE hash = $1;

-- name: forget_instances
DELETE FROM instance WHERE day < $1 AND state = $2;

-- name: count_instances
SELECT COUNT(*) FROM instance;

-- The first of a name, or the next version of who knows its token.
-- name: put_backup
INSERT INTO backup (hash, token, version, day, sealed)
SELECT $1, $2, $3, $4, $5
WHERE $3 = 1 OR EXISTS (SELECT 1 FROM backup WHERE hash = $1)
ON CONFLICT (hash) DO UPDATE
SET version = excluded.version, day = excluded.day, sealed = excluded.sealed
WHERE backup.token = excluded.token
  AND excluded.version = backup.version + 1;

-- name: get_backup
SELECT hash, token, version, day, sealed FROM backup WHERE hash = $1;

-- name: drop_backup
DELETE FROM backup WHERE hash = $1 AND token = $2;

-- name: forget_backups
DELETE FROM backup WHERE day < $1;

-- name: count_backups
SELECT COUNT(*) FROM backup;
