-- SPDX-License-Identifier: Apache-2.0
-- Enrolments: 1 waits out its notice, 2 was offered, 3 is bound to a device,
-- 4 ended. And access codes, and guardians.

-- name: put_enrolment
INSERT INTO enrolment (id, holder, level, factors, state, replaces, device,
                       started, active_from, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8) ON CONFLICT DO NOTHING;

-- name: enrolment_not_below
UPDATE enrolment SET changed = changed
WHERE id = $1 AND NOT EXISTS (
    SELECT 1 FROM enrolment AS other
    WHERE other.holder = enrolment.holder AND other.state = 3
      AND other.level > enrolment.level);

-- name: offer_enrolment
UPDATE enrolment SET state = 2, changed = $1
WHERE id = $2 AND state = 1 AND active_from <= $1;

-- name: bind_enrolment
UPDATE enrolment SET state = 3, device = $1, changed = $2
WHERE id = $3 AND state = 2;

-- name: end_replaced_enrolments
UPDATE enrolment SET state = 4, changed = $1
WHERE state <> 4 AND id <> $2 AND EXISTS (
    SELECT 1 FROM enrolment AS winner
    WHERE winner.id = $2 AND winner.state = 3 AND winner.replaces = 1
      AND winner.holder = enrolment.holder
      AND winner.level >= enrolment.level);

-- name: end_enrolment
UPDATE enrolment SET state = 4, changed = $1
WHERE id = $2 AND holder = $3 AND state <> 4 AND level <= $4;

-- name: list_enrolments
SELECT id, holder, level, factors, state, replaces, device, started,
       active_from, changed
FROM enrolment WHERE holder = $1 ORDER BY started, id;

-- name: get_enrolment
SELECT id, holder, level, factors, state, replaces, device, started,
       active_from, changed
FROM enrolment WHERE id = $1;

-- name: list_enrolments_by_device
SELECT id, holder, level, factors, state, replaces, device, started,
       active_from, changed
FROM enrolment WHERE device = $1 ORDER BY started, id;

-- name: put_enrolment_issuance
INSERT INTO enrolment_issuance (enrolment, issuance) VALUES ($1, $2)
ON CONFLICT DO NOTHING;

-- name: list_enrolment_issuances
SELECT issuance FROM enrolment_issuance WHERE enrolment = $1 ORDER BY issuance;

-- name: put_access_code
INSERT INTO access_code (holder, salt, verifier, level, changed)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (holder) DO UPDATE
SET salt = excluded.salt, verifier = excluded.verifier,
    level = excluded.level, changed = excluded.changed
WHERE excluded.level >= access_code.level;

-- name: get_access_code
SELECT holder, salt, verifier, level, changed FROM access_code
WHERE holder = $1;

-- name: put_guardian
INSERT INTO guardian (id, child, guardian, started, ends, ended, reason)
VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT DO NOTHING;

-- name: end_guardian
UPDATE guardian SET ended = $1, reason = $2 WHERE id = $3 AND ended = 0;

-- name: list_guardians
SELECT id, child, guardian, started, ends, ended, reason FROM guardian
WHERE child = $1 OR guardian = $1 ORDER BY started, id;

-- name: list_ended_issuances
SELECT DISTINCT link.issuance FROM enrolment_issuance AS link
JOIN enrolment ON enrolment.id = link.enrolment
JOIN document ON document.issuance = link.issuance
WHERE enrolment.state = 4 AND document.state <> 1 LIMIT $1;

-- name: list_due_guarded
SELECT id, holder, level, factors, state, replaces, device, started,
       active_from, changed
FROM enrolment WHERE state <> 4 AND factors >= 64 AND NOT EXISTS (
    SELECT 1 FROM guardian
    WHERE guardian.child = enrolment.holder AND guardian.ended = 0
      AND guardian.ends > $1)
ORDER BY started, id LIMIT $2;
