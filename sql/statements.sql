-- SPDX-License-Identifier: Apache-2.0
-- Every statement of the product, by name. Parameters are $1, $2 ... and first
-- occur in this order, so that they mean the same to every engine. A claim is
-- decided by the number of rows: 0 is lost.

-- name: last_migration
SELECT COALESCE(MAX(number), 0) FROM migration;

-- name: note_migration
INSERT INTO migration (number, applied) VALUES ($1, $2);

-- name: put_fact
INSERT INTO fact (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: replace_fact
UPDATE fact SET value = $1 WHERE name = $2 AND value = $3;

-- name: get_fact
SELECT value FROM fact WHERE name = $1;

-- name: put_person
INSERT INTO person (id, epoch, wrapped_key, registered)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;

-- name: put_person_part
INSERT INTO person_part (person, kind, sealed) VALUES ($1, $2, $3);

-- name: put_person_key
INSERT INTO person_key (kind, hash, person) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: put_person_group
INSERT INTO person_group (kind, hash, person) VALUES ($1, $2, $3);

-- name: find_person_by_key
SELECT p.id, p.epoch, p.wrapped_key, p.registered
FROM person_key k JOIN person p ON p.id = k.person
WHERE k.kind = $1 AND k.hash = $2;

-- name: find_persons_by_group
SELECT p.id, p.epoch, p.wrapped_key, p.registered
FROM person_group g JOIN person p ON p.id = g.person
WHERE g.kind = $1 AND g.hash = $2
ORDER BY p.registered, p.id;

-- name: get_person_part
SELECT sealed FROM person_part WHERE person = $1 AND kind = $2;

-- name: count_persons
SELECT COUNT(*) FROM person;

-- name: walk_persons
SELECT id, epoch, wrapped_key, registered FROM person ORDER BY id;

-- name: put_document
INSERT INTO document (id, holder, name, format, issued, valid_until, level,
                      signer, copies, issuance, subject, profile)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
WHERE NOT EXISTS (SELECT 1 FROM document
                  WHERE issuance = $10 AND state <> 0)
  AND NOT EXISTS (SELECT 1 FROM document
                  WHERE holder = $2 AND name = $3 AND subject = $11
                    AND state = 2)
ON CONFLICT DO NOTHING;

-- name: put_document_copy
INSERT INTO document_copy (hash, key_hash, document) VALUES ($1, $2, $3);

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

-- name: set_document_state
UPDATE document SET state = $1
WHERE issuance = $2 AND state <> $1 AND state <> 1;

-- name: set_entry_state
UPDATE status_entry SET state = $1
WHERE state <> 1
  AND document IN (SELECT id FROM document WHERE issuance = $2);

-- name: put_status_change
INSERT INTO status_change (id, issuance, at, state, reason)
VALUES ($1, $2, $3, $4, $5);

-- name: list_status_changes
SELECT id, issuance, at, state, reason FROM status_change
WHERE issuance = $1 ORDER BY at, id;

-- name: put_status_list
INSERT INTO status_list (number, role, bits, size, allocated, opened)
VALUES ($1, $2, $3, $4, 0, $5) ON CONFLICT DO NOTHING;

-- name: list_status_lists
SELECT number, role, bits, size, allocated, opened, ends FROM status_list
ORDER BY number;

-- name: find_status_list
SELECT number, role, bits, size, allocated, opened, ends FROM status_list
WHERE role = $1 AND bits = $2 ORDER BY number DESC LIMIT 1;

-- name: last_status_list
SELECT COALESCE(MAX(number), 0) FROM status_list;

-- name: put_status_entry
INSERT INTO status_entry (list, idx, document) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- name: count_status_entry
SELECT COUNT(*) FROM status_entry WHERE list = $1 AND idx = $2;

-- name: add_allocated
UPDATE status_list
SET allocated = allocated + $1,
    ends = CASE WHEN ends < $2 THEN $2 ELSE ends END
WHERE number = $3;

-- name: walk_status_entries
SELECT idx, state FROM status_entry WHERE list = $1 AND state <> 0;

-- name: put_status_token
INSERT INTO status_token (list, version, signed_at, expires, jwt, cwt)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (list) DO UPDATE
SET version = excluded.version, signed_at = excluded.signed_at,
    expires = excluded.expires, jwt = excluded.jwt, cwt = excluded.cwt
WHERE excluded.version = status_token.version + 1;

-- name: get_status_token
SELECT list, version, signed_at, expires, jwt, cwt FROM status_token
WHERE list = $1;

-- name: put_party
INSERT INTO party (code, name, profiles, legal_basis, retention_days, state,
                   certificate, registered, changed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING;

-- name: set_party_state
UPDATE party SET state = $1, changed = $2 WHERE code = $3 AND state <> $1;

-- name: get_party
SELECT code, name, profiles, legal_basis, retention_days, state, certificate,
       registered, changed
FROM party WHERE code = $1;

-- name: list_parties
SELECT code, name, profiles, legal_basis, retention_days, state, certificate,
       registered, changed
FROM party ORDER BY code;

-- name: put_once
INSERT INTO once (kind, hash, expires, payload) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- name: take_once
DELETE FROM once WHERE kind = $1 AND hash = $2 AND expires > $3
RETURNING payload;

-- name: forget_once
DELETE FROM once WHERE expires <= $1;

-- name: put_event
INSERT INTO outbox (id, at, kind, subject, detail)
VALUES ($1, $2, $3, $4, $5);

-- name: list_events
SELECT id, at, kind, subject, detail FROM outbox ORDER BY at, id LIMIT $1;
