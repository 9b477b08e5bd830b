-- SPDX-License-Identifier: Apache-2.0
-- Relying parties.

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
