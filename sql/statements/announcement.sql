-- SPDX-License-Identifier: Apache-2.0
-- What the programs of a desk are still to be told.

-- name: put_announcement
INSERT INTO announcement (id, client, body, made, due, tries, ends)
VALUES ($1, $2, $3, $4, $4, 0, $5)
ON CONFLICT DO NOTHING;

-- name: list_due_announcements
SELECT id, client, body, made, due, tries, ends
FROM announcement WHERE due <= $1 AND ends > $1 ORDER BY due, id LIMIT $2;

-- Who tried it says when it is tried next; of two one wins.
-- name: delay_announcement
UPDATE announcement SET due = $1, tries = tries + 1
WHERE id = $2 AND tries = $3;

-- name: delay_announcements_of
UPDATE announcement SET due = $1 WHERE client = $2 AND due < $1;

-- name: drop_announcement
DELETE FROM announcement WHERE id = $1;

-- name: forget_announcements
DELETE FROM announcement WHERE ends <= $1;

-- name: count_announcements
SELECT COUNT(*) FROM announcement;
