-- SPDX-License-Identifier: Apache-2.0
-- Which relying party may ask for which item of a person. One row for each;
-- given again after it ended or was withdrawn, it is the same row.

-- name: put_grant
INSERT INTO item_grant (id, person, party, item, granted, ends, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, 0)
ON CONFLICT (person, party, item)
DO UPDATE SET granted = $5, ends = $6, withdrawn = 0 RETURNING id;

-- name: withdraw_grant
UPDATE item_grant SET withdrawn = $1
WHERE id = $2 AND person = $3 AND withdrawn = 0;

-- name: withdraw_grants
UPDATE item_grant SET withdrawn = $1 WHERE person = $2 AND withdrawn = 0;

-- name: list_grants
SELECT id, person, party, item, granted, ends, withdrawn
FROM item_grant WHERE person = $1 ORDER BY granted DESC, id LIMIT $2;

-- name: has_grant
SELECT count(*) FROM item_grant
WHERE person = $1 AND party = $2 AND (item = $3 OR length($3) = 0)
  AND withdrawn = 0 AND granted <= $4 AND ends > $4;
