-- SPDX-License-Identifier: Apache-2.0
-- Certificates that were replaced or taken back, and the lists that say so.

CREATE TABLE signer (
    hash        BLOB   NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    role        TEXT   NOT NULL,
    kind        TEXT   NOT NULL,
    certificate BLOB   NOT NULL,
    ended       BIGINT NOT NULL,
    revoked     BIGINT NOT NULL CHECK (revoked >= 0),
    reason      BIGINT NOT NULL
);

CREATE TABLE crl (
    name      TEXT   NOT NULL,
    root      BLOB   NOT NULL CHECK (length(root) = 32),
    number    BIGINT NOT NULL CHECK (number > 0),
    signed_at BIGINT NOT NULL,
    expires   BIGINT NOT NULL,
    der       BLOB   NOT NULL,
    PRIMARY KEY (name, root)
);

-- What a stolen key has signed is found by it.
CREATE INDEX document_by_signer ON document (signer, state);
