-- SPDX-License-Identifier: Apache-2.0
-- The audit log.

-- Who is erased while it is sealed has no event any more.
-- name: take_event
DELETE FROM outbox WHERE id = $1 AND subject = $2;

-- name: put_log_entry
INSERT INTO log_entry (idx, leaf, subject, sealed, key_box)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- name: put_log_node
INSERT INTO log_node (level, idx, hash) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: put_log_head
INSERT INTO log_head (number, size, at, root, note)
SELECT $1, $2, $3, $4, $5
WHERE NOT EXISTS (SELECT 1 FROM log_head WHERE size > $2 OR at > $3)
ON CONFLICT DO NOTHING;

-- name: forget_log_heads
DELETE FROM log_head
WHERE at < $1 AND number < (SELECT MAX(number) FROM log_head);

-- name: erase_log_entries
UPDATE log_entry SET subject = $1, sealed = $1, key_box = $1
WHERE subject = $2;

-- name: count_log_entries
SELECT COALESCE(MAX(idx), -1) + 1 FROM log_entry;

-- name: list_log_entries
SELECT idx, leaf, subject, sealed, key_box FROM log_entry
WHERE idx >= $1 AND idx < $2 ORDER BY idx;

-- name: list_log_subject
SELECT idx, leaf, subject, sealed, key_box FROM log_entry
WHERE subject = $1 AND idx >= $2 AND idx < $3 ORDER BY idx LIMIT $4;

-- name: list_log_leaves
SELECT leaf FROM log_entry WHERE idx >= $1 AND idx < $2 ORDER BY idx;

-- name: list_log_nodes
SELECT hash FROM log_node
WHERE level = $1 AND idx >= $2 AND idx < $3 ORDER BY idx;

-- name: last_log_head
SELECT number, size, at, root, note FROM log_head
ORDER BY number DESC LIMIT 1;

-- name: list_log_heads
SELECT number, size, at, root, note FROM log_head
WHERE number > $1 ORDER BY number LIMIT $2;

-- What was done, for comparing with the log.
-- name: walk_batches
SELECT issuance, format, profile, copies FROM document;

-- name: walk_changes
SELECT issuance, state FROM status_change;

-- name: walk_lookups
SELECT hash FROM person_group WHERE kind = $1;

-- name: list_waiting
SELECT id, at, kind, subject, detail FROM outbox
WHERE at > $1 OR (at = $1 AND id > $2) ORDER BY at, id LIMIT $3;
