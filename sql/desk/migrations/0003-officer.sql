-- SPDX-License-Identifier: Apache-2.0
-- Officers of a relying party who ask under their own number: 1 is invited, 2
-- active, 3 ended. Names of people are not here.
CREATE TABLE officer (
    id       BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    number   TEXT   NOT NULL,
    profiles TEXT   NOT NULL,
    state    BIGINT NOT NULL CHECK (state BETWEEN 1 AND 3),
    added    BIGINT NOT NULL,
    changed  BIGINT NOT NULL
);
CREATE UNIQUE INDEX officer_by_number ON officer (number);

CREATE TABLE officer_key (
    id       BLOB   NOT NULL PRIMARY KEY,
    officer  BLOB   NOT NULL CHECK (length(officer) = 16),
    point    BLOB   NOT NULL CHECK (length(point) = 65),
    counter  BIGINT NOT NULL,
    may_move BIGINT NOT NULL,
    moved    BIGINT NOT NULL,
    added    BIGINT NOT NULL,
    used     BIGINT NOT NULL
);
CREATE INDEX officer_key_by_officer ON officer_key (officer);

-- A log-in, by the hash of its token. SEALED: the reader certificate of these
-- hours with its key.
CREATE TABLE officer_login (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    officer BLOB   NOT NULL CHECK (length(officer) = 16),
    sealed  BLOB   NOT NULL,
    since   BIGINT NOT NULL,
    expires BIGINT NOT NULL CHECK (expires > since)
);
CREATE INDEX officer_login_by_expiry ON officer_login (expires);
