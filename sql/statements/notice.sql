-- SPDX-License-Identifier: Apache-2.0
-- What a person is told.

-- name: put_notice
INSERT INTO notice (id, holder, kind, about, at, detail, seen)
VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING;

-- name: see_notice
UPDATE notice SET seen = $1 WHERE id = $2 AND holder = $3 AND seen = 0;

-- name: list_notices
SELECT id, holder, kind, about, at, detail, seen FROM notice
WHERE holder = $1 ORDER BY at DESC, id LIMIT $2;

-- The last quarter of a document's life, where it ends until $2, there is no
-- later one, and nobody has been told.
-- name: list_due_renewals
SELECT id, holder, name, format, issued, valid_until, level, signer, copies,
       issuance, profile, state
FROM document
WHERE state = 0 AND length(profile) = 0 AND valid_until > $1 AND valid_until <= $2
  AND (valid_until - $1) * 4 <= valid_until - issued
  AND NOT EXISTS (
      SELECT 1 FROM document AS later
      WHERE later.holder = document.holder AND later.name = document.name
        AND later.subject = document.subject AND later.state = 0
        AND later.valid_until > document.valid_until)
  AND NOT EXISTS (
      SELECT 1 FROM notice
      WHERE notice.holder = document.holder AND notice.kind = $3
        AND notice.about = document.issuance)
ORDER BY valid_until, id LIMIT $4;
