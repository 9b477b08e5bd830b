-- SPDX-License-Identifier: Apache-2.0
-- Certificates that were replaced or revoked, and revocation lists.

-- name: put_signer
INSERT INTO signer (hash, role, kind, certificate, ended, revoked, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING;

-- name: revoke_signer
UPDATE signer SET revoked = $1, reason = $2 WHERE hash = $3 AND revoked = 0;

-- name: count_revoked_signer
SELECT COUNT(*) FROM signer WHERE hash = $1 AND revoked <> 0;

-- name: list_signers
SELECT hash, role, kind, certificate, ended, revoked, reason
FROM signer ORDER BY ended, hash;

-- name: list_signed_by
SELECT DISTINCT issuance FROM document
WHERE signer = $1 AND state <> $2 LIMIT $3;

-- name: put_crl
INSERT INTO crl (name, root, number, signed_at, expires, der)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (name, root) DO UPDATE
SET number = excluded.number, signed_at = excluded.signed_at,
    expires = excluded.expires, der = excluded.der
WHERE excluded.number > crl.number;

-- name: list_crls
SELECT name, root, number, signed_at, expires, der FROM crl
WHERE name = $1 ORDER BY signed_at DESC, root;
