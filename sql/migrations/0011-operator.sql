-- SPDX-License-Identifier: Apache-2.0
-- Who works at the console, and the passkeys they log in with.

CREATE TABLE operator (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name    TEXT   NOT NULL UNIQUE,
    roles   BIGINT NOT NULL,
    state   BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    added   BIGINT NOT NULL,
    changed BIGINT NOT NULL
);

CREATE TABLE passkey (
    id       BLOB   NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 1023),
    operator BLOB   NOT NULL REFERENCES operator (id),
    point    BLOB   NOT NULL CHECK (length(point) = 65),
    counter  BIGINT NOT NULL,
    may_move BIGINT NOT NULL,
    moved    BIGINT NOT NULL,
    model    BLOB   NOT NULL,
    added    BIGINT NOT NULL,
    used     BIGINT NOT NULL
);
CREATE INDEX passkey_by_operator ON passkey (operator);
