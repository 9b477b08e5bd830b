-- SPDX-License-Identifier: Apache-2.0
-- Passkeys that persons have bound: who it is, by keyed hashes only.

CREATE TABLE person_passkey (
    id       BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    holder   BLOB   NOT NULL CHECK (length(holder) = 32),
    lookup   BLOB   NOT NULL CHECK (length(lookup) = 32),
    point    BLOB   NOT NULL CHECK (length(point) = 65),
    level    BIGINT NOT NULL,
    counter  BIGINT NOT NULL,
    may_move BIGINT NOT NULL,
    moved    BIGINT NOT NULL,
    added    BIGINT NOT NULL,
    used     BIGINT NOT NULL
);
CREATE INDEX person_passkey_by_holder ON person_passkey (holder);
