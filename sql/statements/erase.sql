-- SPDX-License-Identifier: Apache-2.0
-- A person's rows: put in the place of others, and erased.

-- name: touch_person
UPDATE person SET registered = registered
WHERE id = $1 AND length(wrapped_key) > $2;

-- name: replace_person_part
INSERT INTO person_part (person, kind, sealed) VALUES ($1, $2, $3)
ON CONFLICT (person, kind) DO UPDATE SET sealed = excluded.sealed;

-- name: drop_person_part
DELETE FROM person_part WHERE person = $1 AND kind = $2;

-- name: list_person_lookups
SELECT kind, hash FROM person_key WHERE person = $1
UNION ALL
SELECT kind, hash FROM person_group WHERE person = $1
ORDER BY kind, hash;

-- name: drop_person_key
DELETE FROM person_key WHERE person = $1 AND kind = $2 AND hash = $3;

-- name: drop_person_group
DELETE FROM person_group WHERE person = $1 AND kind = $2 AND hash = $3;

-- name: erase_person
UPDATE person SET wrapped_key = $1 WHERE id = $2 AND length(wrapped_key) > $3;

-- name: erase_parts
DELETE FROM person_part WHERE person = $1;

-- name: erase_keys
DELETE FROM person_key WHERE person = $1;

-- name: erase_groups
DELETE FROM person_group WHERE person = $1;

-- name: erase_outbox
UPDATE outbox SET subject = $1 WHERE subject = $2;

-- name: erase_enrolment_issuances
DELETE FROM enrolment_issuance
WHERE enrolment IN (SELECT id FROM enrolment WHERE holder = $1);

-- name: erase_enrolments
DELETE FROM enrolment WHERE holder = $1;

-- name: erase_access_code
DELETE FROM access_code WHERE holder = $1;

-- name: erase_throttles
DELETE FROM throttle WHERE subject = $1;

-- name: erase_cases
UPDATE case_file SET subject = $1, sealed = $1, detail = $2
WHERE subject = $3;

-- name: erase_guardians
DELETE FROM guardian WHERE child = $1 OR guardian = $1;

-- name: erase_notices
DELETE FROM notice WHERE holder = $1;

-- name: erase_suspensions
DELETE FROM suspension
WHERE issuance IN (SELECT issuance FROM document WHERE holder = $1);

-- name: erase_bars
DELETE FROM bar WHERE holder = $1;

-- name: erase_netcerts
DELETE FROM netcert WHERE person = $1;

-- name: erase_item_grants
DELETE FROM item_grant WHERE person = $1;
