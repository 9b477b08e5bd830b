-- SPDX-License-Identifier: Apache-2.0
-- What the audit log will be told.

-- name: put_event
INSERT INTO outbox (id, at, kind, subject, detail)
VALUES ($1, $2, $3, $4, $5);

-- name: list_events
SELECT id, at, kind, subject, detail FROM outbox ORDER BY at, id LIMIT $1;
