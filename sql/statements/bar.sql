-- SPDX-License-Identifier: Apache-2.0
-- What keeps documents from a person for a time.

-- name: put_bar
INSERT INTO bar (id, holder, lookup, kind, name, subject, reason, basis,
                 author, started, ends, ended, receipt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12)
ON CONFLICT DO NOTHING;

-- name: end_bar
UPDATE bar SET ended = $1 WHERE id = $2 AND ended = 0;

-- name: list_bars
SELECT id, holder, lookup, kind, name, subject, reason, basis, author, started,
       ends, ended, receipt
FROM bar WHERE holder = $1 ORDER BY started, id;

-- name: list_due_bars
SELECT id, holder, lookup, kind, name, subject, reason, basis, author, started,
       ends, ended, receipt
FROM bar WHERE ended = 0 AND ends > 0 AND ends <= $1
ORDER BY ends, id LIMIT $2;

-- name: count_bars
SELECT COUNT(*) FROM bar
WHERE holder = $1 AND ended = 0 AND (length(name) = 0 OR name = $2)
  AND (length(subject) = 0 OR subject = $3);

-- name: count_bars_by
SELECT COUNT(*) FROM bar WHERE lookup = $1 AND ended = 0 AND length(name) = 0;

-- What a bar is about, of that which is not revoked or over.
-- name: list_barred
SELECT id, holder, name, format, issued, valid_until, level, signer, copies,
       issuance, profile, state
FROM document
WHERE holder = $1 AND ($2 = 0 OR name = $3) AND ($4 = 0 OR subject = $5)
  AND state <> 1 AND valid_until >= $6
ORDER BY issuance, id;

-- What stands though it is barred: it came in between.
-- name: list_escaped
SELECT DISTINCT d.issuance, b.id, d.holder, d.name
FROM bar b JOIN document d ON d.holder = b.holder
WHERE b.ended = 0 AND d.state = 0 AND d.valid_until >= $1
  AND (length(b.name) = 0 OR b.name = d.name)
  AND (length(b.subject) = 0 OR b.subject = d.subject)
ORDER BY d.issuance LIMIT $2;

-- name: put_suspension
INSERT INTO suspension (issuance, bar) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: end_suspension
DELETE FROM suspension WHERE issuance = $1 AND bar = $2;

-- name: list_suspensions
SELECT bar FROM suspension WHERE issuance = $1 ORDER BY bar;

-- name: list_suspended_by
SELECT issuance FROM suspension WHERE bar = $1 ORDER BY issuance;

-- name: list_unsuspended
SELECT DISTINCT issuance FROM document
WHERE state = 2
  AND NOT EXISTS (SELECT 1 FROM suspension
                  WHERE suspension.issuance = document.issuance)
ORDER BY issuance LIMIT $1;
