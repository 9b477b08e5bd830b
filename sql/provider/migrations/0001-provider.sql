-- SPDX-License-Identifier: Apache-2.0
-- All that a wallet provider keeps. No person, no document, no key, no address,
-- and no moment more exact than a day.

CREATE TABLE fact (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

-- A wallet that may ask for attestations, by a keyed hash of its key's
-- thumbprint.
CREATE TABLE instance (
    hash  BLOB   NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    state BIGINT NOT NULL CHECK (state BETWEEN 1 AND 2),
    day   BIGINT NOT NULL
);
CREATE INDEX instance_by_day ON instance (day);

-- What a wallet sealed for itself; whose it is, nobody but that wallet knows.
CREATE TABLE backup (
    hash    BLOB   NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    token   BLOB   NOT NULL CHECK (length(token) = 32),
    version BIGINT NOT NULL CHECK (version > 0),
    day     BIGINT NOT NULL,
    sealed  BLOB   NOT NULL
);
CREATE INDEX backup_by_day ON backup (day);

-- Nonces that were used, as the authority has them.
CREATE TABLE once (
    kind    BIGINT NOT NULL,
    hash    BLOB   NOT NULL,
    expires BIGINT NOT NULL,
    payload BLOB   NOT NULL,
    PRIMARY KEY (kind, hash)
);
CREATE INDEX once_by_expiry ON once (expires);

CREATE TABLE lease (
    name  TEXT   NOT NULL PRIMARY KEY,
    owner BLOB   NOT NULL CHECK (length(owner) = 16),
    until BIGINT NOT NULL,
    fence BIGINT NOT NULL CHECK (fence > 0)
);
