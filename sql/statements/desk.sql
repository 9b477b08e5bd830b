-- SPDX-License-Identifier: Apache-2.0
-- What a relying party's desk keeps: its requests, and what came of them.

-- name: put_enquiry
INSERT INTO enquiry (id, client, profile, choice, device, state, nonce, back,
                     sealed, browser, code, created, expires, ends)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT DO NOTHING;

-- name: get_enquiry
SELECT id, client, profile, choice, device, state, nonce, back, sealed, browser,
       code, created, expires, ends
FROM enquiry WHERE id = $1 AND ends > $2;

-- The first browser that opens the link is the one.
-- name: bind_enquiry
UPDATE enquiry SET browser = $1
WHERE id = $2 AND state = $3 AND expires > $4 AND length(browser) = 0;

-- Of two answers one wins; the key that opened it goes at once.
-- name: answer_enquiry
UPDATE enquiry SET state = $1, code = $2, ends = $3, sealed = $4
WHERE id = $5 AND state = $6 AND expires > $7;

-- name: finish_enquiry
UPDATE enquiry SET state = $1, ends = $2
WHERE id = $3 AND state = $4 AND code = $5 AND browser = $6 AND ends > $7;

-- name: drop_enquiry
DELETE FROM enquiry WHERE id = $1;

-- name: forget_enquiries
DELETE FROM enquiry WHERE ends <= $1;

-- name: count_enquiries
SELECT COUNT(*) FROM enquiry;

-- name: put_judgement
INSERT INTO judgement (id, client, profile, verdict, made, ends, sealed,
                       evidence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- name: get_judgement
SELECT id, client, profile, verdict, made, ends, sealed, evidence
FROM judgement WHERE id = $1 AND ends > $2;

-- name: seal_judgement
UPDATE judgement SET sealed = $1 WHERE id = $2 AND sealed = $3;

-- name: keep_judgement
UPDATE judgement SET ends = $1 WHERE id = $2 AND ends > $3;

-- name: drop_judgement
DELETE FROM judgement WHERE id = $1;

-- name: forget_judgements
DELETE FROM judgement WHERE ends <= $1;

-- name: count_judgements
SELECT COUNT(*) FROM judgement;
