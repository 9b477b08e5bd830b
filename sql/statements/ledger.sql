-- SPDX-License-Identifier: Apache-2.0
-- What was issued.

-- name: put_document
INSERT INTO document (id, holder, name, format, issued, valid_until, level,
                      signer, copies, issuance, subject, profile)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
WHERE NOT EXISTS (SELECT 1 FROM document
                  WHERE issuance = $10 AND state <> 0)
  AND NOT EXISTS (SELECT 1 FROM document
                  WHERE holder = $2 AND name = $3 AND subject = $11
                    AND state = 2)
  AND NOT EXISTS (SELECT 1 FROM bar
                  WHERE bar.holder = $2 AND ended = 0
                    AND (length(bar.name) = 0 OR bar.name = $3)
                    AND (length(bar.subject) = 0 OR bar.subject = $11))
ON CONFLICT DO NOTHING;

-- name: put_document_copy
INSERT INTO document_copy (hash, key_hash, document) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: list_documents
SELECT id, holder, name, format, issued, valid_until, level, signer, copies,
       issuance, profile, state
FROM document WHERE holder = $1
ORDER BY issued, name, format, profile, id;

-- name: list_issuance
SELECT id, holder, name, format, issued, valid_until, level, signer, copies,
       issuance, profile, state
FROM document WHERE issuance = $1
ORDER BY format, profile, id;

-- name: count_suspended
SELECT COUNT(*) FROM document
WHERE holder = $1 AND name = $2 AND subject = $3 AND state = 2;
