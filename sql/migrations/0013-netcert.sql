-- SPDX-License-Identifier: Apache-2.0
-- Net certificates, and what their holders granted to relying parties.
--
-- Persons and numbers are keyed hashes; the number itself is sealed under the
-- person's key. SLOT is empty for the certificate of a person that is alive
-- (of which there is one), else the row's own id.

CREATE TABLE netcert (
    id      BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person  BLOB   NOT NULL CHECK (length(person) = 32),
    holder  BLOB   NOT NULL CHECK (length(holder) = 32),
    number  BLOB   NOT NULL CHECK (length(number) = 32),
    slot    BLOB   NOT NULL CHECK (length(slot) IN (0, 16)),
    state   BIGINT NOT NULL CHECK (state BETWEEN 1 AND 5),
    version BIGINT NOT NULL,
    level   BIGINT NOT NULL CHECK (level BETWEEN 1 AND 4),
    sealed  BLOB   NOT NULL,
    device  BLOB   NOT NULL,
    opened  BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    UNIQUE (person, slot),
    UNIQUE (number, slot)
);
CREATE INDEX netcert_by_expiry ON netcert (expires);

CREATE TABLE item_grant (
    id        BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person    BLOB   NOT NULL CHECK (length(person) = 32),
    party     TEXT   NOT NULL,
    item      TEXT   NOT NULL,
    granted   BIGINT NOT NULL,
    ends      BIGINT NOT NULL,
    withdrawn BIGINT NOT NULL,
    UNIQUE (person, party, item)
);
